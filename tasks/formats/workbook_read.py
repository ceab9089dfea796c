"""Worklists that come back as XLSX, saved by Excel, LibreOffice, Google Sheets or anything else that writes the format."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from tasks.formats.packed import WORKBOOK, Limits, Refusal, kind, office
from tasks.formats.worklist import NotAWorklist, Row, Sheet, column_names, is_header, restored, unescaped

MOST_ROWS, MOST_CELLS = 200_000, 50_000_000  # cells count up to the last of their row
_ABOVE = 20  # rows that may stand above the header
_AGAIN = "open it, and save the worklist again as an Excel workbook (.xlsx)"
_DECLARES = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"  # a variant that the library takes for empty
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")

_OLD = b"\xd0\xcf\x11\xe0"  # begins what Excel saved before 2007, and what it locks with a password

_Cells = Sequence[object]
_Header = Callable[[tuple[str, ...]], bool]
_Merges = dict[int, list[tuple[int, int]]]  # by first row (from 1): column (from 0) and last row


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a workbook, whatever the file is called."""
    return kind(data) == "zip" or data.startswith(_OLD)


def read(data: bytes, limits: Limits = WORKBOOK, header: _Header = is_header) -> Sheet:
    """The one sheet of a workbook that has a column citation_id or record_id (or what ``header`` knows it by), as text.

    Hidden and filtered rows count. A cell that was merged over several rows says the same in each of them. Columns without
    a name are kept as ``column Q`` where there is something in them. Raises `NotAWorklist` if there is no such sheet, if
    there are several, or if the file is damaged, locked with a password, or larger unpacked than a worklist can be.
    """
    if data.startswith(_OLD):
        raise NotAWorklist(f"it is locked with a password, or in the format of Excel before 2007; {_AGAIN}")
    parts = office(data, limits)
    if isinstance(parts, Refusal):
        raise NotAWorklist(f"{parts.reason.split(';')[0]}; {_AGAIN}")
    content = {part.name: part.data for part in parts}
    if "xl/workbook.xml" not in content and "mimetype" in content:
        raise NotAWorklist(f"this is no Excel workbook; {_AGAIN}")
    if _STRICT in content.get("xl/workbook.xml", b""):
        raise NotAWorklist(f"it was saved as a Strict Open XML Spreadsheet; {_AGAIN}")
    if any(sign in part for part in content.values() for sign in _DECLARES):
        raise NotAWorklist(f"it has declarations in it that no spreadsheet program writes; {_AGAIN}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that are not read: styles, charts
            found = list(_sheets(data, content, header))
    except NotAWorklist:
        raise
    except Exception as error:  # the library raises whatever a damaged part makes it stumble on
        raise NotAWorklist(f"the workbook is damaged ({type(error).__name__}: {error}); {_AGAIN}") from error
    if len(found) == 1:
        return found[0][1]
    if found:
        named = ", ".join(repr(name) for name, _ in found)
        raise NotAWorklist(f"the sheets {named} are all worklists; delete those that do not count")
    raise NotAWorklist("no sheet has a column citation_id or record_id; is the header still there?")


def _sheets(data: bytes, content: dict[str, bytes], header: _Header) -> Iterator[tuple[str, Sheet]]:
    shown = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas: Any = None
    for position, sheet in enumerate(shown.worksheets):
        part = content.get(str(sheet._worksheet_path).lstrip("/"), b"")
        rows = _rows(sheet)
        if _FORMULA.search(part):
            formulas = formulas or load_workbook(BytesIO(data), read_only=True, keep_links=False)
            rows = _computed(rows, _rows(formulas.worksheets[position]))
        table = _table(rows, _merges(part), header)
        if table:
            yield str(sheet.title), table


def _rows(sheet: Any) -> Iterator[_Cells]:
    sheet.reset_dimensions()  # what a file says of its size is not believed
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row)
        if cells > MOST_CELLS:
            raise NotAWorklist(f"a sheet has more than {MOST_CELLS:,} cells; return the worklist alone")
        yield row


def _computed(values: Iterator[_Cells], formulas: Iterator[_Cells]) -> Iterator[_Cells]:
    """What formulas came to; the formula itself where the program that saved it did not say, so that the cell is not empty."""
    for line, written in zip_longest(values, formulas, fillvalue=()):
        pairs = zip_longest(line, written)
        yield [str(getattr(formula, "text", formula)) if value is None and formula else value for value, formula in pairs]


def _merges(part: bytes) -> _Merges:
    found: _Merges = {}
    for area in _MERGED.findall(part):
        left, top, _, bottom = range_boundaries(area.decode())
        if bottom > top:
            found.setdefault(top, []).append((left - 1, bottom))
    return found


def _table(rows: Iterable[_Cells], merges: _Merges, is_head: _Header) -> Sheet | None:
    names: tuple[str, ...] = ()
    unnamed: dict[int, str] = {}
    found: list[Row] = []
    above = 0
    merged: dict[int, tuple[int, str]] = {}  # by column: the last row of the area that is under way, and what it says
    for line, cells in enumerate(rows, start=1):
        texts = _texts(cells)
        if not any(texts):  # the rows up to a stray cell at the end of a sheet are a million
            continue
        if not names:
            read = column_names(texts)
            if is_head(tuple(name for name in read if name)):
                names = read
            elif (above := above + 1) > _ABOVE:
                return None
            continue
        merged = {at: area for at, area in merged.items() if area[0] >= line}
        texts += [""] * (max(merged, default=-1) + 1 - len(texts))
        for at, (_, text) in merged.items():
            texts[at] = texts[at] or text
        merged |= {at: (last, texts[at]) for at, last in merges.get(line, ()) if at < len(texts)}
        for at, text in enumerate(texts):
            if text and (at >= len(names) or not names[at]):
                unnamed.setdefault(at, f"column {get_column_letter(at + 1)}")
        values = {name: text for name, text in zip(names, texts, strict=False) if name}
        found.append(Row(line, values | {name: texts[at] for at, name in unnamed.items() if at < len(texts)}))
        if len(found) > MOST_ROWS:
            raise NotAWorklist(f"the sheet has more than {MOST_ROWS:,} rows; return the worklist alone")
    if not names:
        return None
    columns = (*(name for name in names if name), *(unnamed[at] for at in sorted(unnamed)))
    empty = dict.fromkeys(columns, "")
    return Sheet(columns, tuple(Row(one.line, empty | one.values) for one in found))


def _texts(cells: _Cells) -> list[str]:
    return [] if cells.count(None) == len(cells) else [_text(cell) for cell in cells]


def _text(value: object) -> str:
    """A cell as a person sees it: whole numbers without a point, days as 2026-01-31."""
    if value is None:
        return ""
    if isinstance(value, str):
        return restored(unescaped(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == value.time().min else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
