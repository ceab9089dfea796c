"""The worklist of reports that may be of one study: two of them side by side, for somebody to say whether they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.extraction.standing import link, with_logs
from tasks.formats.pairs import Pairs
from tasks.formats.question import Choice, Question
from tasks.formats.worklist import Worklist, unused
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

TASK = "same_study"
PAIRS = Pairs(
    "citation_id",
    "report",
    ("title", "authors", "year", "journal", "doi", "abstract"),
    {"same": "same", "different": "different"},
)
QUESTIONS = (
    Question("answer", "one", "Whether the two reports are of one study.", (
        Choice("same", "same", "one study: they are coded together and counted once"),
        Choice("different", "different", "two studies, be they of one programme or by the same people"),
    )),
    Question("note", "text", "Anything that others should know."),
)  # fmt: skip
GUIDE = (
    "Each row shows two reports that may be of one study: the same people took part, and the same data were gathered.",
    "Until somebody has answered they count as two studies.",
    "Fill in the yellow columns. A row left empty stays open: return the file as often as you like.",
)
_HERE = Path(__file__).parent


def worklists(tables: Tables, review: Review, as_of: datetime) -> tuple[list[Worklist], pa.Table]:
    """The file for the person who is asked, if there are new pairs, and the rows of log.worklist that say so."""
    people = [person.id for person in review.protocol.people]
    with Engine(with_logs(tables)) as engine:
        link(engine)
        pairs: list[dict[str, Any]] = engine.rows(_HERE / "to_ask.sql", people=people)
        known = {str(one["worklist_id"]) for one in engine.rows("SELECT DISTINCT worklist_id FROM log.worklist")}
    reviewer = _who(review)
    if not pairs or reviewer is None:
        return [], table("log.worklist").empty()
    identity = unused(f"{TASK}-{reviewer}-{as_of:%Y%m%d}", known)
    rows = tuple(PAIRS.row(identity, TASK, reviewer, pair) for pair in pairs)
    issued = [
        {
            "review": review.id, "worklist_id": identity, "as_of": as_of, "task": TASK, "reviewer": reviewer, "round": 1,
            "citation_id": pair["citation_a"], "position": position,
            "record_ids": sorted([*pair["one"]["record_ids"], *pair["other"]["record_ids"]]),
        }
        for position, pair in enumerate(pairs, 1)
    ]  # fmt: skip
    return [Worklist(identity, TASK, reviewer, PAIRS.columns, rows, QUESTIONS, GUIDE)], table("log.worklist").of_rows(issued)


def _who(review: Review) -> str | None:
    """The first who settles codings; without one the first coder, else the first reviewer."""
    people = [review.protocol.with_role(role) for role in ("adjudicator", "coder", "reviewer")]
    return next((ids[0] for ids in people if ids), None)
