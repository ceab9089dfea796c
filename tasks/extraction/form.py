"""The coding form: the columns of a sheet that ask for codes, and a coding as the rows of such a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.formats.worklist import LEADING, REFERENCE
from warehouse.review import Codebook, Dimension

ROLES = {"coding": "coder", "reconciliation": "reconciler", "verification": "verifier"}
OTHERS = ("group", "differs", "quote", "page", "verdict", "note", "decided_on")
_TAKEN = frozenset((*LEADING, *REFERENCE, *OTHERS))

Place = tuple[int, str]  # group number (0: the study as a whole) and dimension
Values = Mapping[Place, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person says of one study. ``quotes`` holds (quote, page) by group; ``stands`` is false if it was replaced."""

    reviewer: str
    values: Values
    quotes: Mapping[int, tuple[str, str]]
    stands: bool = True

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


def columns(task: str, codebook: Codebook) -> tuple[str, ...]:
    """All columns of a sheet for a task of this stage."""
    differs = ("differs",) if task == "reconciliation" else ()
    verdict = ("verdict", "note") if task == "verification" else ()
    codes = tuple(column(dimension) for dimension in codebook.dimensions)
    return (*LEADING, *REFERENCE, "group", *codes, *differs, "quote", "page", *verdict, "decided_on")


def cell(codes: frozenset[str], dimension: Dimension) -> str:
    """The codes of one cell, in the codebook's order."""
    order = {code.id: position for position, code in enumerate(dimension.codes)}
    return "; ".join(sorted(codes, key=lambda code: (order.get(code, len(order)), code)))


def filled(coding: Coding, codebook: Codebook) -> list[dict[str, str]]:
    """The entry cells of a coding: a row for each group, codes of the study as a whole in the first."""
    grouped = any(dimension.grouped for dimension in codebook.dimensions)
    rows = []
    for position, group in enumerate(coding.groups):
        quote, page = coding.quotes.get(group) or (coding.quotes.get(0, ("", "")) if position == 0 else ("", ""))
        row = {"group": str(group) if grouped else "", "quote": quote, "page": page}
        for dimension in codebook.dimensions:
            if dimension.grouped or position == 0:
                row[column(dimension)] = cell(coding.values.get(place(group, dimension), frozenset()), dimension)
        rows.append(row)
    return rows
