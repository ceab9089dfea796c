"""The studies of a map as XLSX: one row a study, its codes by name in a column for each dimension.

Text is written as text, never as a formula or a link, and the same table gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from tasks.formats.worklist import shortened

_MOST_IN_CELL = 32_767 - 4  # UTF-16 units, less the mark of a cut
_HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF", "bg_color": "#E3EBF1"}
_BODY = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
_SETTINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
_FORMULA_LIKE = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_WIDTHS = {"title": 60, "authors": 30, "journal": 30, "doi": 24, "url": 30, "reference": 26, "study_id": 18}
_WIDTH, _NARROW = 28, 10

Cell = str | int | None


def write(
    title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]], about: Sequence[str], as_of: datetime
) -> bytes:
    """The workbook: ``columns`` are (name, heading), ``rows`` have a cell for each; ``about`` fills a second sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _SETTINGS)
    book.set_properties({"title": _plain(title), "created": as_of})
    sheet, second = book.add_worksheet("studies"), book.add_worksheet("about")
    head, body = book.add_format(_HEAD), book.add_format(_BODY)
    guarded = book.add_format(_BODY | {"quote_prefix": True})  # stays text where somebody edits the cell
    for at, (name, heading) in enumerate(columns):
        sheet.set_column(at, at, _WIDTHS.get(name, _NARROW if _is_number(rows, at) else _WIDTH))
        sheet.write_string(0, at, _plain(heading), head)
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, at, cell, body)
            elif cell:
                text = _plain(cell)
                sheet.write_string(number, at, text, guarded if _FORMULA_LIKE.match(text) else body)
            else:
                sheet.write_blank(number, at, None, body)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    second.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
    for at, line in enumerate(about):
        second.write_string(at, 0, _plain(line))
    book.close()
    return buffer.getvalue()


def _is_number(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    return any(isinstance(row[at], int) for row in rows)


def _plain(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be written
    cut = shortened(whole, _MOST_IN_CELL)
    return cut + " " if cut.startswith("<r>") and cut.endswith("</r>") else cut  # the writer would take it for XML of its own
