"""Files on their way to people and back: in which format a worklist goes out, what a returned file is, and its marked copy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

import tasks.extraction.form as coding
import tasks.extraction.reports.worklists as reports
import tasks.screening.form as screening
from tasks.dedup import worklists as duplicates
from tasks.formats import handed_back, handed_over, library, workbook, workbook_read, worklist
from tasks.formats.decisions import COLUMNS as TOOLS_COLUMNS
from tasks.formats.question import Question
from tasks.formats.worklist import ENTRY, Refused, Sheet, Worklist
from warehouse.review import Review

EXTRACTION_TASKS = tuple(coding.ROLES)


def written(one: Worklist, review: Review, as_of: datetime) -> tuple[str, bytes]:
    """Name and content of the file that a worklist goes out as (protocol: exchange.worklists)."""
    kind = review.protocol.exchange.worklists
    return f"{one.id}.{kind}", workbook.write(one, as_of) if kind == "xlsx" else worklist.write(one)


def handed_over_to(tool: str | None, one: Worklist, imported: Collection[str] = ()) -> list[tuple[str, bytes]]:
    """Names and contents of what goes beside a list: screening as ``tool`` imports it, full texts for a reference manager.

    ``imported`` are the lists whose papers the tool has: where it adds to them, the file has the others alone.
    """
    if one.task == "retrieval":
        return [(f"{one.id}.ris", library.ris(one))]
    if not tool or one.task not in handed_over.STAGES:
        return []
    if tool in handed_over.ADDED_TO:
        one = replace(one, rows=tuple(cells for cells in one.rows if cells["worklist_id"] not in imported))
    return [handed_over.file_for(tool, one)] if one.rows else []


def read(data: bytes, name: str) -> Sheet:
    """The table in a returned file, told by its content (of Covidence, its name). Raises `NotAWorklist` with the reason."""
    decisions = handed_back.read(data, name)
    if decisions is not None:
        return decisions
    return handed_back.workbook(data) if workbook_read.is_workbook(data) else worklist.read(data)


def tasks_of(sheet: Sheet) -> set[str]:
    """What the rows of a returned table were asked for."""
    return {row.values.get("task", "") for row in sheet.rows}


def marked(
    name: str, data: bytes, sheet: Sheet, refused: Sequence[Refused], review: Review, as_of: datetime
) -> tuple[str, bytes]:
    """Name and content of what goes back to the person: of a workbook the whole of it, of a CSV the refused rows."""
    if sheet.columns == TOOLS_COLUMNS:
        return f"{name}.csv", worklist.marked(refused, sheet.columns)
    if not workbook_read.is_workbook(data):
        return (f"{name}.csv" if name.lower().endswith(".xlsx") else name), worklist.marked(refused, sheet.columns)
    title = name if name.lower().endswith(".xlsx") else f"{name}.xlsx"
    return title, workbook.marked(name, sheet, refused, *_asked(sheet, review), as_of)


def _asked(sheet: Sheet, review: Review) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """The questions that the sheet answers, and how they were put; none where it is no worklist of ours."""
    if duplicates.PAIRS.is_of(sheet):
        return duplicates.QUESTIONS, duplicates.GUIDE
    if reports.PAIRS.is_of(sheet):
        return reports.QUESTIONS, reports.GUIDE
    for task in sorted(tasks_of(sheet)):
        if task in EXTRACTION_TASKS:
            book = coding.asked_by(task, review.codebook)
            return coding.questions(task, book), coding.guide(task, book)
        if task in ENTRY:
            return screening.questions(task, review), screening.guide(task, review)
    return (), ()
