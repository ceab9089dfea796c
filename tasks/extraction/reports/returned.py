"""What people answered on pairs of reports: to rows of log.study_link, and rows refused with a reason.

An answer need not be on a worklist: a table with ``citation_id``, ``other_citation_id``, ``reviewer`` and ``answer`` ties
reports together that nobody was asked about. A later answer on the same pair takes the place of an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.extraction.reports.worklists import PAIRS
from tasks.formats.worklist import Refused, Row, Sheet
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = ("staging.citation", "staging.citation_alias", "staging.citation_record")
_CAME = pa.schema([("line", pa.int64()), (PAIRS.id, pa.string()), (PAIRS.other, pa.string())])
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Taken:
    """Rows to append to log.study_link, and the rows refused."""

    logs: dict[str, pa.Table]
    refused: tuple[Refused, ...]


def take(sheet: Sheet, raw: str, tables: Tables, review: Review, as_of: datetime) -> Taken:
    """The answers in ``sheet``, whose file as received is ``raw``; rows without an answer are left for later."""
    if lacking := PAIRS.lacks(sheet):
        return Taken({}, lacking)
    rows = [row for row in sheet.rows if row.values["answer"]]
    held = _held(rows, tables)
    faults = {row.line: _fault(row, held[row.line], review) for row in rows}
    good = [row for row in rows if faults[row.line] is None]
    today = {
        row.values[name]: held[row.line][side] for row in good for name, side in ((PAIRS.id, "one"), (PAIRS.other, "other"))
    }
    said, differing = PAIRS.agreed(good, today)
    refused = [*differing, *(PAIRS.refused(row, fault) for row in rows if (fault := faults[row.line]))]
    logged = []
    for spoken in said.values():
        its = held[spoken[0].line]
        sides = sorted([(its["one"], its["one_records"]), (its["other"], its["other_records"])])
        (one, one_records), (other, other_records) = sides
        logged.append({
            "review": review.id, "citation_a": one, "record_ids_a": one_records, "citation_b": other,
            "record_ids_b": other_records, "raw": raw, "as_of": as_of, **PAIRS.logged(spoken),
        })  # fmt: skip
    logs = {"log.study_link": table("log.study_link").of_rows(logged)} if logged else {}
    return Taken(logs, tuple(sorted(refused, key=lambda one: one.line)))


def _held(rows: list[Row], tables: Tables) -> dict[int, dict[str, Any]]:
    """What is held of each row, by line."""
    came = [{"line": row.line} | {name: row.values[name] for name in (PAIRS.id, PAIRS.other)} for row in rows]
    given = {name: tables[name] for name in READS} | {"staging.came": pa.Table.from_pylist(came, schema=_CAME)}
    with Engine(given) as engine:
        found: list[dict[str, Any]] = engine.rows(_HERE / "held.sql")
    return {one["line"]: one for one in found}


def _fault(row: Row, its: dict[str, Any], review: Review) -> str | None:
    people = {person.id for person in review.protocol.people}
    known = (its["one"] is not None, its["other"] is not None)
    fault = PAIRS.fault(row, known, str(its["titles"]), people)
    if fault is None and its["one"] == its["other"]:
        return f"{row.values[PAIRS.id]} and {row.values[PAIRS.other]} are one paper by now"
    return fault
