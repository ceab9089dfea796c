"""What the rows of one study say, read against the codebook; or why they cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from tasks.extraction.form import Place, column, place, question
from tasks.formats.question import neither
from tasks.formats.words import parted, unquoted
from tasks.formats.worklist import EXTRA, Row
from warehouse.configuration import number
from warehouse.configuration.codebook import NOT_REPORTED, Codebook, Dimension

_GROUP = re.compile(r"0*([1-9][0-9]{0,3})(?:[.,]0*)?")  # spreadsheet programs make 1.0 of 1
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T].*)?")  # spreadsheet programs add a time of day
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class Unreadable(Exception):
    """A cell does not say what it should; the text is for the person who filled it in."""


@dataclass(frozen=True, slots=True)
class Given:
    """One code as given, with what stood beside it in its row."""

    place: Place
    code: str
    quote: str | None
    page: str | None
    decided_on: date | None


@dataclass(slots=True)
class Answers:
    """The codes of one study, the days given, and by row number the reasons why it cannot be taken."""

    given: dict[tuple[Place, str], Given] = field(default_factory=dict)
    faults: dict[int, list[str]] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)

    def fault(self, line: int, reason: str) -> None:
        """Notes one more reason against a row."""
        self.faults.setdefault(line, []).append(reason)

    @property
    def values(self) -> dict[Place, frozenset[str]]:
        """The codes by place."""
        found: dict[Place, set[str]] = {}
        for at, code in self.given:
            found.setdefault(at, set()).add(code)
        return {at: frozenset(codes) for at, codes in found.items()}


def read(rows: Sequence[Row], codebook: Codebook) -> Answers:
    """The codes of one study from its filled rows; the same code given twice in one place is one, with its first quote."""
    answers = Answers()
    former = {dimension.id: codebook.former(dimension.id) for dimension in codebook.dimensions}
    units = {dimension.id: codebook.former_units(dimension.id) for dimension in codebook.dimensions if dimension.number}
    for row in rows:
        if row.values.get(EXTRA):
            answers.fault(row.line, f"the row goes on after the last column: {row.values[EXTRA][:80]!r}")
        try:
            group, decided_on = read_group(row.values.get("group", "")), read_date(row.values.get("decided_on", ""))
        except Unreadable as error:
            answers.fault(row.line, str(error))
            continue
        if decided_on:
            answers.days.append(decided_on)
        quote, page = row.values.get("quote") or None, row.values.get("page") or None
        for dimension in codebook.dimensions:
            at = place(group, dimension)
            for reason in neither(row.values, question(dimension)) if dimension.multiple else ():
                answers.fault(row.line, reason)
            try:
                codes = read_codes(
                    row.values.get(column(dimension), ""), dimension, former[dimension.id], units.get(dimension.id)
                )
            except Unreadable as error:
                answers.fault(row.line, str(error))
                continue
            for code in codes:
                answers.given.setdefault((at, code), Given(at, code, quote, page, decided_on))
            there = {other for where, other in answers.given if where == at}
            if not dimension.multiple and len(dimension.narrowest(there)) > 1:
                answers.fault(row.line, f"{dimension.id} takes one code, and another row gave another one")
            elif dimension.not_reported and NOT_REPORTED in there and len(there) > 1:
                answers.fault(row.line, f"{dimension.id} is {NOT_REPORTED}, and has an answer as well: which holds?")
    if rows and not answers.faults:
        named = {dimension for (_, dimension), _ in answers.given}
        for dimension in codebook.dimensions:
            if dimension.required and dimension.id not in named:
                answers.fault(rows[0].line, f"{dimension.id} is required, and empty")
    return answers


def read_codes(
    text: str,
    dimension: Dimension,
    former: Mapping[str, tuple[str, ...]] | None = None,
    units: Mapping[str, str] | None = None,
) -> list[str]:
    """The codes of one cell: ids or labels, whatever their case; several with semicolons between where the dimension allows.

    ``former`` has codes of earlier versions of the codebook with what became of them: a form that was sent before they changed
    may still name them. ``units`` has units of earlier versions with what they are called today.
    """
    if dimension.not_reported and " ".join(text.split()).casefold() == NOT_REPORTED:
        return [NOT_REPORTED]
    if dimension.text or not text:
        return [text] if text else []
    if dimension.number:
        return _numbers(text, dimension, units or {})
    whole = dimension.named(text)
    if whole:
        return [whole]
    parts = parted(text)
    if not parts:
        raise Unreadable(f"{dimension.id}: {text!r} is no code")
    codes = []
    for part in parts:
        code = dimension.named(part)
        if code is None and part.casefold() not in (former or {}):
            code = _specified(part, dimension)
        if code is None:
            code = _renamed(part, dimension, former or {})
        codes.append(code)
    codes = [code for code in codes if not any(one.startswith(f"{code}: ") for one in codes)]
    if not dimension.multiple and len(dimension.narrowest(codes)) > 1:
        raise Unreadable(f"{dimension.id} takes one code, not {len(set(codes))}")
    return list(dict.fromkeys(codes))


def _numbers(text: str, dimension: Dimension, former: Mapping[str, str]) -> list[str]:
    """The numbers of one cell, each with its unit."""
    units = dimension.number.units if dimension.number else ()
    found = []
    for part in parted(text):
        try:
            found.append(number.read(part, units, former))
        except number.NoNumber as error:
            raise Unreadable(f"{dimension.id}: {error}") from None
    if not dimension.multiple and len(set(found)) > 1:
        raise Unreadable(f"{dimension.id} takes one number, not {len(set(found))}")
    return list(dict.fromkeys(found))


def _renamed(part: str, dimension: Dimension, former: Mapping[str, tuple[str, ...]]) -> str:
    became = former.get(part.casefold())
    if became is None:
        quotes = '; words with a semicolon in them stand in quotes: other: "this; that"'
        hint = quotes if any(code.specify for code in dimension.codes) else ""
        raise Unreadable(f"{dimension.id} has no code {part!r}; {_nearest(part, dimension)}{hint}")
    if len(became) != 1:
        now = f"is now {' or '.join(became)}: say which" if became else "is no longer asked"
        raise Unreadable(f"{dimension.id}: {part} {now}")
    return became[0]


def _specified(part: str, dimension: Dimension) -> str | None:
    """``other: housing first`` as it is kept, if that is a code to be specified; without words it is the code alone."""
    head, _, words = part.partition(":")
    code = next((one.id for one in dimension.codes if one.specify and one.id == dimension.named(head)), None)
    said = unquoted(words.strip())
    return f"{code}: {said}" if code and said else code


def read_group(text: str) -> int:
    """A group number, 1 where none is given."""
    if not text:
        return 1
    number = _GROUP.fullmatch(text)
    if not number:
        raise Unreadable(f"group {text!r} is not a number from 1")
    return int(number[1])


def read_date(text: str) -> date | None:
    """A day as 2024-05-03 or 03/05/2024 (day first), if one is given."""
    if not text:
        return None
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
    except ValueError:
        pass  # the thirtieth of February: told like any other text that is no date
    raise Unreadable(f"decided_on {text!r} is no date; write 2024-05-03 or 03/05/2024")


def _nearest(text: str, dimension: Dimension) -> str:
    names = {name.casefold(): code for code in dimension.codes for name in (code.label, code.id)}
    code = names[get_close_matches(text.casefold(), names, n=1, cutoff=0)[0]]
    return f"the nearest is {code.id} ({code.label})"
