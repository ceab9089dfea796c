"""What stands in the diagram since a baseline: the diagram of the whole review, of a part of its rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from warehouse.account import put
from warehouse.baseline import Baseline
from warehouse.engine import Engine, Tables

_HERE = Path(__file__).parent
_PARTS = ("earlier", "previous", "moved", "record", "citation_record", "study", "search", "tally")
_READS = ("staging.record", "staging.citation_record", "staging.citation_alias", "staging.funnel", "staging.study_report",
          "staging.search", "marts.study")  # fmt: skip
_AS_THEY_ARE = ("staging.screening", "staging.reason", "staging.study_pair")


def since(tables: Tables, flow: Path, review: str, baseline: Baseline | None) -> dict[str, pa.Table]:
    """``since.flow``, ``since.tally``, and the records and searches since the baseline; nothing where there is none.

    A paper is in the flow since then if the baseline did not have it, if it stands elsewhere today, or if it waits. What was
    decided before and stands is told by what was included of it alone, as PRISMA 2020 asks of an update. ``flow`` is the SQL of
    marts.prisma_flow: each number is counted as in the diagram of the whole review, so that the same laws hold.
    """
    if baseline is None:
        return {}
    with Engine({name: tables[name] for name in _READS}) as engine:
        put(engine, "before", baseline.said)
        part = {one: engine.keep(f"since.{one}", engine.run(_HERE / f"{one}.sql", as_of=baseline.as_of)) for one in _PARTS}
    moved = {
        "staging.record": part["record"], "staging.citation_record": part["citation_record"], "staging.funnel": part["moved"],
        "staging.search": part["search"], "marts.study": part["study"],
    }  # fmt: skip
    with Engine({name: tables[name] for name in _AS_THEY_ARE} | moved) as engine:
        rows = engine.produce("marts.prisma_flow", flow, review=review)
    return {"since.flow": rows, **{f"since.{one}": part[one] for one in ("tally", "record", "search")}}
