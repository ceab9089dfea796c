"""A number with its unit, as a coder gives it and as it is kept: ``12.5 months``.

Kept is the number in plain decimal digits, without zeros that say nothing, and the unit in the codebook's words: so two people
who mean the same are seen to say the same, and nothing is converted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

MOST_DIGITS = 30
_NUMBER = re.compile(r"[+\-\u2212]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?(?![\d.,])")
_GROUPED = re.compile(r"[+\-\u2212]?\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?![\d.,])")
_THOUSANDS = re.compile(r"[+\-\u2212]?[1-9]\d{0,2}(?:,\d{3}|\.\d{2}0)")  # no number that is kept ends in a zero after its point
_SPACES = dict.fromkeys(map(ord, " \u00a0\u2009\u202f"))


class NoNumber(ValueError):
    """A text is no number, or its unit is none; the message says why, for the person who wrote it."""


def read(text: str, units: Sequence[str], former: Mapping[str, str] | None = None) -> str:
    """``12,5 Months`` as ``12.5 months``. A unit need not be given where there is just one. Raises `NoNumber`.

    ``former`` has units that are called otherwise now.
    """
    given = " ".join(text.split())
    found = _GROUPED.match(given) or _NUMBER.match(given)
    if found is None:
        raise NoNumber(f"{text!r} is no number; write it in digits, such as 12 or 12.5, and a range in words elsewhere")
    if _THOUSANDS.fullmatch(found[0]):
        plain, decimal = re.sub("[.,]", "", found[0]), found[0].replace(",", ".").rstrip("0").rstrip(".")
        raise NoNumber(f"{found[0]!r} could be {plain} or {decimal}; write the one that is meant, as here")
    number = Decimal(found[0].translate(_SPACES).replace(",", ".").replace("\u2212", "-"))
    digits = f"{number:f}" if number else "0"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if len(digits) > MOST_DIGITS:
        raise NoNumber(f"{found[0]!r} has more than {MOST_DIGITS} digits")
    return " ".join(part for part in (digits, _unit(given[found.end() :].strip(), units, former or {})) if part)


def parts(answer: str) -> tuple[str, str]:
    """Number and unit of an answer as it is kept; the unit is empty where there is none."""
    number, _, unit = answer.partition(" ")
    return number, unit


def is_valid(answer: str, units: Sequence[str]) -> bool:
    """Whether an answer that was kept is one of today."""
    try:
        return read(answer, units) == answer
    except NoNumber:
        return False


def _unit(given: str, units: Sequence[str], former: Mapping[str, str]) -> str:
    known = {name.casefold(): unit for name, unit in (*former.items(), *zip(units, units, strict=True))}
    if not given and len(units) < 2:
        return units[0] if units else ""
    if given.casefold() in known:
        return known[given.casefold()]
    if not units:
        raise NoNumber(f"{given!r} stands after the number; it is asked without a unit")
    listed = ", ".join(units)
    raise NoNumber(f"{given!r} is not one of its units: {listed}" if given else f"it has no unit; its units are {listed}")
