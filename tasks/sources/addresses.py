"""Addresses of web pages: when two are the same page, the same site, or a trap.

Canonical forms follow RFC 3986, 6.2.2 and 6.2.3, and go no further than that: what a site does with its paths and the order of
its parameters is its own affair. Only parameters that say where a reader came from are dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

DEEPEST = 12  # segments of a path
LONGEST = 1_000  # letters of an address
OFTENEST = 2  # times that one segment may stand in a path
_PORTS = {"http": 80, "https": 443}
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
        if parts.scheme not in _PORTS or not parts.hostname or parts.port == 0:
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
    if parts.scheme.lower() not in _PORTS or not authority:
        return url
    kept = [one for one in parts.query.split("&") if one and not _TRACKING.fullmatch(one.partition("=")[0])]
    path = _escapes(_without_dots(parts.path)) or "/"
    return urlunsplit((parts.scheme.lower(), authority, path, _escapes("&".join(kept)), ""))


def _authority(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _PORTS.get(parts.scheme.lower())) else f"{host}:{parts.port}"


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


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one host, with or without ``www.``; no other part of a name is guessed about."""
    return (site := _site(one)) is not None and site == _site(other)


def _site(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip(".").removeprefix("www."), parts.port
        if not host.isascii():
            host = host.encode("idna").decode()
    except ValueError:
        return None
    return (host, None if port in _PORTS.values() else port) if host else None


def trap(url: str) -> str | None:
    """Why an address looks like one of those that a site makes without end, or None."""
    if len(url) > LONGEST:
        return f"the address has {len(url):,} letters"
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    if len(segments) > DEEPEST:
        return f"its path has {len(segments)} segments"
    words = Counter(segment for segment in segments if not segment.isdecimal())
    often = [segment for segment, count in words.items() if count > OFTENEST]
    return f"its path has {often[0]!r} {words[often[0]]} times" if often else None
