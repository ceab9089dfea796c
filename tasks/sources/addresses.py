"""Addresses of web pages that may be asked for: those of the same site, and none that a site makes without end."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote, quote_plus, urlsplit

from tasks.formats.addresses import PORTS, host

DEEPEST = 12  # segments of a path
LONGEST = 1_000  # letters of an address
OFTENEST = 2  # times that one segment may stand in a path


def filled(url: str, query: str) -> str:
    """The address with the search string in the place of ``{query}``; in a path a space is no plus sign."""
    path, mark, params = url.partition("?")
    return path.replace("{query}", quote(query, safe="")) + mark + params.replace("{query}", quote_plus(query))


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one host, with or without ``www.``; no other part of a name is guessed about."""
    return (site := _site(one)) is not None and site == _site(other)


def _site(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        name, port = host(parts).removeprefix("www."), parts.port
    except ValueError:
        return None
    return (name, None if port in PORTS.values() else port) if name else None


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
