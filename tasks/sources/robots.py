"""What robots.txt of a site allows (RFC 9309), read with protego.

protego takes a name in the file for ours if it is the beginning of ours; by the standard (2.2.1) the names have to be the
same, a version behind it apart. In one thing it allows more than the standard: who opens /index.html, opens its folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from tasks.formats.text import decode

TOKEN = "evimap"
READ = 512 * 1024  # bytes at least that have to be read (RFC 9309, 2.5)
LONGEST = 60.0  # seconds; a longer delay is taken for a mistake of the site
_AGENT = re.compile(r"\s*user[- ]?agent(?:\s*:\s*|\s+)(?P<name>[A-Za-z_-]+)", re.IGNORECASE)
_ANOTHER = "-"  # a name that is not the beginning of ours


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site. ``delay`` is what it asks for between two requests, in seconds (outside the RFC, honoured)."""

    _rules: Protego | None
    delay: float | None = None
    everything: bool = True  # without rules: whether all is allowed, or nothing

    def allows(self, url: str) -> bool:
        """Whether the page may be asked for."""
        return self.everything if self._rules is None else bool(self._rules.can_fetch(url, TOKEN))


def rules(status: int | None, body: bytes) -> Robots:
    """The rules that follow from an answer: 2xx is read, 4xx allows all, 5xx and no answer (None) allow nothing."""
    if status is None or status >= 500:
        return Robots(None, everything=False)
    if not 200 <= status < 300:
        return Robots(None)
    parsed = Protego.parse("\n".join(_named(line) for line in decode(_whole_lines(body)).lines))
    rate = parsed.request_rate(TOKEN)
    asked = [parsed.crawl_delay(TOKEN), rate.seconds / rate.requests if rate and rate.requests else None]
    delays = [min(float(one), LONGEST) for one in asked if one is not None]
    return Robots(parsed, max(delays, default=None))


def _whole_lines(body: bytes) -> bytes:
    """What is read of the file, up to the end of a line: half a rule allows or forbids what nobody meant."""
    if len(body) <= READ:
        return body
    read = body[:READ]
    return read[: max(read.rfind(b"\n"), read.rfind(b"\r")) + 1]


def _named(line: str) -> str:
    """The line with a name that protego takes for ours only if it is."""
    agent = _AGENT.match(line)
    if agent is None:
        return line
    return f"User-agent: {TOKEN if agent['name'].lower() == TOKEN else _ANOTHER}"
