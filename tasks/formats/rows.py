"""The rows of a delimited text file, each with the lines it came from, also where a quotation mark is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

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
    limit = csv.field_size_limit(max(len(text.data), 131_072))  # reference lists of Scopus exceed the module's limit
    try:
        at, last = start, len(text.lines) - 1
        reader = csv.reader((text.lines[number] + "\n" for number in range(start, last + 1)), delimiter=delimiter)
        for cells in reader:
            end = start + reader.line_num - 1
            open_end = end == last and end > at and sum(line.count('"') for line in text.lines[at:]) % 2 == 1
            if any(cell.strip() for cell in cells):
                yield Row(at, end, cells, closed=not open_end)
            at = end + 1
    finally:
        csv.field_size_limit(limit)


def whole_rows(text: Text, start: int, delimiter: str, width: int) -> Iterator[Row]:
    """Rows, starting again where a missing quotation mark has made one row of lines that are whole rows by themselves."""
    again: int | None = start
    while again is not None:
        start, again = again, None
        for row in rows(text, start, delimiter):
            if not row.closed or len(row.cells) != width:
                again = _resume(text, row, delimiter, width)
            if again is not None:
                yield Row(row.first, again - 1, row.cells, closed=False)
                break
            yield row


def _resume(text: Text, row: Row, delimiter: str, width: int) -> int | None:
    """The first later line of a broken row that is a whole row by itself."""
    for number in range(row.first + 1, row.last + 1):
        line = text.lines[number]
        if width > 1 and line.count('"') % 2 == 0 and line.count(delimiter) >= width - 1:
            found = next(rows(Text(b"", "", [line], [0, 0]), 0, delimiter), None)
            if found is not None and len(found.cells) == width:
                return number
    return None
