"""What each mart is made of, as its SQL says."""

from __future__ import annotations

import re
from pathlib import Path

from tasks.marts.build import ORDER, SQL
from warehouse import account
from warehouse.tables.catalogue import TABLES

_COMMENT = re.compile(r"--[^\n]*")
_TABLE = re.compile(r"\b(log|staging|marts|meta|before|after|since)\.([a-z_]+)\b")


def lineage() -> dict[str, frozenset[str]]:
    """The tables that each mart reads, by qualified name.

    A comparison reads what the release before left in the log (`log.published_study`), and what this one will leave there: of
    that, the tables that it is made of. What has come since a baseline is a part of what there is.
    """
    return {f"marts.{mart}": _read(SQL / f"{mart}.sql") - {f"marts.{mart}"} for mart in ORDER}


def _read(sql: Path) -> frozenset[str]:
    found: set[str] = set()
    for schema, name in _TABLE.findall(_COMMENT.sub("", sql.read_text(encoding="utf-8"))):
        if schema == "before" and f"log.published_{name}" in TABLES:
            found.add(f"log.published_{name}")
        elif schema == "after" and f"log.published_{name}" in TABLES:
            found |= _read(account.SQL / f"published_{name}.sql")
        elif schema == "since" and name in ("record", "search"):
            found.add(f"staging.{name}")
        elif schema == "since" and name in ("flow", "tally"):
            found.add("marts.prisma_flow")
        elif f"{schema}.{name}" in TABLES:  # else a column of a table that is called so in the query
            found.add(f"{schema}.{name}")
    return frozenset(found)
