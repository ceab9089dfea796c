"""All declared tables, found by their qualified name."""

from __future__ import annotations

from warehouse.contract import ContractError, Stage, Table
from warehouse.tables.log import LOG
from warehouse.tables.marts import MARTS
from warehouse.tables.meta import META
from warehouse.tables.published import PUBLISHED
from warehouse.tables.staging import STAGING

TABLES: dict[str, Table] = {table.qualified: table for table in (*LOG, *PUBLISHED, *STAGING, *MARTS, *META)}


def table(name: str) -> Table:
    """The declaration of ``staging.record`` and the like."""
    try:
        return TABLES[name]
    except KeyError:
        raise ContractError(f"no table {name!r} is declared in warehouse/tables") from None


def written_by(stage: Stage) -> tuple[Table, ...]:
    """The tables of the release that a stage writes (logs are not among them)."""
    return tuple(one for one in TABLES.values() if one.stage is stage and one.schema != "log")
