"""The worklist of pairs that may be one paper: two records side by side, for a person to say whether they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.formats.question import Choice, Question
from tasks.formats.worklist import Worklist, check, fits, shortened
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

TASK = "duplicates"
READS = ("log.override", "log.worklist", "staging.record", "staging.record_pair", "staging.citation_record")
SHOWN = ("title", "authors", "year", "place", "doi", "database", "abstract")
COLUMNS = (
    "worklist_id", "task", "reviewer", "record_id", "other_record_id", "check", "why",
    *(name for one in SHOWN for name in (one, f"other_{one}")), "answer", "note",
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
    identity = _unused(f"{TASK}-{reviewer}-{as_of:%Y%m%d}", known)
    rows = tuple(_row(identity, reviewer, pair) for pair in pairs)
    issued = [
        {
            "review": review.id, "worklist_id": identity, "as_of": as_of, "task": TASK, "reviewer": reviewer, "round": 1,
            "citation_id": pair["citation_id"], "record_ids": sorted([pair["one"]["record_id"], pair["other"]["record_id"]]),
            "position": pair["position"],
        }
        for pair in pairs
    ]  # fmt: skip
    return [Worklist(identity, TASK, reviewer, COLUMNS, rows, QUESTIONS, GUIDE)], table("log.worklist").of_rows(issued)


def _who(review: Review) -> str | None:
    """The first librarian; without one the first who settles conflicts, else the first reviewer."""
    for role in ("librarian", "adjudicator", "reviewer"):
        for person in review.protocol.people:
            if role in person.roles:
                return person.id
    return None


def _unused(wanted: str, known: set[str]) -> str:
    """``wanted``, or with the first free number: several lists may go out on one day."""
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(known) + 2))
    return next(name for name in numbered if name not in known)


def _row(identity: str, reviewer: str, pair: Mapping[str, Any]) -> dict[str, str]:
    cells = {"worklist_id": identity, "task": TASK, "reviewer": reviewer, "why": str(pair["explanation"])}
    for prefix, record in (("", pair["one"]), ("other_", pair["other"])):
        cells[f"{prefix}record_id"] = record["record_id"]
        for name in SHOWN:
            value = record[name]
            text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
            cells[f"{prefix}{name}"] = shortened(text)
    return cells | {"check": check(*checked(cells))}


def checked(values: Mapping[str, str]) -> tuple[str, str, str]:
    """What the check of a row is made of: the list, both ids, both titles."""
    ids = f"{values.get('record_id', '')} {values.get('other_record_id', '')}"
    return values.get("worklist_id", ""), ids, f"{values.get('title', '')} {values.get('other_title', '')}"


def row_fits(values: Mapping[str, str], titles: str) -> bool:
    """Whether a row's check fits what the row says; ``titles`` are the two that we hold (`tasks.formats.worklist.fits`)."""
    identity, ids, given = checked(values)
    return fits({"worklist_id": identity, "citation_id": ids, "title": given, "check": values.get("check", "")}, titles)
