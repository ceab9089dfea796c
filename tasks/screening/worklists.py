"""The worklists of screening: what each person still owes, whether it was sent before or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.formats import library
from tasks.formats.worklist import ENTRY, LEADING, REFERENCE, Owed, Worklist, row, unused
from tasks.screening import roster
from tasks.screening.form import guide, questions
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = (
    "log.worklist", "log.pilot", "staging.citation", "staging.citation_record", "staging.screening", "staging.funnel",
    "staging.vote", "staging.tool_vote", "staging.outcome", "staging.reason", "staging.ranking",
)  # fmt: skip
_HERE = Path(__file__).parent
_WANTED = """
    SELECT * FROM staging.owed
    SEMI JOIN (SELECT unnest($tasks::VARCHAR[]) AS task, unnest($reviewers::VARCHAR[]) AS reviewer) USING (task, reviewer)
"""


def owed(tables: Tables, review: Review) -> list[Owed]:
    """What each person owes of each task of this stage, sent or not."""
    with _assigned(tables, review) as engine:
        return _counted(engine)


def worklists(
    tables: Tables, review: Review, as_of: datetime, only: Collection[tuple[str, str]] | None = None
) -> tuple[list[Worklist], pa.Table]:
    """The files to send, with all that their people owe, and the rows of log.worklist that say what is new in them.

    Each row is logged once, to one person, and keeps the id of the list on which it went out first. ``only`` has the tasks and
    people to make files for; without it, those for whom there is something new.
    """
    with _assigned(tables, review) as engine:
        known = {str(one["worklist_id"]) for one in engine.rows("SELECT DISTINCT worklist_id FROM log.worklist")}
        wanted = sorted(only if only is not None else {(one.task, one.reviewer) for one in _counted(engine) if one.new})
        tasks, reviewers = [task for task, _ in wanted], [reviewer for _, reviewer in wanted]
        engine.keep("staging.owed", engine.run(_WANTED, tasks=tasks, reviewers=reviewers))
        rows: list[dict[str, Any]] = engine.rows(_HERE / "worklist_row.sql")
    files, issued = [], []
    for (task, reviewer), group in groupby(rows, key=itemgetter("task", "reviewer")):
        shown = list(group)
        identity = unused(f"{task}-{reviewer}-{as_of:%Y%m%d}", known)
        known.add(identity)
        blind = _blind(task, review)
        reference = library.COLUMNS if task == "retrieval" else tuple(name for name in REFERENCE if name not in blind)
        columns = (*LEADING, *reference, *ENTRY[task])
        cells = tuple(_cells(one["worklist_id"] or identity, task, reviewer, one, review) for one in shown)
        piloted = sum(bool(one["pilot"]) for one in shown)
        told = guide(task, review, piloted, len(shown))
        files.append(Worklist(identity, task, reviewer, columns, cells, questions(task, review), told))
        issued += [
            {"review": review.id, "worklist_id": identity, "as_of": as_of}
            | {name: one[name] for name in ("task", "reviewer", "round", "citation_id", "record_ids", "position", "rank")}
            for one in shown
            if one["worklist_id"] is None
        ]
    return files, table("log.worklist").of_rows(issued)


@contextmanager
def _assigned(tables: Tables, review: Review) -> Iterator[Engine]:
    """An engine with staging.owed: who is asked for what, and was."""
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    given |= roster.tables(review)
    prioritised = review.protocol.screening.title_abstract.prioritised
    if prioritised is None:  # the live release may be of a protocol that said so
        given["staging.ranking"] = table("staging.ranking").empty()
    with Engine(given) as engine:
        engine.run(_HERE / "pilot.sql")
        engine.keep("staging.owed", engine.run(_HERE / "assign.sql"))
        if prioritised is not None:
            engine.keep("staging.owed", engine.run(_HERE / "batch.sql", batch=prioritised.batch))
        yield engine


def _counted(engine: Engine) -> list[Owed]:
    found: list[dict[str, Any]] = engine.rows(_HERE / "owed.sql")
    return [Owed(**one) for one in found]


def _cells(identity: str, task: str, reviewer: str, shown: dict[str, Any], review: Review) -> dict[str, str]:
    if task == "retrieval":
        return library.cells(identity, task, reviewer, shown, review.protocol.exchange.resolver)
    seen = shown | dict.fromkeys(_blind(task, review))
    return row(identity, task, reviewer, seen) | ({"votes": shown["votes"]} if shown["votes"] is not None else {})


def _blind(task: str, review: Review) -> tuple[str, ...]:
    """What is kept from those who decide, and from those who settle what they decided."""
    rules = review.protocol.screening.stages.get(task.removesuffix("_conflict"))
    return rules.blind if rules else ()
