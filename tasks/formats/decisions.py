"""A decision as another tool gives it back, and the table that such decisions are taken from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tasks.formats.marker import NOBODY, Mark, found
from tasks.formats.worklist import Row, Sheet

UNKNOWN = "unknown"
"""In the column ``voters``: the decision is that of a list, and who voted is not told."""
COLUMNS = ("citation_id", "title", "reviewer", "stage", "decision", "reason", "note", "decided_on", "voters", "tool")


class Unreadable(Exception):
    """The file is of the tool, and cannot be read; the text says why, for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One vote; or, with ``voters`` unknown, one decision. ``reviewer`` is a name as the tool has it, or empty."""

    mark: Mark
    title: str
    reviewer: str
    decision: str
    tool: str
    stage: str = ""
    reason: str = ""
    note: str = ""
    decided_on: str = ""
    voters: str = ""


def marked(values: Mapping[str, str]) -> Mark:
    """The mark of a record, in whatever field the tool has kept it."""
    return next((mark for text in values.values() if (mark := found(text)) is not NOBODY), NOBODY)


def sheet(decisions: Iterable[Decision]) -> Sheet:
    """The table; rows count from 2 like those of a file with a header. Where the tool names nobody, whom the list went to."""
    rows = []
    for line, one in enumerate(decisions, start=2):
        reviewer = "" if one.voters else one.reviewer.strip() or one.mark.reviewer
        cells = (
            one.mark.citation_id, one.title.strip(), reviewer, one.stage or one.mark.stage, one.decision, one.reason.strip(),
            one.note.strip(), one.decided_on, one.voters, one.tool,
        )  # fmt: skip
        rows.append(Row(line, dict(zip(COLUMNS, cells, strict=True))))
    return Sheet(COLUMNS, tuple(rows))
