"""Codings, verifications and draws as they stand today: what the stage's tables and its worklists rest on."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tasks.extraction.recoding import translate
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent
_REPORTS = _HERE / "reports"
_EMPTY = ("log.draw", "log.coding", "log.verification", "log.worklist", "log.study_link", "staging.citation_relation",
          "staging.record_pair")  # fmt: skip

_LAST = "staging.study"


def with_logs(tables: Tables) -> Tables:
    """``tables``, with an empty table for each that may be absent, such as logs that nothing was written to yet."""
    return {**{name: table(name).empty() for name in _EMPTY}, **tables}


def held(tables: Tables, review: Review) -> dict[str, pa.Table]:
    """All that `prepare` keeps: among the tables of an engine, nothing of it is made again.

    Whoever puts another log among the tables has it made anew, by this.
    """
    with Engine(with_logs({name: rows for name, rows in tables.items() if name != _LAST})) as engine:
        prepare(engine, review.codebook)
        return dict(engine.kept)


def locate(engine: Engine) -> None:
    """Keeps in ``engine`` which reports are of one study, and which present study each logged row belongs to.

    Needs staging.citation, staging.citation_record, staging.funnel and the logs.
    """
    if _LAST in engine:
        return
    engine.keep("staging.today", engine.run(_REPORTS / "today.sql"))
    engine.keep("staging.linked", engine.run(_REPORTS / "said.sql"))
    engine.keep("staging.study_report", engine.produce("staging.study_report", _REPORTS / "study_report.sql"))
    engine.keep("staging.belongs", engine.run(_HERE / "belongs.sql"))


def link(engine: Engine) -> None:
    """Keeps, after what `locate` keeps, the pairs of reports that may be of one study."""
    if _LAST in engine:
        return
    locate(engine)
    engine.keep("staging.study_pair", engine.produce("staging.study_pair", _REPORTS / "study_pair.sql"))


def compare(engine: Engine, codebook: Codebook) -> None:
    """Keeps, after `locate`, each coding and appraisal as a whole, and which were replaced. Needs staging.dimension, too."""
    if _LAST in engine:
        return
    translate(engine, codebook)
    engine.keep("staging.part", engine.run(_HERE / "extracted.sql"))
    engine.keep("staging.coding_set", engine.run(_HERE / "coding_set.sql"))
    appraised = engine.keep("staging.appraised", engine.run(_HERE / "appraised.sql"))
    engine.keep("staging.part", appraised)
    engine.keep("staging.appraisal_set", engine.run(_HERE / "coding_set.sql"))


def prepare(engine: Engine, codebook: Codebook) -> None:
    """Keeps all of that, the draw, and the state of each included study. Needs staging.funnel, too."""
    if _LAST in engine:
        return
    link(engine)
    compare(engine, codebook)
    engine.keep("staging.draw", engine.produce("staging.draw", _HERE / "draw_today.sql"))
    engine.keep("staging.appraisal", engine.run(_HERE / "appraisal.sql"))
    engine.keep(_LAST, engine.run(_HERE / "study.sql"))
