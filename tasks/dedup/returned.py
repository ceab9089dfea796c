"""What people answered on pairs of records: to rows of log.override, and rows refused with a reason.

An answer need not be on a worklist: a table with ``record_id``, ``other_record_id``, ``reviewer`` and ``answer`` splits a wrong
merge, or joins what no rule found. Nothing is deleted by either; a later answer on the same pair takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.dedup.worklists import PAIRS
from tasks.formats.worklist import Refused, Row, Sheet
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_CAME = pa.schema([("line", pa.int64()), ("record_id", pa.string()), ("other_record_id", pa.string())])
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Taken:
    """Rows to append to log.override, and the rows refused."""

    logs: dict[str, pa.Table]
    refused: tuple[Refused, ...]


def take(sheet: Sheet, raw: str, tables: Tables, review: Review, as_of: datetime) -> Taken:
    """The answers in ``sheet``, whose file as received is ``raw``; rows without an answer are left for later."""
    if lacking := PAIRS.lacks(sheet):
        return Taken({}, lacking)
    rows = [row for row in sheet.rows if row.values["answer"]]
    held = _held(rows, tables)
    people = {person.id for person in review.protocol.people}
    faults = {row.line: PAIRS.fault(row, *held[row.line], people) for row in rows}
    said, differing = PAIRS.agreed([row for row in rows if faults[row.line] is None])
    refused = [*differing, *(PAIRS.refused(row, fault) for row in rows if (fault := faults[row.line]))]
    logged: list[dict[str, object]] = [
        {"review": review.id, "record_a": one, "record_b": other, "raw": raw, "as_of": as_of, **PAIRS.logged(spoken)}
        for (one, other), spoken in said.items()
    ]
    logs = {"log.override": table("log.override").of_rows(logged)} if logged else {}
    return Taken(logs, tuple(sorted(refused, key=lambda one: one.line)))


def _held(rows: list[Row], tables: Tables) -> dict[int, tuple[tuple[bool, bool], str]]:
    """By line: whether each of the two records is there, and their titles."""
    came = [{"line": row.line} | {name: row.values[name] for name in ("record_id", "other_record_id")} for row in rows]
    with Engine(
        {"staging.record": tables["staging.record"], "staging.came": pa.Table.from_pylist(came, schema=_CAME)}
    ) as engine:
        found = engine.rows(_HERE / "answers.sql")
    return {int(str(one["line"])): ((bool(one["one_known"]), bool(one["other_known"])), str(one["titles"])) for one in found}
