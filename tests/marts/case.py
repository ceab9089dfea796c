"""Reads cases of the mart tests: tables written as columns and rows in YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from tasks.marts.build import READS_LOGS
from warehouse.baseline import SAID, Baseline
from warehouse.configuration.amendments import Amendments
from warehouse.configuration.codebook import Codebook, Dimension
from warehouse.configuration.protocol import Exchange, MapSettings, Person, Protocol, Synthesis, View
from warehouse.configuration.searches import Searches
from warehouse.configuration.sources import Source
from warehouse.contract import Table
from warehouse.review import Review
from warehouse.tables.catalogue import TABLES, table

HERE = Path(__file__).parent
REVIEW = Review(
    folder=HERE,
    protocol=Protocol(
        review="care",
        version="1",
        title="Care",
        question="What is there?",
        people=(
            *(Person(id=one, roles=("reviewer", "coder")) for one in ("ann", "bob", "cyd")),
            Person(id="eve", roles=("expert",)),
        ),
        exchange=Exchange(overdue_days=28),
        sources=(Source(id="one", database="One"),),
        map=MapSettings(views=(View(id="main", title="Main", rows=("level",), columns=("outcome",)),)),
        synthesis=Synthesis(minimum_studies=2),
    ),
    codebook=Codebook(version="1", dimensions=(Dimension(id="unused", label="The tables say it", text=True),)),
    amendments=Amendments(),
    searches=Searches(),
)
BLANK: dict[str, object] = {"VARCHAR": "", "VARCHAR[]": [], "INTEGER": 0, "BIGINT": 0, "BOOLEAN": False}


@dataclass(frozen=True, slots=True)
class Expected:
    """Rows that a mart is to have, on some of its columns."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    where: dict[str, Any]
    leaving_out: dict[str, Any]

    def of(self, data: pa.Table) -> list[dict[str, Any]]:
        """The rows of a mart that are compared with ``rows``."""
        looked_at = [
            row
            for row in data.to_pylist()
            if all(row[name] == value for name, value in self.where.items())
            and not (self.leaving_out and all(row[name] == value for name, value in self.leaving_out.items()))
        ]
        return [{name: row[name] for name in self.columns} for row in looked_at]


def names() -> list[str]:
    """All cases."""
    return sorted(path.name for path in (HERE / "cases").iterdir())


def given(case: str) -> dict[str, pa.Table]:
    """Every staging table of a case."""
    tables = {name: declared.empty() for name, declared in TABLES.items() if declared.schema == "staging" or name in READS_LOGS}
    for folder in (HERE / "codebook", HERE / "cases" / case / "given"):
        for path in sorted(folder.glob("*.yaml")):
            tables[path.stem] = of_rows(table(path.stem), _repeated(_read(path)))
    if not tables["staging.study_report"].num_rows:
        tables["staging.study_report"] = reports_alone(tables["staging.funnel"])
    return tables


def baseline(tables: dict[str, pa.Table]) -> Baseline | None:
    """The release of 31 January 2024 that a case starts from, if it gives what that one said."""
    said = {one: tables.get(f"log.{one}") for one in SAID}
    given = all(rows and set(rows.column("release_id").to_pylist()) == {"baseline"} for rows in said.values())
    return Baseline("1.0", datetime(2024, 1, 31), said) if given else None


def reports_alone(funnel: pa.Table) -> pa.Table:
    """staging.study_report where nobody has tied any reports together: each is a study of its own."""
    return of_rows(
        table("staging.study_report"),
        [
            {"citation_id": row["citation_id"], "study_id": row["citation_id"], "ongoing": row["position"] == "ongoing"}
            for row in funnel.to_pylist()
            if row["position"] in ("included", "ongoing")
        ],
    )


def expected(case: str) -> dict[str, Expected]:
    """What the marts of a case are to be."""
    found = {}
    for path in sorted((HERE / "cases" / case / "expected").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[path.stem] = Expected(
            tuple(content["columns"]), _read(path), content.get("where", {}), content.get("leaving_out", {})
        )
    return found


def of_rows(declared: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """A table of rows that name only the columns that matter."""
    blank = {column.name: BLANK.get(column.type) for column in declared.columns if not column.nullable}
    return declared.of_rows([blank | {"review": "care"} | row for row in rows])


def _read(path: Path) -> list[dict[str, Any]]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]


def _repeated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = []
    for row in rows:
        times = row.pop("times", None)
        first = next(iter(row))
        result += [row] if times is None else [row | {first: f"{row[first]}-{n}"} for n in range(1, times + 1)]
    return result
