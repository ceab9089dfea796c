"""What a worklist asks for, column by column, and how a question with several answers is spread over yes/no columns.

In a CSV the codes of such a question stand in one cell, ``effectiveness; mechanisms``. In a workbook each code has a column of
its own, ``emmie: effectiveness``, in which people choose yes or no: a drop-down can hold one answer a cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tasks.formats.words import parted, quoted, unquoted

YES, NO = "yes", "no"
MOST_SPREAD = 40  # a question with more codes than a person can look along keeps one cell

_YES = frozenset({"yes", "y", "true", "1", "x"})  # what people write and what programs make of it
_NO = frozenset({"", "no", "n", "false", "0"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what is written into the cell, what it is called, what it means, and the names of what it is within."""

    value: str
    label: str = ""
    meaning: str = ""
    within: tuple[str, ...] = ()
    specify: bool = False  # people write what it is: "other: housing first", and in its yes/no column the words alone


@dataclass(frozen=True, slots=True)
class Question:
    """A column that people fill in; ``choices`` are all legal answers of the kinds ``one`` and ``several``."""

    column: str
    kind: Literal["one", "several", "text", "date", "number"]
    help: str = ""
    choices: tuple[Choice, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def unit_columns(self) -> tuple[str, ...]:
        """The column in which a workbook asks for the unit of a number; none where there is no choice."""
        return (f"{self.column}: unit",) if len(self.units) > 1 else ()

    @property
    def is_spread(self) -> bool:
        """Whether each of its answers has a yes/no column in a workbook."""
        return self.kind == "several" and 0 < len(self.choices) <= MOST_SPREAD

    def headings(self) -> dict[str, Choice]:
        """The names of those columns."""
        return {f"{self.column}: {choice.value}": choice for choice in self.choices}


def spread(text: str, question: Question) -> dict[str, str]:
    """The cells that say what ``text`` says; an answer that is none of the choices stays in the question's own column.

    So do numbers of several units: a cell beside them can say one.
    """
    for beside in question.unit_columns:
        ends = {unit for unit in question.units if all(one.endswith(f" {unit}") for one in parted(text))}
        if not text or not ends:
            return {question.column: text, beside: ""}
        unit = max(ends, key=len)
        return {question.column: "; ".join(one.removesuffix(f" {unit}") for one in parted(text)), beside: unit}
    answers = parted(text)
    cells = {heading: YES for heading, choice in question.headings().items() if choice.value in answers}
    known = {choice.value for choice in question.choices}
    for heading, choice in question.headings().items():
        own = [one for one in answers if choice.specify and one.startswith(f"{choice.value}: ")]
        if own:
            words = (unquoted(one.removeprefix(f"{choice.value}: ")) for one in own)
            cells[heading] = "; ".join(quoted(one, _YES | _NO) for one in words)
            known |= set(own)
    return cells | {question.column: "; ".join(answer for answer in answers if answer not in known)}


def gathered(values: Mapping[str, str], question: Question) -> str:
    """What the question's own column and its yes/no columns say together: as one cell, in the order of the choices."""
    headings = question.headings()
    own = values.get(question.column, "")
    for beside in question.unit_columns:
        unit = " ".join(values.get(beside, "").split())
        return "; ".join(_with_unit(one, unit) for one in parted(own)) if unit and parted(own) else own or unit
    if not headings.keys() & values.keys():
        return own
    said = {part.casefold(): part for part in parted(own)}
    answers = []
    for heading, choice in headings.items():
        beside = said.pop(choice.value.casefold(), "")
        cell = values.get(heading, "").strip()
        if choice.specify and cell.casefold() not in _YES | _NO:
            answers += [f"{choice.value}: {quoted(unquoted(words))}" for words in parted(cell)]
        elif beside or cell.casefold() in _YES:
            answers.append(choice.value)
    return "; ".join((*answers, *said.values()))


def _with_unit(answer: str, unit: str) -> str:
    return answer if answer.casefold().endswith(f" {unit.casefold()}") else f"{answer} {unit}"


def neither(values: Mapping[str, str], question: Question) -> list[str]:
    """What is wrong with its yes/no cells, in words for the person who filled them in."""
    asked = question.headings().items()
    given = {heading: values.get(heading, "").strip() for heading, choice in asked if not choice.specify}
    return [f"{at}: {text!r} is neither yes nor no" for at, text in given.items() if text.casefold() not in _YES | _NO]
