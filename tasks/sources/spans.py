"""Ranges of years, days or seconds by which a search is cut, where a source lets only so many of its hits be read.

A range that still has too many hits is halved. The name of a slice is its range as written here, and is read back from it, so
that a connector needs to remember nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

_DAY = 86_400
_TO = ".."


@dataclass(frozen=True, slots=True)
class Span:
    """A range with both ends in it: years, days (proleptic ordinals) or seconds since 1970, in UTC."""

    unit: Literal["year", "day", "second"]
    first: int
    last: int

    @property
    def bounds(self) -> tuple[str, str]:
        """Both ends as 2004, 2004-05-06 or 2004-05-06T07:08:09."""
        return _written(self.unit, self.first), _written(self.unit, self.last)

    @property
    def around(self) -> tuple[str, str]:
        """The years or days just before and just after, for sources whose limits leave out the ends."""
        return _written(self.unit, self.first - 1), _written(self.unit, self.last + 1)

    @property
    def name(self) -> str:
        """``2004..2010``, or ``2004`` where both ends are the same."""
        first, last = self.bounds
        return first if first == last else f"{first}{_TO}{last}"

    def halves(self) -> tuple[Span, ...]:
        """The range in two parts, or () where it is a single year, day or second."""
        if self.first >= self.last:
            return ()
        middle = (self.first + self.last) // 2
        return Span(self.unit, self.first, middle), Span(self.unit, middle + 1, self.last)

    def seconds(self) -> Span:
        """A range of days as seconds."""
        start = (self.first - date(1970, 1, 1).toordinal()) * _DAY
        return Span("second", start, start + (self.last - self.first + 1) * _DAY - 1)


def years(first: int, last: int) -> Span:
    """A range of years."""
    return Span("year", first, max(first, last))


def days(first: date, last: date) -> Span:
    """A range of days."""
    return Span("day", first.toordinal(), max(first, last).toordinal())


def read(name: str) -> Span:
    """The range that has this name."""
    first, _, last = name.partition(_TO)
    last = last or first
    if len(first) == len("2004"):
        return Span("year", int(first), int(last))
    if len(first) == len("2004-05-06"):
        return Span("day", date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())
    return Span("second", _second(first), _second(last))


def _second(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp())


def _written(unit: str, number: int) -> str:
    if unit == "year":
        return str(number)
    if unit == "day":
        return date.fromordinal(number).isoformat()
    return datetime.fromtimestamp(number, UTC).replace(tzinfo=None).isoformat(timespec="seconds")
