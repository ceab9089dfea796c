"""Where every citation stands, derived anew from the logs each time: they are the truth, these tables its latest reading."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.screening import states
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

READS = ("staging.citation", "staging.citation_record", "log.vote", "log.tool_vote", "log.resolution", "log.outcome",
         "log.retrieval", "log.removal", "log.pilot", "log.worklist")  # fmt: skip
_HERE = Path(__file__).parent


def stand(tables: Tables, review: Review, as_of: datetime) -> dict[str, pa.Table]:
    """staging.vote, tool_vote, resolution, outcome, screening, removal, funnel and agreement_pair, from logs and citations.

    ``as_of`` is the moment of the latest input: amendments of a later day are not in force yet. Logs that are not among
    ``tables`` are taken as empty: a review that has not begun to screen has none.
    """
    rules = review.protocol.screening
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    given |= {"staging.transition": states.transitions(), "staging.decision": states.decisions()}
    given |= {"staging.again": _again(review, as_of)}
    made: dict[str, pa.Table] = {}
    with Engine(given) as engine:
        engine.run(_HERE / "judgement.sql")
        engine.run(_HERE / "retrieved.sql")
        engine.run(_HERE / "removed.sql")
        for name in ("vote", "tool_vote", "resolution", "outcome"):
            made[f"staging.{name}"] = engine.produce(f"staging.{name}", _HERE / f"{name}.sql")
        made["staging.screening"] = engine.keep(
            "staging.screening",
            engine.produce(
                "staging.screening",
                _HERE / "screening.sql",
                needed_title_abstract=rules.title_abstract.reviewers,
                needed_full_text=rules.full_text.reviewers,
                tool=rules.title_abstract.tool,
                tool_decides=rules.title_abstract.tool_decides,
            ),
        )
        made["staging.removal"] = engine.keep("staging.removal", engine.produce("staging.removal", _HERE / "removal.sql"))
        for name in ("funnel", "agreement_pair"):
            made[f"staging.{name}"] = engine.produce(f"staging.{name}", _HERE / f"{name}.sql")
    return made


def _again(review: Review, as_of: datetime) -> pa.Table:
    """What amendments put in question: a row for each reason, or one with none where the reason does not matter."""
    shape = pa.schema([("stage", pa.string()), ("decision", pa.string()), ("reason", pa.string()), ("amended_on", pa.date32())])
    rows = [
        {"stage": one.stage, "decision": one.decision, "reason": reason, "amended_on": amendment.date}
        for amendment in review.amendments.amendments
        if amendment.date <= as_of.date()
        for one in amendment.screen_again
        for reason in one.reasons or (None,)
    ]
    return pa.Table.from_pylist(rows, schema=shape)
