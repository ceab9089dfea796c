"""A view of the map as the rows, heads and cells of one HTML table, for any number of axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import sqrt

from tasks.publish.pages.counting import Codes, Count, Held, Key, count
from tasks.publish.pages.reading import Row
from warehouse.configuration.codebook import Codebook, Dimension
from warehouse.configuration.protocol import View

LARGEST = 21.0  # radius of the largest bubble in px
ROUND, PER_DIGIT = 5.0, 4.0  # px: the smallest bubble goes round its number, however many digits that has
HEATS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table. ``empty`` says why there is none: none_found, not_yet_coded, not_specified."""

    key: str  # codes of the row, a slash, codes of the column
    count: Count
    empty: str | None = None
    ungrouped: int = 0
    radius: float = 0
    heat: int = 0
    first: bool = False  # in the first column of a block


@dataclass(frozen=True, slots=True)
class Head:
    """A head of a column, or of several that share it."""

    key: str
    label: str
    definition: str | None
    span: int
    first: bool  # starts a block of columns that share an outer head


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; a head of rows below it (``cells`` is empty) where the view has several row axes."""

    key: str
    label: str
    definition: str | None
    depth: int
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Grid:
    """A view, ready for its table."""

    id: str
    title: str
    row_axes: list[str]
    column_axes: list[str]
    heads: list[list[Head]]
    lines: list[Line]
    totals: list[Cell]
    total: Cell
    most: int  # primary studies in the fullest cell
    absolute: int  # cells without a study
    synthesis: int  # cells with primary studies and no review
    ungrouped: bool


def joined(codes: Codes) -> str:
    """Codes as they stand in a cell's key; no id has a full stop."""
    return ".".join(codes)


def grid(
    view: View,
    book: Codebook,
    cells: list[Row],
    gaps: list[Row],
    groups: Mapping[str, list[Held]],
    kinds: Mapping[str, str | None],
) -> Grid:
    """The table of ``view``: numbers of cells from marts.evidence_map, those of totals counted by the same rule."""
    rows, columns = _axes(view.rows, book), _axes(view.columns, book)
    counts = count(view, groups, kinds)
    found = {
        tuple(row[f"code_{n}"] for n in range(1, len(rows) + len(columns) + 1)): row for row in cells if row["view"] == view.id
    }
    most = max((row["studies"] for row in found.values()), default=0)
    gap = {row["kind"]: row["n"] for row in gaps if row["view"] == view.id}
    across = list(product(*([code.id for code in axis.codes] for axis in columns)))

    starts = {column for column in across if len(column) > 1 and column[-1] == columns[-1].codes[0].id}

    def total(codes: Codes, column: Codes = ()) -> Cell:
        key: Key = (codes, column)
        return Cell(f"{joined(codes)}/{joined(column)}", counts.get(key, Count()), first=column in starts)

    def inside(codes: Codes) -> list[Cell]:
        if len(codes) < len(rows):
            return []
        return [_cell(codes, column, found[codes + column], most, column in starts) for column in across]

    lines = [
        Line(joined(codes), label, definition, len(codes) - 1, inside(codes), total(codes))
        for codes, label, definition in _nested(rows)
    ]
    return Grid(
        id=view.id, title=view.title, row_axes=[axis.label for axis in rows], column_axes=[axis.label for axis in columns],
        heads=_heads(columns), lines=lines, totals=[total((), column) for column in across], total=total(()),
        most=most, absolute=gap.get("absolute", 0), synthesis=gap.get("synthesis", 0),
        ungrouped=any(row["ungrouped"] for row in found.values()),
    )  # fmt: skip


def _axes(names: tuple[str, ...], book: Codebook) -> list[Dimension]:
    """The dimensions of an axis; reading the review has made sure that they exist."""
    return [dimension for name in names if (dimension := book.dimension(name))]


def _cell(row: Codes, column: Codes, mart: Row, most: int, first: bool) -> Cell:
    n = mart["studies"]
    share = sqrt(n / most) if n else 0.0
    return Cell(
        key=f"{joined(row)}/{joined(column)}",
        count=Count(n, mart["reviews"], mart["ongoing"]),
        empty=mart["empty"],
        ungrouped=mart["ungrouped"],
        radius=round(max(ROUND + PER_DIGIT * len(f"{n:,}"), LARGEST * share), 1) if n else 0,
        heat=-(-HEATS * n // most) if n else 0,
        first=first,
    )


def _nested(axes: list[Dimension], before: Codes = ()) -> Iterator[tuple[Codes, str, str | None]]:
    """The rows in order, each outer code as a head before those within it."""
    if axes:
        for code in axes[0].codes:
            codes = (*before, code.id)
            yield codes, code.label, code.definition
            yield from _nested(axes[1:], codes)


def _heads(axes: list[Dimension]) -> list[list[Head]]:
    """One line of heads for each axis, the outermost first."""
    lines = []
    for depth, axis in enumerate(axes):
        span = 1
        for inner in axes[depth + 1 :]:
            span *= len(inner.codes)
        outer = list(product(*([code.id for code in one.codes] for one in axes[:depth])))
        lines.append([
            Head(joined((*codes, code.id)), code.label, code.definition, span, len(axes) > 1 and (depth == 0 or position == 0))
            for codes in outer
            for position, code in enumerate(axis.codes)
        ])  # fmt: skip
    return lines
