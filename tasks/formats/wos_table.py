"""Web of Science as a table ("Tab delimited file", savedrecs.txt): the tags of its plain text are the columns.

No cell has quotation marks around it, and a line may have a tab more than the header. In older files the encoding is UTF-16.
Several names, addresses or cited references stand in one cell, parted by semicolons.
"""

from __future__ import annotations

from tasks.formats import wos_tagged
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.rows import whole_rows
from tasks.formats.text import Text, clean, decode, outside

NAME = "wos_table"
_COLUMNS = frozenset({"PT", "AU", "TI", "SO", "PY"})
_HEADER_WITHIN = 5  # lines


def first(text: Text) -> int | None:
    """The 0-based line of the header."""
    return next((number for number, line in enumerate(text.lines[:_HEADER_WITHIN]) if set(_names(line)) >= _COLUMNS), None)


def parse(data: bytes) -> Parsed:
    """Read a table of Web of Science."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the rows of a decoded file. A second header, where files were joined, is none of them."""
    head = first(text)
    if head is None:
        none = (Rejected(0, len(text.data), 1, "no header with the tags of Web of Science", text.data),) if text.data else ()
        return Parsed(NAME, text.encoding, len(none), (), none, text.warnings)
    names = _names(text.lines[head])
    references: list[Reference] = []
    rejected: list[Rejected] = []
    for row in whole_rows(text, head + 1, "\t", len(names)):
        if [clean(cell) or "" for cell in row.cells] == names:
            continue
        offset, length = text.span(row.first, row.last)
        whole = row.closed and len(row.cells) == len(names)
        found = wos_tagged.reference(offset, length, list(zip(names, row.cells, strict=True))) if whole else None
        if found is not None:
            references.append(found)
            continue
        reason = "the row says nothing" if whole else f"the row has {len(row.cells)} cells, the header {len(names)}"
        rejected.append(Rejected(offset, length, row.first + 1, reason, text.data[offset : offset + length]))
    above = outside(((number, line) for number, line in enumerate(text.lines[:head]) if line.strip()), "text above the header")
    return Parsed(
        NAME, text.encoding, len(references) + len(rejected), tuple(references), tuple(rejected), (*text.warnings, *above)
    )


def _names(line: str) -> list[str]:
    """The cells of a header; those without a name at its end are none."""
    return [cell.strip(' "\ufeff') for cell in line.rstrip("\t ").split("\t")]
