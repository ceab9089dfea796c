"""Record versions become staged records; searches that were not counted yet are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from tasks.records.frame import frame
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent

# Jaro-Winkler of two titles under one database id. Corrections of a title stay above it; titles of different papers, whose ids
# are row numbers or were typed wrong, lie far below (about 0.5 for unrelated titles of usual length).
SAME_TITLE = 0.8


@dataclass(frozen=True, slots=True)
class Counted:
    """New rows of the logs for searches whose files were read for the first time."""

    first_seen: pa.Table
    outcome: pa.Table
    receipt: pa.Table


def count(review: Review, entry: pa.Table, reject: pa.Table, tables: Tables, as_of: datetime) -> Counted:
    """What each search brought that has no receipt yet, from log.import, log.search, log.receipt and log.first_seen."""
    with Engine({**tables, "staging.entry": entry, "staging.reject": reject}) as engine:
        version = engine.keep("staging.version", engine.run(_HERE / "versions.sql", same_title=SAME_TITLE))
        counts = {row["search_id"]: row for row in engine.rows(_HERE / "counts.sql")}
        known = {row["record_id"] for row in engine.rows("SELECT record_id FROM log.first_seen")}
        counted = {row["search_id"] for row in engine.rows("SELECT search_id FROM log.receipt")}
        waiting = [row for row in engine.rows("SELECT search_id, files FROM log.search") if row["search_id"] not in counted]
    versions = version.select(["search_id", "source_id", "record_id", "raw", "path", "seen"]).to_pylist()
    ids = {str(row["search_id"]) for row in waiting}
    pending = [row for row in versions if row["search_id"] in ids]
    return Counted(
        first_seen=table("log.first_seen").of_rows(
            {"review": review.id, "record_id": row["record_id"], "search_id": row["search_id"], "as_of": as_of}
            for row in pending if row["seen"] == "new" and row["record_id"] not in known
        ),
        outcome=_outcomes(review, pending, as_of),
        receipt=table("log.receipt").of_rows(_receipt(review, counts[search_id], as_of) for search_id in sorted(ids)),
    )  # fmt: skip


def derive(review: Review, entry: pa.Table, reject: pa.Table, tables: Tables) -> dict[str, pa.Table]:
    """The stage's tables from log.import, log.search, log.receipt, log.first_seen, and what people wrote beside."""
    synthetic = review.protocol.release.synthetic is not None
    with Engine({**tables, "staging.entry": entry, "staging.reject": reject}) as engine:
        engine.keep("staging.version", engine.run(_HERE / "versions.sql", same_title=SAME_TITLE))
        return {
            "staging.search": engine.produce("staging.search", _HERE / "search.sql"),
            "staging.search_line": engine.produce("staging.search_line", _HERE / "search_line.sql"),
            "staging.asked": engine.produce("staging.asked", _HERE / "asked.sql"),
            "staging.known_paper": engine.produce("staging.known_paper", _HERE / "known_paper.sql", review=review.id),
            "staging.synthesis": engine.produce("staging.synthesis", _HERE / "synthesis.sql"),
            "staging.consultation": engine.produce("staging.consultation", _HERE / "consultation.sql"),
            "staging.next_step": engine.produce("staging.next_step", _HERE / "next_step.sql"),
            "staging.record": engine.produce("staging.record", _HERE / "record.sql", review=review.id, synthetic=synthetic),
            "staging.record_search": engine.produce("staging.record_search", _HERE / "record_search.sql", review=review.id),
            "staging.quarantine": engine.produce("staging.quarantine", _HERE / "quarantine.sql", review=review.id),
            **frame(review),
        }


def _receipt(review: Review, counts: dict[str, object], as_of: datetime) -> dict[str, object]:
    brought = {name: int(str(counts[name])) for name in ("new", "changed", "repeated", "quarantined")}
    before = int(str(counts["quarantined_before"]))
    search = {"review": review.id, "search_id": counts["search_id"], "as_of": as_of}
    return {**search, **brought, "quarantined_before": before, "got": sum(brought.values())}


def _outcomes(review: Review, pending: list[dict[str, str]], as_of: datetime) -> pa.Table:
    """Decisions that came with a file on every record in it; they follow the record, whatever citation it becomes part of."""
    declared = {(search.source, name): search.outcome for search in review.searches.searches for name in search.files}
    rows: dict[tuple[str, str, str], dict[str, object]] = {}
    for version in pending:
        outcome = declared.get((version["source_id"], version["path"]))
        if outcome is not None:
            alone = "c" + sha256(version["record_id"].encode()).hexdigest()[:16]
            rows[version["raw"], version["record_id"], outcome.stage] = {
                "review": review.id, "citation_id": alone, "record_ids": [version["record_id"]], "stage": outcome.stage,
                "decision": outcome.decision, "reason": outcome.reason, "tool": outcome.tool, "decided_on": outcome.decided_on,
                "raw": version["raw"], "as_of": as_of,
            }  # fmt: skip
    return table("log.outcome").of_rows(rows.values())
