"""Codings, verifications and draws as they stand today: what the stage's tables and its worklists rest on."""

from __future__ import annotations

from pathlib import Path

from tasks.extraction.recoding import translate
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine, Tables
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent
_LOGS = ("log.draw", "log.coding", "log.verification", "log.worklist")


def with_logs(tables: Tables) -> Tables:
    """``tables``, with an empty table for each log of this stage that nothing was written to yet."""
    return {**{name: table(name).empty() for name in _LOGS}, **tables}


def locate(engine: Engine) -> None:
    """Keeps in ``engine`` which present citation each logged row belongs to. Needs staging.citation_record and the logs."""
    engine.keep("staging.belongs", engine.run(_HERE / "belongs.sql"))


def compare(engine: Engine, codebook: Codebook) -> None:
    """Keeps, after `locate`, each coding as a whole, and which codings were replaced. Needs staging.dimension, too."""
    translate(engine, codebook)
    engine.keep("staging.coding_set", engine.run(_HERE / "coding_set.sql"))


def prepare(engine: Engine, codebook: Codebook) -> None:
    """Keeps all of that, and the draw and the state of each included study. Needs staging.funnel, too."""
    locate(engine)
    compare(engine, codebook)
    engine.keep("staging.draw", engine.produce("staging.draw", _HERE / "draw_today.sql"))
    engine.keep("staging.study", engine.run(_HERE / "study.sql"))
