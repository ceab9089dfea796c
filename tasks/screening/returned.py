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
from tasks.screening.entry import Entry, Judge, Judgement, Rules, answer
from warehouse.contract import ContractError
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = (
    "log.worklist", "staging.citation", "staging.citation_alias", "staging.citation_record", "staging.screening",
    "staging.vote", "staging.tool_vote",
)  # fmt: skip
NEEDED = ("reviewer", "stage", "decision")  # columns of a table that is not one of our worklists
_IDS = ("worklist_id", "citation_id", "record_id", "title")
_CAME = pa.schema([("line", pa.int64()), *((name, pa.string()) for name in _IDS)])
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Taken:
    """Rows to append to the logs vote, tool_vote, resolution, retrieval, removal and outcome, and the rows refused."""

    logs: dict[str, pa.Table]
    refused: tuple[Refused, ...]
    unasked: int = 0  # votes that were taken of people who were not asked for them


def take(sheet: Sheet, raw: str, tables: Tables, review: Review, as_of: datetime) -> Taken:
    """The judgements in ``sheet``, whose file as received is ``raw``."""
    ours = {"worklist_id", "task"} <= set(sheet.columns)
    missing = [] if ours else [name for name in NEEDED if name not in sheet.columns]
    if missing:
        return Taken({}, tuple(_refused(row, f"the table has no column {', '.join(missing)}") for row in sheet.rows))
    rows = sorted((row for row in sheet.rows if answer(row.values)), key=lambda row: row.line)
    known, circumstances = _known(rows, tables, review.protocol.screening.title_abstract.tool)
    judge = Judge(Rules.of(review), circumstances, as_of)
    entries: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    refused = []
    papers = zip(*(known.column(name).to_pylist() for name in ("citation_id", "title", "circumstances")), strict=True)
    for place, (row, paper) in enumerate(zip(rows, papers, strict=True)):
        entry = judge.entry(row, place, *paper)
        if isinstance(entry, str):
            refused.append(_refused(row, entry))
        else:
            entries[entry.key].append(entry)
    logs: dict[str, list[list[Entry]]] = defaultdict(list)
    for said in entries.values():
        if len(said) > 1 and len({(one.said.decision, one.said.reason) for one in said}) > 1:
            lines = ", ".join(str(one.row.line) for one in said)
            refused += [_refused(one.row, f"rows {lines} decide differently on the same paper") for one in said]
        else:
            logs[said[0].said.log].append(said)
    kept = {name: _logged(name, logs[name], known.column("record_ids"), raw, review, as_of) for name in sorted(logs)}
    unasked = sum(said[0].said.unasked for said in logs["log.vote"])
    return Taken(kept, tuple(sorted(refused, key=lambda one: one.line)), unasked)


def _known(rows: list[Row], tables: Tables, tool: str | None) -> tuple[pa.Table, list[dict[str, Any]]]:
    """What is known of each row, in their order, and the circumstances that it names by number."""
    came = {name: [row.values.get(name, "").strip() for row in rows] for name in _IDS}
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    given |= {"staging.came": pa.table({"line": [row.line for row in rows], **came}, schema=_CAME)}
    with Engine(given) as engine:
        known = engine.keep("staging.known", engine.run(_HERE / "known.sql", tool=tool))
        circumstances: list[dict[str, Any]] = engine.rows(_HERE / "circumstances.sql")
    lines = known.column("line").to_pylist()
    if lines != [row.line for row in rows]:
        twice = sorted(line for line, n in Counter(lines).items() if n > 1)
        raise ContractError(f"known.sql: more than one match for rows {twice[:5]}: a key of its tables is not unique")
    return known, circumstances


def _logged(
    name: str, entries: list[list[Entry]], record_ids: pa.ChunkedArray, raw: str, review: Review, as_of: datetime
) -> pa.Table:
    """The rows of a log: what many papers have in common is written down once, and taken for each of them.

    Rows that say the same of papers that are one today become one that was shown all their records.
    """
    places: dict[tuple[object, ...], int] = {}
    rows: list[dict[str, object]] = []
    which = []
    for said in entries:
        note = "; ".join(dict.fromkeys(one.note for one in said if one.note)) or None
        worklist_id = said[0].row.values.get("worklist_id") or None
        key = (said[0].said, note, worklist_id)
        if key not in places:
            places[key] = len(rows)
            rows.append(_said(said[0].said, worklist_id, review) | {"note": note, "raw": raw, "as_of": as_of})
        which.append(places[key])
    shown = record_ids.take(pa.array([said[0].place for said in entries]))
    if any(len(said) > 1 for said in entries):
        lists = record_ids.to_pylist()
        shown = pa.array([sorted({one for entry in said for one in lists[entry.place]}) for said in entries], shown.type)
    declared = table(name)
    papers = {"citation_id": pa.array([said[0].citation_id for said in entries]), "record_ids": shown}
    made = declared.of_rows(rows).take(pa.array(which)).drop_columns(list(papers))
    for column, values in papers.items():
        made = made.append_column(column, values)
    return declared.conform(made)


def _said(said: Judgement, worklist_id: str | None, review: Review) -> dict[str, object]:
    """The cells of a log's row that are the same for each paper on which somebody says this."""
    shared: dict[str, object] = {"review": review.id, "decided_on": said.decided_on}
    if said.log == "log.retrieval":
        return shared | {"status": said.decision, "by": said.reviewer}
    if said.log == "log.outcome":
        return shared | {"stage": said.stage, "decision": said.decision, "reason": said.reason, "tool": said.tool}
    if said.log == "log.removal":
        return shared | {"decision": said.decision, "tool": said.tool, "by": said.reviewer}
    shared |= {"stage": said.stage, "round": said.round, "decision": said.decision}
    if said.log == "log.tool_vote":
        return shared | {"tool": said.tool, "by": said.reviewer}
    shared |= {"reason": said.reason}
    if said.log == "log.vote":
        rules = review.protocol.eligibility.version
        return shared | {"reviewer": said.reviewer, "eligibility": rules, "worklist_id": worklist_id}
    if said.reviewer in said.voters:
        return shared | {"how": "discussion", "by": sorted(said.voters)}
    return shared | {"how": "third", "by": [said.reviewer]}


def _refused(row: Row, reason: str) -> Refused:
    return Refused(row.line, row.values.get("citation_id") or row.values.get("record_id") or "", reason, row.values)
