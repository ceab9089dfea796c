"""The worklists of screening: what each person still owes and has not been sent."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.formats import library
from tasks.formats.worklist import ENTRY, LEADING, REFERENCE, Worklist, row, unused
from tasks.screening import roster
from tasks.screening.form import guide, questions
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = (
    "log.worklist", "log.pilot", "staging.citation", "staging.citation_record", "staging.screening", "staging.funnel",
    "staging.vote", "staging.tool_vote", "staging.outcome", "staging.reason",
)  # fmt: skip
_HERE = Path(__file__).parent


def worklists(tables: Tables, review: Review, as_of: datetime) -> tuple[list[Worklist], pa.Table]:
    """The files to send, and the rows of log.worklist that say what was sent; each row is sent once, to one person.

    A citation whose people were already asked, or have voted, is in no file: `assign.sql` says who is asked.
    """
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    given |= roster.tables(review)
    with Engine(given) as engine:
        known = {str(one["worklist_id"]) for one in engine.rows("SELECT DISTINCT worklist_id FROM log.worklist")}
        engine.run(_HERE / "pilot.sql")
        engine.keep("staging.owed", engine.run(_HERE / "assign.sql"))
        rows: list[dict[str, Any]] = engine.rows(_HERE / "worklist_row.sql")
    files, issued = [], []
    for (task, reviewer), group in groupby(rows, key=itemgetter("task", "reviewer")):
        shown = list(group)
        identity = unused(f"{task}-{reviewer}-{as_of:%Y%m%d}", known)
        known.add(identity)
        blind = _blind(task, review)
        reference = library.COLUMNS if task == "retrieval" else tuple(name for name in REFERENCE if name not in blind)
        columns = (*LEADING, *reference, *ENTRY[task])
        cells = tuple(_cells(identity, task, reviewer, one, review) for one in shown)
        pilot = bool(shown[0]["pilot"])
        told = guide(task, review, pilot)
        files.append(Worklist(identity, task, reviewer, columns, cells, questions(task, review), told, whole=pilot))
        issued += [
            {"review": review.id, "worklist_id": identity, "as_of": as_of}
            | {name: one[name] for name in ("task", "reviewer", "round", "citation_id", "record_ids", "position")}
            for one in shown
        ]
    return files, table("log.worklist").of_rows(issued)


def _cells(identity: str, task: str, reviewer: str, shown: dict[str, Any], review: Review) -> dict[str, str]:
    if task == "retrieval":
        return library.cells(identity, task, reviewer, shown, review.protocol.exchange.resolver)
    seen = shown | dict.fromkeys(_blind(task, review))
    return row(identity, task, reviewer, seen) | ({"votes": shown["votes"]} if shown["votes"] is not None else {})


def _blind(task: str, review: Review) -> tuple[str, ...]:
    """What is kept from those who decide, and from those who settle what they decided."""
    rules = review.protocol.screening.stages.get(task.removesuffix("_conflict"))
    return rules.blind if rules else ()
