"""Screening lists in the form that other tools import: RIS for Rayyan, Covidence and EPPI-Reviewer, CSV for ASReview."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping

from tasks.formats.marker import Mark
from tasks.formats.worklist import Worklist, neutral

STAGES = ("title_abstract", "full_text")
ADDED_TO = ("rayyan", "covidence", "eppi-reviewer")
"""Tools that take more papers into a review that they have. Others (ASReview) make a new project of each file."""


def file_for(tool: str, one: Worklist) -> tuple[str, bytes]:
    """Name and content of the file that ``tool`` imports; the list is one of screening."""
    kind, write = TOOLS[tool]
    return named(one.id, tool, kind), write(one)


def named(list_id: str, tool: str, kind: str) -> str:
    """Name of a file for a tool."""
    return f"{list_id}.{tool}.{kind}"


def _ris(one: Worklist) -> bytes:
    records = []
    for row in one.rows:
        mark = str(Mark(row["citation_id"], one.task, one.reviewer))
        authors = [("AU", name) for name in row.get("authors", "").split("; ")]
        fields = [
            ("TY", "JOUR"), ("TI", row["title"]), *authors, ("PY", row.get("year", "")), ("JO", row.get("journal", "")),
            ("DO", row.get("doi", "")), ("AB", row.get("abstract", "")), ("AN", mark), ("KW", mark), ("N1", mark),
        ]  # fmt: skip
        lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text.strip()]  # a line end would end the field
        records.append("\r\n".join([*lines, "ER  - ", ""]))
    return "\r\n".join(records).encode("utf-8", "replace")


def _csv(one: Worklist) -> bytes:
    """Every cell quoted and no formula: people open such files in spreadsheet programs, too."""
    names = ("title", "abstract", "authors", "year", "journal", "doi")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([*names, "keywords", "evimap"])
    for row in one.rows:
        mark = str(Mark(row["citation_id"], one.task, one.reviewer))
        writer.writerow([*(neutral(row.get(name, "")) for name in names), mark, mark])
    return out.getvalue().encode("utf-8", "replace")


TOOLS: Mapping[str, tuple[str, Callable[[Worklist], bytes]]] = {
    "rayyan": ("ris", _ris), "covidence": ("ris", _ris), "eppi-reviewer": ("ris", _ris), "asreview": ("csv", _csv),
}  # fmt: skip
"""By tool: the ending of the file, and what writes it."""
