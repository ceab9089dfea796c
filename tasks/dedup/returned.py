"""What people answered on pairs of records: to rows of log.override, and rows refused with a reason.

An answer need not be on a worklist: a table with ``record_id``, ``other_record_id``, ``reviewer`` and ``answer`` splits a wrong
merge, or joins what no rule found. Nothing is deleted by either; a later answer on the same pair takes its place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.dedup.worklists import row_fits
from tasks.formats.worklist import EXTRA, Refused, Row, Sheet
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

ANSWERS = {"same": "merge", "different": "apart"}
NEEDED = ("record_id", "other_record_id", "reviewer", "answer")
_CAME = pa.schema([("line", pa.int64()), ("record_id", pa.string()), ("other_record_id", pa.string())])
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Taken:
    """Rows to append to log.override, and the rows refused."""

    logs: dict[str, pa.Table]
    refused: tuple[Refused, ...]


def is_of_pairs(sheet: Sheet) -> bool:
    """Whether a table is about pairs of records."""
    return "other_record_id" in sheet.columns


def take(sheet: Sheet, raw: str, tables: Tables, review: Review, as_of: datetime) -> Taken:
    """The answers in ``sheet``, whose file as received is ``raw``; rows without an answer are left for later."""
    missing = [name for name in NEEDED if name not in sheet.columns]
    if missing:
        return Taken({}, tuple(_refused(row, f"the table has no column {', '.join(missing)}") for row in sheet.rows))
    rows = [row for row in sheet.rows if row.values["answer"]]
    held = _held(rows, tables)
    said: dict[tuple[str, str], list[Row]] = defaultdict(list)
    refused = []
    for row in rows:
        fault = _fault(row, *held[row.line], review)
        if fault is None:
            one, other = sorted((row.values["record_id"], row.values["other_record_id"]))
            said[one, other].append(row)
        else:
            refused.append(_refused(row, fault))
    logged: list[dict[str, object]] = []
    for (one, other), spoken in sorted(said.items()):
        verdicts = {ANSWERS[row.values["answer"].lower()] for row in spoken}
        if len(verdicts) > 1:
            lines = ", ".join(str(row.line) for row in spoken)
            refused += [_refused(row, f"rows {lines} answer differently on the same pair") for row in spoken]
            continue
        notes = dict.fromkeys(row.values.get("note", "") for row in spoken)
        logged.append({
            "review": review.id, "record_a": one, "record_b": other, "verdict": verdicts.pop(),
            "by": spoken[0].values["reviewer"], "note": "; ".join(note for note in notes if note) or None, "raw": raw,
            "as_of": as_of,
        })  # fmt: skip
    logs = {"log.override": table("log.override").of_rows(logged)} if logged else {}
    return Taken(logs, tuple(sorted(refused, key=lambda one: one.line)))


def _held(rows: list[Row], tables: Tables) -> dict[int, tuple[bool, bool, str]]:
    """By line: whether each of the two records is there, and their titles."""
    came = [{"line": row.line} | {name: row.values[name] for name in ("record_id", "other_record_id")} for row in rows]
    with Engine(
        {"staging.record": tables["staging.record"], "staging.came": pa.Table.from_pylist(came, schema=_CAME)}
    ) as engine:
        found = engine.rows(_HERE / "answers.sql")
    return {int(str(one["line"])): (bool(one["one_known"]), bool(one["other_known"]), str(one["titles"])) for one in found}


def _fault(row: Row, one_known: bool, other_known: bool, titles: str, review: Review) -> str | None:
    """Why a row cannot be taken; None if it can."""
    values = row.values
    if values.get(EXTRA):
        return f"more cells than columns: {values[EXTRA][:80]!r}; put text with commas into quotes"
    if values["answer"].lower() not in ANSWERS:
        return f"answer {values['answer']!r} is neither same nor different"
    if values["reviewer"] not in {person.id for person in review.protocol.people}:
        return f"reviewer {values['reviewer']!r} is not in protocol.people"
    if values["record_id"] == values["other_record_id"]:
        return "a record is compared with itself"
    unknown = [values[name] for name, known in (("record_id", one_known), ("other_record_id", other_known)) if not known]
    if unknown:
        return f"no record {' nor '.join(repr(one) for one in unknown)} in this review"
    if values.get("worklist_id") and not row_fits(values, titles):
        return "ids and titles are not those that were sent; was the table sorted or pasted column by column?"
    return None


def _refused(row: Row, reason: str) -> Refused:
    return Refused(row.line, row.values.get("record_id") or "", reason, row.values)
