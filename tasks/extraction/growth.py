"""When two coders agree too little: on which dimensions, and by which studies the double-coded sample grows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tasks.extraction.standing import prepare, with_logs
from warehouse import engine as warehouse_engine
from warehouse.engine import Engine, Tables
from warehouse.review import Review

_HERE = Path(__file__).parent
_AGREEMENT = Path(warehouse_engine.__file__).with_name("marts") / "coding_agreement.sql"  # the numbers that the mart shows
_NOT_CODED_BY_TWO = """
    SELECT study_id FROM staging.study WHERE "double" AND state IN ('uncoded', 'coded_once', 'awaiting_recoding')
"""
_BELOW = """
    SELECT agreement.*
    FROM marts.coding_agreement AS agreement
    JOIN staging.dimension AS dimension USING (dimension)  -- 1:1
    WHERE agreement.studies >= $studies AND agreement.observed < $least AND dimension.appraisers = 1
    ORDER BY agreement.observed, agreement.position
"""  # what two people judge of every study needs no larger sample


def too_little(tables: Tables, review: Review) -> pa.Table:
    """Rows of marts.coding_agreement as of today below the share of extraction.agreement, the lowest first."""
    with Engine(with_logs(tables)) as engine:
        prepare(engine, review.codebook)
        return _below(engine, review)


def candidates(tables: Tables, review: Review) -> tuple[pa.Table, int]:
    """What the sample may grow by (citation_id, record_ids, stratum; by lot in their stratum), and how many are drawn.

    It grows once every study in it has been coded by two, for only then is it known whether it was enough. A second person can
    code alone only what nobody was asked to verify.
    """
    rules = review.protocol.extraction
    if rules.agreement is None:
        return pa.table({}), 0
    with Engine(with_logs(tables)) as engine:
        prepare(engine, review.codebook)
        if engine.run(_NOT_CODED_BY_TWO).num_rows or not _below(engine, review).num_rows:
            return pa.table({}), 0
        drawn = engine.run("SELECT citation_id FROM staging.draw").num_rows
        return engine.run(_HERE / "growth.sql", seed=rules.seed), drawn


def _below(engine: Engine, review: Review) -> pa.Table:
    for name in ("coding", "study_extraction"):
        engine.keep(f"staging.{name}", engine.produce(f"staging.{name}", _HERE / f"{name}.sql"))
    engine.keep("marts.coding_agreement", engine.produce("marts.coding_agreement", _AGREEMENT, review=review.id))
    rule = review.protocol.extraction.agreement
    return engine.run(_BELOW, studies=rule.studies if rule else 1, least=rule.least if rule else 0.0)
