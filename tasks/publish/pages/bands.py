"""Years of publication in bands, so that they can stand on an axis of the map."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

WIDTHS = (1, 2, 5, 10, 20, 50, 100, 1000)
MOST = 8  # bands that fit beside one another
NO_YEAR = "no year given"


def width(years: Iterable[int | None]) -> int:
    """The narrowest width, in years, that needs no more than `MOST` bands for these years."""
    known = sorted({year for year in years if year is not None})
    return next((one for one in WIDTHS if known and known[-1] // one - known[0] // one < MOST), WIDTHS[0])


def band(year: int | None, wide: int) -> str:
    """The band of a year, as it is shown: ``1995–1999``, ``2001``, or that no year is given."""
    if year is None:
        return NO_YEAR
    first = year - year % wide
    return f"{first}–{first + wide - 1}" if wide > 1 else str(first)


def bands(years: Iterable[int | None]) -> list[str]:
    """The bands from the first of these years to the last, those without a year at the end."""
    listed = list(years)
    known = [year for year in listed if year is not None]
    wide = width(listed)
    told = [name for name, _ in groupby(band(year, wide) for year in range(min(known), max(known) + 1))] if known else []
    return [*told, *([NO_YEAR] if None in listed else [])]
