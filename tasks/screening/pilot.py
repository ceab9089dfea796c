"""Pilot rounds: papers that all reviewers of a stage screen before the others go out, so that the rules can be talked over."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.screening import roster
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = ("log.worklist", "log.pilot", "staging.citation_record", "staging.screening", "staging.vote")
_HERE = Path(__file__).parent
_OPEN = """
    SELECT stage, reviewer, count(*) FILTER (NOT voted) AS papers FROM pilot GROUP BY stage, reviewer
    HAVING papers > 0 ORDER BY stage DESC, reviewer
"""


def draw(tables: Tables, review: Review, as_of: datetime) -> pa.Table:
    """The rows of log.pilot to add: what was drawn stays, and there are as many as the protocol asks for."""
    with Engine(_given(tables, review)) as engine:
        rows = engine.rows(_HERE / "pilot_draw.sql")
    return table("log.pilot").of_rows({**row, "as_of": as_of} for row in rows)


def still_open(tables: Tables, review: Review) -> list[tuple[str, str, int]]:
    """Stage, reviewer and how many papers of an open pilot that one still has to screen; none where no pilot is open."""
    with Engine(_given(tables, review)) as engine:
        engine.run(_HERE / "pilot.sql")
        return [(str(row["stage"]), str(row["reviewer"]), int(str(row["papers"]))) for row in engine.rows(_OPEN)]


def _given(tables: Tables, review: Review) -> dict[str, Handle]:
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    return given | roster.tables(review)
