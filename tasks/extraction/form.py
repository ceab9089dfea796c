"""The coding form: the columns of a sheet that ask for codes, and a coding as the rows of such a sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tasks.formats.question import Choice, Question, gathered
from tasks.formats.words import quoted
from tasks.formats.worklist import LEADING, REFERENCE, Row, Sheet
from warehouse.configuration import number
from warehouse.configuration.codebook import NOT_REPORTED, Code, Codebook, Dimension

ROLES = {
    "coding": "coder", "reconciliation": "reconciler", "verification": "verifier", "appraisal": "appraiser",
    "appraisal_reconciliation": "appraisal_reconciler",
}  # fmt: skip
OTHERS = ("group", "differs", "quote", "page", "verdict", "note", "decided_on")
_TAKEN = frozenset((*LEADING, *REFERENCE, *OTHERS))

_NOT_REPORTED = "you have looked, and the report does not say; a cell left empty says nothing"
SPARE = 2  # empty rows after each paper of a workbook, for further groups of codes
_WITHIN = ("Of codes that are within one another give the narrowest that you know: a study counts at the wider ones, too.",)
_WHAT = {
    "coding": "Code each study by the codebook. Where one that you have coded comes again with a new report, and nothing of "
    "what is filled in changes, give the day on which you read it in decided_on.",
    "reconciliation": "Two people coded these studies. Cells on which they agree are filled in; decide those that differ.",
    "verification": "Compare each coding with the report: agree, or change the cells, write change, and say why in the note.",
    "appraisal": "Two people judge each of these studies, each alone: judge it by the report, and do not ask the other.",
    "appraisal_reconciliation": "Two people judged these. Cells on which they agree are filled in; decide those that differ.",
}

Place = tuple[int, str]  # group number (0: the study as a whole) and dimension
Values = Mapping[Place, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person says of one study. ``quotes`` holds (quote, page) by group; ``stands`` is false if it was replaced.

    ``again``: the codebook has changed so that it is to be made again. ``role``: as what the person said it (log.coding).
    """

    reviewer: str
    values: Values
    quotes: Mapping[int, tuple[str, str]]
    stands: bool = True
    again: bool = False
    role: str = "coder"

    @property
    def groups(self) -> tuple[int, ...]:
        """Its groups in order; one if it has codes of the study as a whole only."""
        return tuple(sorted({group for group, _ in self.values if group > 0})) or (1,)


def place(group: int, dimension: Dimension) -> Place:
    """Where a code of a row with that group number belongs: in the group, or to the study as a whole."""
    return (max(group, 1) if dimension.grouped else 0, dimension.id)


def column(dimension: Dimension) -> str:
    """Name of a dimension's column: its id, unless the sheet has a column of that name for something else (``year``)."""
    return f"{dimension.id}_code" if dimension.id in _TAKEN else dimension.id


def cells_of(dimension: Dimension) -> tuple[str, ...]:
    """All columns in which a sheet may say something on a dimension: its own, and one for each code."""
    asked = question(dimension)
    return (column(dimension), *(asked.headings() if dimension.multiple else ()), *asked.unit_columns)


def asked_by(task: str, codebook: Codebook, columns: Collection[str] = ()) -> Codebook:
    """The dimensions that a task asks for: a coder's form has all; of the other tasks, each has those of its own part.

    What two people judge of every study (``appraisers: 2``) is neither verified by a person who sees the judgement nor
    reconciled with what was coded. A sheet that was sent before there were two has it in its ``columns``, and asks for it.
    """
    if task == "coding" or not codebook.appraised:
        return codebook
    of_two = task in ("appraisal", "appraisal_reconciliation")
    return codebook.only(lambda one: (one.appraisers == 2) == of_two or not set(cells_of(one)).isdisjoint(columns))


def columns(task: str, codebook: Codebook) -> tuple[str, ...]:
    """All columns of a sheet for a task of this stage. ``codebook`` has what the task asks for (`asked_by`)."""
    differs = ("differs",) if task in ("reconciliation", "appraisal_reconciliation") else ()
    verdict = ("verdict", "note") if task == "verification" else ()
    codes = tuple(column(dimension) for dimension in codebook.dimensions)
    return (*LEADING, *REFERENCE, "group", *codes, *differs, "quote", "page", *verdict, "decided_on")


def is_grouped(codebook: Codebook) -> bool:
    """Whether anything is coded once for each group of things that belong together within a study."""
    return any(dimension.grouped for dimension in codebook.dimensions)


def questions(task: str, codebook: Codebook) -> tuple[Question, ...]:
    """The columns that a task of this stage asks for."""
    asked = [question(dimension) for dimension in codebook.dimensions]
    if is_grouped(codebook):
        asked.insert(0, Question("group", "number", "Codes in rows of one number belong together; each number is one row."))
    asked.append(Question("quote", "text", "The words of the report that the codes rest on."))
    asked.append(Question("page", "text", "The page of the quote."))
    if task == "verification":
        verdicts = (Choice("agree", "", "every cell is right as it stands"), Choice("change", "", "the cells were put right"))
        asked.append(Question("verdict", "one", "What you say of the coding.", verdicts))
        asked.append(Question("note", "text", "For a change: why."))
    asked.append(Question("decided_on", "date", "The day, such as 2026-01-31; may stay empty."))
    return tuple(asked)


def question(dimension: Dimension) -> Question:
    """What a dimension of the codebook asks."""
    told = ": ".join(part for part in (dimension.label, dimension.definition) if part)
    names = {code.id: code.label for code in dimension.codes}
    choices = tuple(
        Choice(code.id, code.label, _meaning(code), tuple(names[above] for above in dimension.wider(code.id)), code.specify)
        for code in dimension.codes
    )
    if dimension.not_reported:
        if dimension.codes:
            choices += (Choice(NOT_REPORTED, "", _NOT_REPORTED),)
        else:
            told += f" Or write {NOT_REPORTED}: {_NOT_REPORTED}."
    if dimension.number:
        several = ", several with semicolons between" if dimension.multiple else ""
        told += f" A number in digits{several}{_unit(dimension.number.units)}."
        return Question(column(dimension), "text", told, units=dimension.number.units)
    kind: Literal["text", "several", "one"] = "text" if dimension.text else "several" if dimension.multiple else "one"
    return Question(column(dimension), kind, told, choices)


def _unit(units: tuple[str, ...]) -> str:
    if len(units) < 2:
        return f", in {units[0]}" if units else ""
    return f", with its unit: {', '.join(units)} (in a workbook in the cell beside it)"


def _meaning(code: Code) -> str:
    words = f"write what it is: {code.id}: your words (in a column of its own the words alone)" if code.specify else ""
    return "; ".join(part for part in (code.definition, words) if part)


def guide(task: str, codebook: Codebook) -> tuple[str, ...]:
    """What to do, in sentences."""
    groups = (
        f"A study on several interventions has a row for each, with a group number of its own: {SPARE} empty rows follow each "
        "study. Need more? Unprotect the sheet and copy one. What is coded once for the whole study stands in its first row.",
    )
    return (
        f"{_WHAT[task]} Codebook, version {codebook.version}.",
        *_changed(codebook),
        "Fill in the yellow columns. A study left empty stays open; a study is taken whole or not at all.",
        *(groups if is_grouped(codebook) else ()),
        *(_WITHIN if any(code.within for dimension in codebook.dimensions for code in dimension.codes) else ()),
        "Grey cells tell which row is which. A row whose id and title were moved apart comes back with the reason.",
        "The sheet is locked without a password (Review, Unprotect Sheet).",
    )


def _changed(codebook: Codebook) -> tuple[str, ...]:
    """What somebody has to know who sees a coding that was made by an earlier version."""
    told = []
    for change in codebook.changes:
        for one in change.codes:
            if len(one.becomes) > 1 and _is_asked(one.dimension, change.to, codebook):
                told.append(f"{one.dimension}: {one.code} is now {' or '.join(one.becomes)}")
        told += [f"{dimension} is new" for dimension in change.ask if _is_asked(dimension, change.to, codebook)]
    if not told:
        return ()
    return (
        f"The codebook has changed ({'; '.join(told)}). A study that was coded before shows what still holds: fill in the "
        "rest. Where nothing applies, give the day in decided_on.",
    )


def _is_asked(dimension: str, version: str, codebook: Codebook) -> bool:
    """Whether a dimension of an earlier version is in the form."""
    named, _ = codebook.now(version, dimension, "")
    return named is not None and codebook.dimension(named) is not None


def in_one_cell(sheet: Sheet, codebook: Codebook) -> Sheet:
    """The sheet with what yes/no columns and cells of units (`tasks.formats.question`) say in the cell of their dimension."""
    asked = [question(dimension) for dimension in codebook.dimensions if dimension.multiple or dimension.number]
    asked = [one for one in asked if {*one.headings(), *one.unit_columns} & set(sheet.columns)]
    rows = (Row(row.line, row.values | {one.column: gathered(row.values, one) for one in asked}) for row in sheet.rows)
    return Sheet(sheet.columns, tuple(rows)) if asked else sheet


def cell(codes: frozenset[str], dimension: Dimension) -> str:
    """The codes of one cell, in the codebook's order, with the words of those that were specified."""
    if dimension.number:
        return "; ".join(sorted(codes, key=_size))
    order = {code.id: position for position, code in enumerate(dimension.codes)}
    written = {}
    for answer in codes:
        code, _, words = answer.partition(": ")
        if words and code in order:
            written[f"{code}: {quoted(words)}"] = order[code]
        else:
            written[answer] = order.get(answer, len(order))
    return "; ".join(sorted(written, key=lambda answer: (written[answer], answer)))


def _size(answer: str) -> tuple[bool, str, Decimal]:
    """By unit and then by size; "not reported" last."""
    if answer == NOT_REPORTED:
        return True, "", Decimal(0)
    count, unit = number.parts(answer)
    return False, unit, Decimal(count)


def filled(coding: Coding, codebook: Codebook) -> list[dict[str, str]]:
    """The entry cells of a coding: a row for each group, codes of the study as a whole in the first."""
    grouped = is_grouped(codebook)
    rows = []
    for position, group in enumerate(coding.groups):
        quote, page = coding.quotes.get(group) or (coding.quotes.get(0, ("", "")) if position == 0 else ("", ""))
        row = {"group": str(group) if grouped else "", "quote": quote, "page": page}
        for dimension in codebook.dimensions:
            if dimension.grouped or position == 0:
                row[column(dimension)] = cell(coding.values.get(place(group, dimension), frozenset()), dimension)
        rows.append(row)
    return rows
