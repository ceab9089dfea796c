"""From the logs of this stage to where each included study stands today."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tasks.extraction.standing import prepare, with_logs
from warehouse.engine import Engine, Tables
from warehouse.review import Review

_HERE = Path(__file__).parent


def stand(tables: Tables, review: Review) -> dict[str, pa.Table]:
    """staging.study_report, study_pair, draw, coding, study_extraction, study_coding and proposed_code.

    Needs staging.citation, citation_record, funnel, dimension, and this stage's logs. What counts as
    a dimension is read from staging.dimension, so that the tables of a release are explained by its own rows.
    """
    with Engine(with_logs(tables)) as engine:
        prepare(engine, review.codebook)
        engine.keep("staging.holding", engine.run(_HERE / "holding.sql"))
        return {
            "staging.study_report": engine.produce("staging.study_report", "SELECT * FROM staging.study_report"),
            "staging.study_pair": engine.produce("staging.study_pair", "SELECT * FROM staging.study_pair"),
            "staging.draw": engine.produce("staging.draw", "SELECT * FROM staging.draw"),
            "staging.coding": engine.produce("staging.coding", _HERE / "coding.sql"),
            "staging.study_extraction": engine.produce("staging.study_extraction", _HERE / "study_extraction.sql"),
            "staging.study_coding": engine.produce("staging.study_coding", _HERE / "study_coding.sql"),
            "staging.proposed_code": engine.produce("staging.proposed_code", _HERE / "proposed_code.sql"),
        }
