"""Framework matrices as XLSX: studies down, dimensions across, in each cell the codes and the words of the report they rest on.

Text is written as text, never as a formula or a link, and the same matrix gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from tasks.formats.worklist import shortened

_WIDTH, _ID_WIDTH, _TITLE_WIDTH = 38, 20, 40
_MOST_IN_CELL = 32_767 - 4  # UTF-16 units, less the mark of a cut
_HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E3EBF1"}
_BODY = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
_SETTINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


@dataclass(frozen=True, slots=True)
class Study:
    """A row: the study, and its cells by dimension (codes, quotes)."""

    id: str
    reference: str
    title: str
    cells: dict[str, tuple[str, Sequence[str]]]


def write(
    theme: str, dimensions: Sequence[tuple[str, str]], studies: Sequence[Study], as_of: datetime, guide: Sequence[str]
) -> bytes:
    """The matrix of one theme. ``dimensions`` are (id, label) in the order of the columns; ``guide`` fills a second sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _SETTINGS)
    book.set_properties({"title": theme, "created": as_of})
    sheet, second = book.add_worksheet("matrix"), book.add_worksheet("guide")
    head, body = book.add_format(_HEAD), book.add_format(_BODY)
    names = ["study", "reference", "title", *(label for _, label in dimensions)]
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, head)
    sheet.set_column(0, 1, _ID_WIDTH)
    sheet.set_column(2, 2, _TITLE_WIDTH)
    sheet.set_column(3, max(3, len(names) - 1), _WIDTH)
    sheet.freeze_panes(1, 2)
    for at, study in enumerate(studies, 1):
        texts = [study.id, study.reference, study.title, *(_cell(*study.cells.get(name, ("", ()))) for name, _ in dimensions)]
        for column, text in enumerate(texts):
            sheet.write_string(at, column, shortened(text, _MOST_IN_CELL), body)
    sheet.autofilter(0, 0, max(1, len(studies)), len(names) - 1)
    second.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
    for at, line in enumerate(guide):
        second.write_string(at, 0, line)
    book.close()
    return buffer.getvalue()


def _cell(codes: str, quotes: Sequence[str]) -> str:
    return "\n".join([codes, *quotes]).strip()
