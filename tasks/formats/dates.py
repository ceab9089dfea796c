"""Dates as bibliographic exports write them: ``2021/06//``, ``12 June 2021``, ``2021 Jun 5``, ``Summer2021``, ``DEC``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d|2100)(?!\d)")
_MONTH = (
    r"(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_NAMED = re.compile(
    rf"(?:(?<![\d\-–/])(?P<before>\d{{1,2}})(?:st|nd|rd|th)?[ \-/]*(?:of +)?)?(?P<month>{_MONTH})"
    r"(?:[ \-/]*(?P<after>\d{1,2})(?:st|nd|rd|th)?(?![\d\-–/a-z]))?",
    re.IGNORECASE,
)
_PARTED = re.compile(r"(\d{4})(?:[/.-](\d{1,2})?(?:[/.-](\d{1,2})?)?)?(?:/(.*)|[ T][\d:.]+(?:Z|[+-][\d:]+)?)?", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_WITHIN = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")  # "Start date: 20170812"


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as its source; ``rest`` when the source said something more, such as a season or a second month."""

    year: int | None = None
    iso: str | None = None
    rest: bool = False


@lru_cache(maxsize=4096)
def read(value: str, year: int | None = None) -> Date:
    """Read a date; ``year`` helps a value that has none of its own (Web of Science: ``DA  - DEC`` beside ``PY  - 2019``).

    Dates like 05/06/2021 give only their year: nothing tells the day from the month.
    """
    parted = _COMPACT.fullmatch(value) or _PARTED.fullmatch(value)
    if parted and _YEAR.fullmatch(parted[1]):
        tail = parted[4] if parted.re is _PARTED else None
        number, month, day = int(parted[1]), int(parted[2] or 0), int(parted[3] or 0)
        iso = _iso(number, month, day)
        if not month and tail and len(tail) <= 20 and _NAMED.search(tail):  # "2020///Jun2020"
            said = read(tail, number)
            if said.year == number and said.iso != str(number):
                return said
        lost = bool(month) and len(iso) < (10 if day else 7)
        return Date(number, iso, lost or bool(tail and tail.strip(" /")))
    own = _YEAR.search(value)
    if own is None and (within := _WITHIN.search(value)):
        return Date(int(within[1]), _iso(*map(int, within.groups())), _said_more(value.replace(within[0], "")))
    if own:
        year, value = int(own[1]), value[: own.start()] + " " + value[own.end() :]
    if year is None:
        return Date()
    named = _NAMED.search(value)
    if named is None:
        return Date(year, str(year), _said_more(value)) if own else Date()
    month = _MONTHS.index(named["month"][:3].lower()) + 1
    day = int(named["before"] or named["after"] or 0)
    return Date(year, _iso(year, month, day), _said_more(value[: named.start()] + value[named.end() :]))


def _iso(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return str(year)
    if not 1 <= day <= monthrange(year, month)[1]:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{day:02}"


def _said_more(value: str) -> bool:
    return any(char.isalnum() for char in value)


def best(dates: list[Date]) -> Date:
    """The year of the first date that has one, with the most precise of the dates in that year."""
    year = next((date.year for date in dates if date.year is not None), None)
    isos = [date.iso for date in dates if date.year == year and date.iso]
    return Date(year, max(isos, key=len)) if isos else Date()
