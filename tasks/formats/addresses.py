"""Addresses of web pages: where a link leads, and when two addresses are the same page.

Canonical forms follow RFC 3986, 6.2.2 and 6.2.3, and go no further than that: what a site does with its paths and the order of
its parameters is its own affair. Only parameters that say where a reader came from are dropped.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|"
    r"mkt_tok|vero_id|oly_enc_id|oly_anon_id|pk_\w+|mtm_\w+|at_medium|at_campaign",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def absolute(base: str, link: str) -> str | None:
    """The address that a link on a page leads to, without its fragment; None for what is no page of the web."""
    try:
        found = urljoin(base, link.strip())
        parts = urlsplit(found)
        if parts.scheme not in PORTS or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    return urlunsplit(parts._replace(fragment=""))


def canonical(url: str) -> str:
    """One form for addresses that are sure to be the same page; an address that cannot be read stays as it is."""
    try:
        parts = urlsplit(url.strip())
        authority = _authority(parts)
    except ValueError:
        return url
    if parts.scheme.lower() not in PORTS or not authority:
        return url
    kept = [one for one in parts.query.split("&") if one and not _TRACKING.fullmatch(one.partition("=")[0])]
    path = _escapes(_without_dots(parts.path)) or "/"
    return urlunsplit((parts.scheme.lower(), authority, path, _escapes("&".join(kept)), ""))


def host(parts: SplitResult) -> str:
    """The host in the form in which it is looked up. Raises ValueError for a name that no host has."""
    name = (parts.hostname or "").rstrip(".")
    return name if name.isascii() else name.encode("idna").decode()


def _authority(parts: SplitResult) -> str:
    name = host(parts)
    name = f"[{name}]" if ":" in name else name
    return name if parts.port in (None, PORTS.get(parts.scheme.lower())) else f"{name}:{parts.port}"


def _escapes(value: str) -> str:
    """Escapes in capitals, and none for letters that need none."""

    def one(match: re.Match[str]) -> str:
        letter = chr(int(match[1], 16))
        return letter if _UNRESERVED.fullmatch(letter) else match[0].upper()

    return _ESCAPE.sub(one, value)


def _without_dots(path: str) -> str:
    """The path without ``.`` and ``..`` (RFC 3986, 5.2.4)."""
    found: list[str] = []
    segments = path.split("/")
    for number, segment in enumerate(segments):
        if segment == "..":
            if len(found) > 1:
                found.pop()
        elif segment != ".":
            found.append(segment)
            continue
        if number == len(segments) - 1:
            found.append("")
    return "/".join(found)
