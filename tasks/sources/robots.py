"""What robots.txt of a site allows (RFC 9309), read with protego."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

TOKEN = "evimap"
READ = 512 * 1024  # bytes at least that have to be read (RFC 9309, 2.5)
LONGEST = 60.0  # seconds; a longer delay is taken for a mistake of the site


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
    parsed = Protego.parse(body[:READ].decode("utf-8-sig", "replace"))
    rate = parsed.request_rate(TOKEN)
    asked = [parsed.crawl_delay(TOKEN), rate.seconds / rate.requests if rate and rate.requests else None]
    delays = [min(float(one), LONGEST) for one in asked if one is not None]
    return Robots(parsed, max(delays, default=None))
