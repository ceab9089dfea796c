"""The rows of a delimited text file, each with the lines it came from, also where a quotation mark is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tasks.formats.text import Text


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its first and last line (0-based); ``closed`` unless a quotation mark stays open to the end of the file."""

    first: int
    last: int
    cells: list[str]
    closed: bool = True


def rows(text: Text, start: int, delimiter: str) -> Iterator[Row]:
    """Rows from a line on, as the csv module sees them; blank rows are none."""
    with _unlimited(text):
        at, last = start, len(text.lines) - 1
        reader = csv.reader((text.lines[number] + "\n" for number in range(start, last + 1)), delimiter=delimiter)
        for cells in reader:
            end = start + reader.line_num - 1
            open_end = end == last and end > at and sum(line.count('"') for line in text.lines[at:]) % 2 == 1
            if any(cell.strip() for cell in cells):
                yield Row(at, end, cells, closed=not open_end)
            at = end + 1


@contextmanager
def _unlimited(text: Text) -> Iterator[None]:
    """The csv module without its limit to the length of a cell, which reference lists of Scopus exceed."""
    limit = csv.field_size_limit(max(len(text.data), 131_072))
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def whole_rows(text: Text, start: int, delimiter: str, width: int) -> Iterator[Row]:
    """Rows, starting again where a missing quotation mark has made one row of lines that are whole rows by themselves."""
    if delimiter == "\t":
        yield from _tabbed(text, start, width)
        return
    again: int | None = start
    while again is not None:
        start, again = again, None
        for row in rows(text, start, delimiter):
            row, again = _mended(text, row, delimiter, width)
            yield row
            if again is not None:
                break


def _tabbed(text: Text, start: int, width: int) -> Iterator[Row]:
    """Rows with tabs. Many programs (Web of Science, R) put no quotation marks around cells, others (Excel) do where needed.

    So a quotation mark at the beginning of a cell is a letter of the text where the line, and the one below, are whole rows.
    """
    number = start
    while number < len(text.lines):
        line = text.lines[number]
        if not line.strip():
            number += 1
            continue
        if '"' in line and (quoted := _quoted(text, number, width)):
            yield quoted
            number += 1
            continue
        cells = _split(line, width)
        if cells is not None and not (any(map(_opens, cells)) and _below(text, number, width) is None):
            yield Row(number, number, [_unquoted(cell) for cell in cells])
            number += 1
            continue
        found = next(rows(text, number, "\t"), None)
        if found is None:
            return  # nothing but quotation marks is left
        row, again = _mended(text, found, "\t", width)
        yield row
        number = row.last + 1 if again is None else again


def _quoted(text: Text, number: int, width: int) -> Row | None:
    """The line as a row, if all quotation marks in it are at the ends of cells, or doubled."""
    row = Row(number, number, [])
    found = _strict(text, row, "\t")
    return None if found is None or len(found) != width else replace(row, cells=found)


def _below(text: Text, number: int, width: int) -> list[str] | None:
    """The cells of the next line with text, if it is a whole row; none at all at the end of the file."""
    following = next((line for line in text.lines[number + 1 : number + 20] if line.strip()), None)
    return [] if following is None else _split(following, width)


def _split(line: str, width: int) -> list[str] | None:
    """The cells between the tabs if they are as many as the columns; Web of Science has one tab more at the end of a line."""
    cells = line.rstrip(" ").split("\t")
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells if len(cells) == width else None


def _opens(cell: str) -> bool:
    return cell.startswith('"') and _unquoted(cell) == cell


def _unquoted(cell: str) -> str:
    """The cell without quotation marks around it, if those in it are doubled; else as it is."""
    inside = cell[1:-1]
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inside.replace('""', "")
    return inside.replace('""', '"') if quoted else cell


def _mended(text: Text, row: Row, delimiter: str, width: int) -> tuple[Row, int | None]:
    """The row, if it is not whole up to the line of it that is a whole row by itself; and that line, to start again there."""
    strict = row.first == row.last or _strict(text, row, delimiter) is not None
    if strict and row.closed and len(row.cells) == width:
        return row, None
    again = _resume(text, row, delimiter, width)
    last = row.last if again is None else again - 1
    return Row(row.first, last, row.cells, closed=again is None and strict and row.closed), again


def _strict(text: Text, row: Row, delimiter: str) -> list[str] | None:
    """The cells of a row, if each quotation mark stands at an end of a cell, or is doubled."""
    lines = (line.rstrip(" ") + "\n" for line in text.lines[row.first : row.last + 1])
    try:
        with _unlimited(text):
            found = list(csv.reader(lines, strict=True, delimiter=delimiter))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _resume(text: Text, row: Row, delimiter: str, width: int) -> int | None:
    """The first later line of a broken row that is a whole row by itself."""
    for number in range(row.first + 1, row.last + 1):
        line = text.lines[number]
        if width > 1 and line.count('"') % 2 == 0 and line.count(delimiter) >= width - 1:
            found = next(rows(Text(b"", "", [line], [0, 0]), 0, delimiter), None)
            if found is not None and len(found.cells) == width:
                return number
    return None
