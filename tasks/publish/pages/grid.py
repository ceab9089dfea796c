"""A view of the map as the rows, heads and cells of one HTML table, for any number of axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from tasks.publish.pages.counting import Codes, Count, Held, Key, count
from tasks.publish.pages.plain import plain
from tasks.publish.pages.reading import Row
from warehouse.configuration.codebook import Codebook, Dimension
from warehouse.configuration.not_applicable import NotApplicable
from warehouse.configuration.protocol import View

HEATS = 5  # shades by which a cell is told fuller than another


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table. ``empty`` says why there is none: none_found, not_yet_coded, not_specified, not_applicable."""

    count: Count
    empty: str | None = None
    never: int | None = None  # of what is not applicable, the place of the combination that says so
    ungrouped: int = 0
    unreviewed: bool = False  # primary studies and no review, where reviews are told apart
    heat: int = 0
    first: bool = False  # in the first column of a block


@dataclass(frozen=True, slots=True)
class Head:
    """A head of a column, or of several that share it."""

    label: str
    span: int
    first: bool  # starts a block of columns that share an outer head


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; a head of rows below it (``cells`` is empty) where the view has several row axes."""

    label: str
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
    empties: list[str]  # why cells have no study, as far as there are any
    never: list[tuple[int, str, str]]  # combinations that cells are not applicable by: place, codes in words, why


def grid(
    view: View,
    book: Codebook,
    cells: list[Row],
    gaps: list[Row],
    groups: Mapping[str, list[Held]],
    kinds: Mapping[str, str | None],
    never: Sequence[NotApplicable] = (),
) -> Grid:
    """The table of ``view``: numbers of cells from marts.evidence_map, those of totals counted by the same rule.

    ``never`` are the combinations that the protocol declares not applicable: a cell leads to the one that it is of.
    """
    rows, columns = _axes(view.rows, book), _axes(view.columns, book)
    counts = count(view, groups, kinds)
    found = {
        tuple(row[f"code_{n}"] for n in range(1, len(rows) + len(columns) + 1)): row for row in cells if row["view"] == view.id
    }
    told_apart = any(code.kind == "review" for one in book.dimensions for code in one.codes)
    most = max((row["studies"] for row in found.values()), default=0)
    gap = {row["kind"]: row["n"] for row in gaps if row["view"] == view.id}
    across = list(product(*([code.id for code in axis.codes] for axis in columns)))

    places = {codes: row["combination"] - 1 for codes, row in found.items() if row["empty"] == "not_applicable"}
    starts = {column for column in across if len(column) > 1 and column[-1] == columns[-1].codes[0].id}

    def total(codes: Codes, column: Codes = ()) -> Cell:
        key: Key = (codes, column)
        return Cell(counts.get(key, Count()), first=column in starts)

    def inside(codes: Codes) -> list[Cell]:
        if len(codes) < len(rows):
            return []
        return [
            _cell(
                found[codes + column],
                counts.get((codes, column), Count()).unstated,
                most,
                told_apart,
                column in starts,
                places.get(codes + column),
            )
            for column in across
        ]

    lines = [Line(label, len(codes) - 1, inside(codes), total(codes)) for codes, label in _nested(rows)]
    return Grid(
        id=view.id, title=view.title, row_axes=[axis.label for axis in rows], column_axes=[axis.label for axis in columns],
        heads=_heads(columns), lines=lines, totals=[total((), column) for column in across], total=total(()),
        most=most, absolute=gap.get("absolute", 0), synthesis=gap.get("synthesis", 0),
        ungrouped=any(row["ungrouped"] for row in found.values()),
        empties=sorted({row["empty"] for row in found.values() if row["empty"]}),
        never=[(place, in_words(never[place], book), why(never[place])) for place in sorted(set(places.values()))],
    )  # fmt: skip


def _axes(names: tuple[str, ...], book: Codebook) -> list[Dimension]:
    """The dimensions of an axis; reading the review has made sure that they exist."""
    return [dimension for name in names if (dimension := book.dimension(name))]


def in_words(one: NotApplicable, book: Codebook) -> str:
    """``Mentors; Child``."""
    dimensions = {dimension.id: dimension for dimension in book.dimensions}
    labels = [code.label for name, wanted in one.codes.items() for code in dimensions[name].codes if code.id == wanted]
    return "; ".join(labels)


def why(one: NotApplicable) -> str:
    """The reason as it stands within a sentence of the page."""
    return plain(one.why, 2000).rstrip(".")


def _cell(mart: Row, unstated: int, most: int, told_apart: bool, first: bool, never: int | None) -> Cell:
    return Cell(
        count=Count(mart["studies"], mart["reviews"], mart["ongoing"], unstated),
        empty=mart["empty"],
        never=never,
        ungrouped=mart["ungrouped"],
        unreviewed=told_apart and mart["studies"] > 0 and not mart["reviews"],
        heat=-(-HEATS * mart["studies"] // most) if mart["studies"] else 0,
        first=first,
    )


def _nested(axes: list[Dimension], before: Codes = ()) -> Iterator[tuple[Codes, str]]:
    """The rows in order, each outer code as a head before those within it."""
    if axes:
        for code in axes[0].codes:
            codes = (*before, code.id)
            yield codes, code.label
            yield from _nested(axes[1:], codes)


def _heads(axes: list[Dimension]) -> list[list[Head]]:
    """One line of heads for each axis, the outermost first."""
    lines = []
    for depth, axis in enumerate(axes):
        span = 1
        for inner in axes[depth + 1 :]:
            span *= len(inner.codes)
        repeats = 1
        for outer in axes[:depth]:
            repeats *= len(outer.codes)
        lines.append([
            Head(code.label, span, len(axes) > 1 and (depth == 0 or position == 0))
            for _ in range(repeats)
            for position, code in enumerate(axis.codes)
        ])  # fmt: skip
    return lines
