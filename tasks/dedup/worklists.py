"""The worklist of pairs that may be one paper: two records side by side, for a person to say whether they are the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.formats.pairs import Pairs
from tasks.formats.question import Choice, Question
from tasks.formats.worklist import Worklist, unused
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

TASK = "duplicates"
READS = ("log.override", "log.worklist", "staging.record", "staging.record_pair", "staging.citation_record")
PAIRS = Pairs(
    "record_id", "record", ("title", "authors", "year", "place", "doi", "database", "abstract"),
    {"same": "merge", "different": "apart"},
)  # fmt: skip
QUESTIONS = (
    Question("answer", "one", "Whether the two records are of one paper.", (
        Choice("same", "same", "one paper: they are merged"),
        Choice("different", "different", "two papers, be they of one study: they stay apart for ever"),
    )),
    Question("note", "text", "Anything that others should know."),
)  # fmt: skip
GUIDE = (
    "Each row shows two records that may be one paper, the likeliest first: say whether they are the same.",
    "Fill in the yellow columns. A row left empty stays open: return the file as often as you like.",
    "A row whose ids and titles were moved apart is not taken and comes back with the reason.",
)
_HERE = Path(__file__).parent


def worklists(tables: Tables, review: Review, as_of: datetime) -> tuple[list[Worklist], pa.Table]:
    """The file for the person who looks at duplicates, if there are new pairs, and the rows of log.worklist that say so."""
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    with Engine(given) as engine:
        pairs: list[dict[str, Any]] = engine.rows(_HERE / "to_check.sql")
        known = {str(one["worklist_id"]) for one in engine.rows("SELECT DISTINCT worklist_id FROM log.worklist")}
    reviewer = _who(review)
    if not pairs or reviewer is None:
        return [], table("log.worklist").empty()
    identity = unused(f"{TASK}-{reviewer}-{as_of:%Y%m%d}", known)
    rows = tuple(PAIRS.row(identity, TASK, reviewer, pair) for pair in pairs)
    issued = [
        {
            "review": review.id, "worklist_id": identity, "as_of": as_of, "task": TASK, "reviewer": reviewer, "round": 1,
            "citation_id": pair["citation_id"], "record_ids": sorted([pair["one"]["record_id"], pair["other"]["record_id"]]),
            "position": pair["position"],
        }
        for pair in pairs
    ]  # fmt: skip
    return [Worklist(identity, TASK, reviewer, PAIRS.columns, rows, QUESTIONS, GUIDE)], table("log.worklist").of_rows(issued)


def _who(review: Review) -> str | None:
    """The first librarian; without one the first who settles conflicts, else the first reviewer."""
    for role in ("librarian", "adjudicator", "reviewer"):
        for person in review.protocol.people:
            if role in person.roles:
                return person.id
    return None
