"""What came back: worklists filled in, or a plain table of decisions; to rows of the logs, and rows refused with a reason.

A row without a decision is not decided yet, and left for later without a word. A row is never guessed at: what cannot be taken
goes back to the person with the reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.formats.worklist import Refused, Row, Sheet
from tasks.screening.entry import Entry, Rules, answer, judge
from warehouse.contract import ContractError
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = (
    "log.worklist", "staging.citation", "staging.citation_alias", "staging.citation_record", "staging.screening",
    "staging.vote",
)  # fmt: skip
NEEDED = ("reviewer", "stage", "decision")  # columns of a table that is not one of our worklists
_IDS = ("worklist_id", "citation_id", "record_id", "title")
_CAME = pa.schema([("line", pa.int64()), *((name, pa.string()) for name in _IDS)])
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Taken:
    """Rows to append to the logs vote, resolution, retrieval, removal and outcome, if they got any, and the rows refused."""

    logs: dict[str, pa.Table]
    refused: tuple[Refused, ...]
    unasked: int = 0  # votes that were taken of people who were not asked for them


def take(sheet: Sheet, raw: str, tables: Tables, review: Review, as_of: datetime) -> Taken:
    """The judgements in ``sheet``, whose file as received is ``raw``."""
    ours = {"worklist_id", "task"} <= set(sheet.columns)
    missing = [] if ours else [name for name in NEEDED if name not in sheet.columns]
    if missing:
        return Taken({}, tuple(_refused(row, f"the table has no column {', '.join(missing)}") for row in sheet.rows))
    rows = [row for row in sheet.rows if answer(row.values)]
    known = _known(rows, tables)
    entries: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    refused = []
    rules = Rules.of(review)
    for row in rows:
        judged = judge(row, known[row.line], rules, as_of)
        if isinstance(judged, str):
            refused.append(_refused(row, judged))
        else:
            entries[judged.key].append(judged)
    logs: dict[str, list[dict[str, object]]] = defaultdict(list)
    for said in entries.values():
        if len({(one.decision, one.reason) for one in said}) > 1:
            lines = ", ".join(str(one.row.line) for one in said)
            refused += [_refused(one.row, f"rows {lines} decide differently on the same paper") for one in said]
        else:
            logs[said[0].log].append(_logged(said, raw, review, as_of))
    kept = {name: table(name).of_rows(logs[name]) for name in sorted(logs)}
    unasked = sum(said[0].unasked for said in entries.values() if said[0].log == "log.vote")
    return Taken(kept, tuple(sorted(refused, key=lambda one: one.line)), unasked)


def _known(rows: list[Row], tables: Tables) -> dict[int, dict[str, Any]]:
    """What is known of each row, by line."""
    came = [{"line": row.line} | {name: row.values.get(name, "").strip() for name in _IDS} for row in rows]
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    given |= {"staging.came": pa.Table.from_pylist(came, schema=_CAME)}
    with Engine(given) as engine:
        found: list[dict[str, Any]] = engine.rows(_HERE / "known.sql")
    known = {one["line"]: one for one in found}
    if len(known) != len(found):
        twice = sorted(line for line, n in Counter(one["line"] for one in found).items() if n > 1)
        raise ContractError(f"known.sql: more than one match for rows {twice[:5]}: a key of its tables is not unique")
    return known


def _logged(said: list[Entry], raw: str, review: Review, as_of: datetime) -> dict[str, object]:
    """The row of the log. Rows that say the same of papers that are one today become one that was shown all their records."""
    first = said[0]
    shared: dict[str, object] = {
        "review": review.id,
        "citation_id": first.citation_id,
        "record_ids": sorted({record for one in said for record in one.record_ids}),
        "note": "; ".join(dict.fromkeys(one.note for one in said if one.note)) or None,
        "decided_on": first.decided_on,
        "raw": raw,
        "as_of": as_of,
    }
    if first.log == "log.retrieval":
        return shared | {"status": first.decision, "by": first.reviewer}
    if first.log == "log.outcome":
        return shared | {"stage": first.stage, "decision": first.decision, "reason": first.reason, "tool": first.tool}
    if first.log == "log.removal":
        return shared | {"decision": first.decision, "tool": first.tool, "by": first.reviewer}
    shared |= {"stage": first.stage, "round": first.round, "decision": first.decision, "reason": first.reason}
    if first.log == "log.vote":
        rules, worklist_id = review.protocol.eligibility.version, first.row.values.get("worklist_id") or None
        return shared | {"reviewer": first.reviewer, "eligibility": rules, "worklist_id": worklist_id}
    if first.reviewer in first.voters:
        return shared | {"how": "discussion", "by": sorted(first.voters)}
    return shared | {"how": "third", "by": [first.reviewer]}


def _refused(row: Row, reason: str) -> Refused:
    return Refused(row.line, row.values.get("citation_id") or row.values.get("record_id") or "", reason, row.values)
