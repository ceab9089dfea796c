"""Worklists as XLSX: what people read is locked, what they fill in is open and has drop-downs, and a second sheet explains it.

Locks and drop-downs are there to help: pasting gets past them, so what comes back is checked row by row like any other file.
Text is written as text, never as a formula or a link. The same worklist gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tasks.formats.question import NO, YES, Choice, Question, spread
from tasks.formats.worklist import LEADING, NEUTRALISED, REFUSED, TAKEN, Refused, Sheet, Worklist, mark, shortened

SHEET, GUIDE = "worklist", "guide"
_MOST_IN_CELL = 32_767 - 4  # UTF-16 units, less the mark of a cut
_HIDDEN = frozenset({"worklist_id", "task", "reviewer", "check", TAKEN})
_WIDTHS = {
    "citation_id": 12, "record_id": 16, "other_record_id": 16, "title": 45, "other_title": 45, "authors": 20,
    "other_authors": 20, "year": 6, "other_year": 6, "journal": 20, "place": 20, "other_place": 20, "doi": 16, "other_doi": 16,
    "abstract": 80, "other_abstract": 80, "why": 25, "votes": 25, "differs": 45, "decision": 14, "status": 14, "reason": 26,
    "verdict": 10, "answer": 12, "group": 7, "note": 30, "quote": 40, "page": 8, "decided_on": 12, REFUSED: 45,
}  # fmt: skip
_YES_NO_WIDTH, _OTHER_WIDTH = 13, 24
_LINE, _TALLEST = 15, 409  # points: of a line, and of the tallest row that Excel knows
_HEAD = {"locked": True, "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
_BODY = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
_SHOWN = {"locked": True, "bg_color": "#F2F2F2"}
_OPEN = {"locked": False, "bg_color": "#FFFDE7"}
_RED = {"bg_color": "#F8CBAD", "locked": False}  # whatever is wrong in a refused row can be put right
_DAY = {"num_format": "yyyy-mm-dd"}
_AS_TYPED = {"num_format": "@"}  # pages 3-5 are no day in May
_FORMULA_LIKE = re.compile(r"[=+\-@]")
_PLAIN = {"text_wrap": True, "valign": "top"}
_DEEPEST = 15  # steps that a cell can be set in
_GUIDE_WIDTHS = (22, 26, 44, 90)

_Row = Mapping[str, str]


def write(worklist: Worklist, as_of: datetime) -> bytes:
    """The worklist as a workbook that says it was made at ``as_of``. Questions with several answers become yes/no columns."""
    rows = [dict(one) for one in worklist.rows]
    for question in worklist.questions:
        if question.is_spread or question.unit_columns:
            for cells in rows:
                cells |= spread(cells.get(question.column, ""), question)
    names: list[str] = []
    by_column = {question.column: question for question in worklist.questions}
    for name in worklist.columns:
        asked = by_column.get(name)
        if asked is None or not asked.is_spread or any(cells.get(name) for cells in rows):
            names.append(name)
        names += asked.headings() if asked and asked.is_spread else ()
        names += asked.unit_columns if asked else ()
    filled = _with_spare(rows, worklist) if worklist.spare else rows
    return _workbook(worklist.id, names, filled, (), worklist.questions, worklist.guide, as_of)


def marked(
    name: str, sheet: Sheet, refused: Iterable[Refused], questions: Sequence[Question], guide: Sequence[str], as_of: datetime
) -> bytes:
    """The sheet that came back as ``name``, with refused rows coloured and their reasons in a first column.

    The other rows carry, hidden, the mark of what they say now: returned unchanged, they are not taken a second time.
    """
    reasons: dict[int, list[str]] = {}
    for one in refused:
        reasons.setdefault(one.line, []).append(one.reason)
    names = [REFUSED, *(column for column in sheet.columns if column not in (REFUSED, TAKEN)), TAKEN]
    rows = [
        {**one.values, REFUSED: "; ".join(reasons.get(one.line, ())), TAKEN: "" if one.line in reasons else mark(one.values)}
        for one in sheet.rows
    ]
    red = {at for at, one in enumerate(sheet.rows) if one.line in reasons}
    return _workbook(name, names, rows, red, questions, guide, as_of)


def _with_spare(rows: list[dict[str, str]], worklist: Worklist) -> list[dict[str, str]]:
    """The rows with empty ones after those of each paper, numbered as its next groups."""
    filled: list[dict[str, str]] = []
    for at, cells in enumerate(rows):
        filled.append(cells | {"group": cells.get("group") or "1"})
        after = rows[at + 1] if at + 1 < len(rows) else {}
        if after.get("citation_id") != cells.get("citation_id"):
            last = int(filled[-1]["group"])
            shown = {name: cells.get(name, "") for name in (*LEADING, "title")}
            filled += [shown | {"group": str(last + more)} for more in range(1, worklist.spare + 1)]
    return filled


def _workbook(
    title: str, names: Sequence[str], rows: Sequence[_Row], red: Iterable[int], questions: Sequence[Question],
    guide: Sequence[str], as_of: datetime,
) -> bytes:  # fmt: skip
    buffer = io.BytesIO()
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, settings)
    book.set_properties({"title": "".join(letter for letter in title if letter.isprintable()), "created": as_of})
    sheet, second = book.add_worksheet(SHEET), book.add_worksheet(GUIDE)
    asked = [one for one in questions if {one.column, *one.headings(), *one.unit_columns} & set(names)]
    _fill(sheet, names, rows, frozenset(red), asked, book)
    ranges = _explain(second, title, guide, asked, book)
    _ask(sheet, names, len(rows), asked, ranges)
    book.close()
    return buffer.getvalue()


def _fill(
    sheet: Worksheet, names: Sequence[str], rows: Sequence[_Row], red: frozenset[int], asked: Sequence[Question], book: Any
) -> None:
    is_open = {name: one for one in asked for name in (one.column, *one.headings(), *one.unit_columns)}
    narrow = {heading for question in asked for heading in (*question.headings(), *question.unit_columns)}
    inner = {name: len(one.within) for question in asked for name, one in question.headings().items() if one.within}
    widths = [_YES_NO_WIDTH if name in narrow else _WIDTHS.get(name, _OTHER_WIDTH) for name in names]
    sheet.set_row(0, 3 * _LINE)
    for at, name in enumerate(names):
        sheet.set_column(at, at, widths[at], None, {"hidden": name in _HIDDEN})
        colour = (
            "#FFF2CC" if name in inner else "#FFE699" if name in is_open else _RED["bg_color"] if name == REFUSED else "#D9E1F2"
        )
        _text(sheet, 0, at, name, book.add_format(_HEAD | {"bg_color": colour, "indent": min(inner.get(name, 0), _DEEPEST)}))
    shades = [_shades(is_open.get(name), book) for name in names]
    for number, cells in enumerate(rows, start=1):
        is_red = number - 1 in red
        sheet.set_row(number, _height((cells.get(name, ""), width) for name, width in zip(names, widths, strict=True)))
        for at, name in enumerate(names):
            text = cells.get(name, "")
            dressed = shades[at][is_red, _FORMULA_LIKE.match(text) is not None]
            if name == "group" and text.isdecimal() and len(text) < 5:
                sheet.write_number(number, at, int(text), dressed)
            else:
                _text(sheet, number, at, text, dressed)
    sheet.freeze_panes(1, names.index("title") + 1 if "title" in names and "other_title" not in names else 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)
    if asked:  # a table that is no worklist of ours says nothing of what may be changed
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _shades(question: Question | None, book: Any) -> dict[tuple[bool, bool], Format]:
    """The formats of a column, by whether the row was refused and whether the text looks like a formula."""
    if question is None:
        kind = _SHOWN
    else:
        kind = _OPEN | (_DAY if question.kind == "date" else {} if question.kind == "number" else _AS_TYPED)
    guarded = {} if question else {"quote_prefix": True}  # stays text where somebody unlocks and edits it
    return {
        (red, formula): book.add_format(_BODY | kind | (_RED if red else {}) | (guarded if formula else {}))
        for red in (False, True)
        for formula in (False, True)
    }


def _height(cells: Iterable[tuple[str, int]]) -> float:
    """Points that a row needs. LibreOffice does not work it out when it opens a file, and writes long texts on one another."""
    lines = (sum(ceil(_span(part) / width) for part in text.split("\n")) for text, width in cells if len(text) > 6)
    return min(max(lines, default=1) * _LINE, _TALLEST)


def _span(text: str) -> int:
    """About how many places a line takes; a Chinese letter takes two, and has three bytes."""
    return max(1, len(text) if text.isascii() else max(len(text), len(text.encode("utf-8", "replace")) * 2 // 3))


def _text(sheet: Worksheet, row: int, column: int, text: str, dressed: Format) -> None:
    if not text:
        sheet.write_blank(row, column, None, dressed)
        return
    plain = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be written
    if NEUTRALISED.match(plain):
        plain = "'" + plain  # a leading quote before a formula is taken off when it is read back
    plain = shortened(plain, _MOST_IN_CELL)
    if plain.startswith("<r>") and plain.endswith("</r>"):
        plain += " "  # the writer would take it for XML of its own
    if sheet.write_string(row, column, plain, dressed):
        raise ValueError(f"row {row + 1}, column {column + 1} of a workbook: a cell cannot be written")


def _explain(sheet: Worksheet, title: str, guide: Sequence[str], asked: Sequence[Question], book: Any) -> dict[str, str]:
    """Writes what to do and what each answer means; the ranges of the answers by column, which the drop-downs point to."""
    for at, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(at, at, width)
    plain, bold = book.add_format(_PLAIN), book.add_format({"bold": True, "valign": "top"})
    _text(sheet, 0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    row = 2
    for line in guide:
        sheet.set_row(row, _height([(line, sum(_GUIDE_WIDTHS))]))
        sheet.merge_range(row, 0, row, len(_GUIDE_WIDTHS) - 1, "", plain)
        _text(sheet, row, 0, line, plain)
        row += 1
    row += 1
    for at, name in enumerate(("column", "answer", "what it is called", "what it means")):
        _text(sheet, row, at, name, book.add_format(_HEAD | {"bg_color": "#D9E1F2"}))
    row += 1
    ranges: dict[str, str] = {}
    for question in asked:
        sheet.set_row(row, _height([(question.help, _GUIDE_WIDTHS[3])]))
        _text(sheet, row, 0, question.column, bold)
        _text(sheet, row, 3, question.help, plain)
        row += 1
        if question.choices:
            ranges[question.column] = f"={GUIDE}!$B${row + 1}:$B${row + len(question.choices)}"
        for choice in question.choices:
            told = (choice.value, choice.label, choice.meaning)
            inset = book.add_format(_PLAIN | {"indent": min(len(choice.within), _DEEPEST)}) if choice.within else plain
            sheet.set_row(row, _height(zip(told, _GUIDE_WIDTHS[1:], strict=True)))
            for at, text in enumerate(told, start=1):
                _text(sheet, row, at, text, inset if at < len(told) else plain)
            row += 1
    for question in asked:
        for beside in question.unit_columns:
            _text(sheet, row, 0, beside, bold)
            ranges[beside] = f"={GUIDE}!$B${row + 1}:$B${row + len(question.units)}"
            for unit in question.units:
                _text(sheet, row, 1, unit, plain)
                row += 1
    if any(question.is_spread for question in asked):
        _text(sheet, row, 0, "yes/no columns", bold)
        for answer, meaning in ((YES, "the code applies"), (NO, "it does not; an empty cell says the same")):
            _text(sheet, row, 1, answer, plain)
            _text(sheet, row, 3, meaning, plain)
            row += 1
        ranges[""] = f"={GUIDE}!$B${row - 1}:$B${row}"
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return ranges


def _ask(sheet: Worksheet, names: Sequence[str], rows: int, asked: Sequence[Question], ranges: Mapping[str, str]) -> None:
    """Puts drop-downs and hints on the columns to fill in."""
    for question in asked:
        for name, choice in {question.column: None, **question.headings()}.items():
            if name in names:
                at = names.index(name)
                sheet.data_validation(1, at, max(rows, 1), at, _rule(question, choice, ranges))
        for name in question.unit_columns:
            if name in names:
                at = names.index(name)
                listed = {"validate": "list", "source": ranges[name], "ignore_blank": True}
                sheet.data_validation(1, at, max(rows, 1), at, listed | {"error_message": "Choose one of the units."})


def _rule(question: Question, choice: Choice | None, ranges: Mapping[str, str]) -> dict[str, object]:
    """Lists point to the second sheet: one that stands in the rule itself may have 255 characters, and no commas in it."""
    called = " › ".join((*choice.within, choice.label)) if choice and choice.within else choice.label if choice else ""
    told = ": ".join(part for part in (called, choice.meaning) if part) if choice else question.help
    hint = {"input_title": _cut(choice.value if choice else question.column, 32), "input_message": _cut(told, 255)}
    shared: dict[str, object] = {name: text for name, text in hint.items() if hint["input_message"]} | {"ignore_blank": True}
    if choice and choice.specify:
        return shared | {"validate": "any"}
    if choice:
        return shared | {"validate": "list", "source": ranges[""], "error_message": "Choose yes or no."}
    if question.kind == "one" and question.choices:
        wrong = f"This is none of the answers of {question.column}; the sheet {GUIDE} lists them."
        worded = any(one.specify for one in question.choices)  # "other: housing first" is none of the answers, and is taken
        free = {"error_type": "warning"} if worded else {}
        return shared | free | {"validate": "list", "source": ranges[question.column], "error_message": _cut(wrong, 255)}
    if question.kind == "date":
        bounds = {"criteria": ">=", "value": date(1990, 1, 1)}
        return shared | {"validate": "date", **bounds, "error_message": "Write a day, such as 2026-01-31."}
    if question.kind == "number":
        return shared | {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 9999}
    return shared | {"validate": "any"}


def _cut(text: str, most: int) -> str:
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= most else plain[: most - 1] + "…"
