"""Records to citations: which records are the same paper, why, and what its one row says (docs/dedup.md)."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tasks.dedup import thresholds
from tasks.dedup.cluster import cluster
from tasks.dedup.increment.kept import Kept
from warehouse.configuration.protocol import Versions
from warehouse.engine import Engine, Tables

SQL = Path(__file__).parent

COMPARISON = (
    "number", "normalise", "sketch", "container", "identical", "keys", "block", "compare", "decide", "trait",
)  # fmt: skip
"""The steps from records to decisions on pairs, in order; each is a file of this folder that can be read alone."""

CONCLUSION = ("band", "relation", "merge")
"""The steps from groups to what is told of them."""

PRODUCTS = ("record_pair", "citation", "citation_record", "citation_field", "citation_alias", "citation_relation")
"""The tables of the stage, each the result of the file of its name."""


def deduplicate(tables: Tables, versions: Versions = "together", kept: Path | None = None) -> dict[str, pa.Table]:
    """The tables of the stage from ``staging.record`` and ``log.override``; ``versions`` is the protocol's ``dedup.versions``.

    Pure and deterministic: the result does not depend on the order of the rows or on the number of threads, because every
    choice rests on a total order that ends in (first_seen, record_id). Nor does it depend on ``kept``, a file in which a
    run leaves its comparisons, so that the next one compares only records that are new or changed.
    """
    with Engine(tables) as engine:
        return conclude(engine, group(engine, versions, kept))


def group(engine: Engine, versions: Versions = "together", kept: Path | None = None) -> dict[str, object]:
    """Leaves ``trait`` (each record's number ``n``, id and more) and ``membership`` (n, founder) in ``engine``.

    Gives back the values that are bound in SQL.
    """
    values = {**thresholds.values(), "versions_together": versions == "together"}
    engine.run(SQL / "comparisons.sql")
    if kept is None:
        compare(engine, values)
    else:
        Kept(engine, kept, values).bring_up_to_date(lambda: compare(engine, values))
    engine.run(SQL / "links.sql", **values)
    cluster(engine)
    return values


def conclude(engine: Engine, values: dict[str, object]) -> dict[str, pa.Table]:
    """The tables of the stage, from what `group` left in ``engine``."""
    for step in CONCLUSION:
        engine.run(SQL / f"{step}.sql", **values)
    return {f"staging.{name}": engine.produce(f"staging.{name}", SQL / f"{name}.sql", **values) for name in PRODUCTS}


def compare(engine: Engine, values: dict[str, object]) -> None:
    """Compares all records that share a key; leaves ``trait``, ``key``, ``identical`` and ``decision``."""
    for step in COMPARISON:
        engine.run(SQL / f"{step}.sql", **values)
