"""The gate: runs the expectations of a stage as SQL inside DuckDB through Great Expectations, and gives a verdict."""

from __future__ import annotations

import json
import logging
import math
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from expectations import structure
from expectations.law import Check, Severity
from expectations.suites import LAWS
from warehouse.contract import Stage
from warehouse.engine import Engine, literal, quoted
from warehouse.tables.meta import QUALITY_CHECK

EXAMPLES = 20
SHOWN = 3  # failing rows that a line names
LONGEST = 200
_GX_SEVERITY = {Severity.STOP: "critical", Severity.REPORT: "warning"}
_BIND = re.compile(r"(?<![:\w\\]):(?=\w)")  # what sqlalchemy.text would read as a parameter


class GateError(Exception):
    """A check cannot be run because a table is missing: never the same as a check that passed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that failed."""

    check_id: str
    meaning: str
    failing: int
    examples: str | None
    remedy: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the release may go out; what stops it, what is only reported, and both in a line."""

    stopped: bool
    failures: tuple[Finding, ...]
    reports: tuple[Finding, ...]
    summary: str


def check(stage: Stage, tables: Mapping[str, Path], review: str) -> pa.Table:
    """`meta.quality_check` of a stage: one row per expectation about its tables.

    ``tables`` are the Parquet files of all tables made so far by qualified name, logs too where a law compares with them.
    Raises `GateError` where a table that is needed is not among them.
    """
    checks = planned(stage, tables, review)
    failed = _validate(checks, tables)
    rows = []
    with Engine(tables) as engine:
        for position, one in enumerate(checks):
            failing, examples = _evidence(engine, one, failed[position]) if position in failed else (0, None)
            rows.append({
                "review": review, "check_id": f"{stage}.{one.table.partition('.')[2]}.{one.name}", "stage": str(stage),
                "table": one.table, "meaning": one.meaning, "severity": str(one.severity), "passed": position not in failed,
                "failing": failing, "examples": examples, "remedy": one.remedy,
            })  # fmt: skip
    return QUALITY_CHECK.of_rows(sorted(rows, key=lambda row: str(row["check_id"])))


def verdict(checks: pa.Table) -> Verdict:
    """What the rows of `meta.quality_check`, of one stage or of all, mean for the release."""
    found: dict[str, list[Finding]] = {Severity.STOP: [], Severity.REPORT: []}
    for row in checks.to_pylist():
        if not row["passed"]:
            found[row["severity"]].append(Finding(**{one.name: row[one.name] for one in fields(Finding)}))
    failures, reports = tuple(found[Severity.STOP]), tuple(found[Severity.REPORT])
    parts = []
    if failures:
        parts.append(f"{len(failures)} of {checks.num_rows} checks stop the release: " + "; ".join(map(_line, failures)))
    if reports:
        parts.append("reported: " + "; ".join(map(_line, reports)))
    return Verdict(bool(failures), failures, reports, " | ".join(parts) or f"all {checks.num_rows} checks passed")


def planned(stage: Stage, tables: Mapping[str, Path], review: str) -> list[Check]:
    """The expectations of a stage, those of one table together."""
    checks: list[Check] = []
    for declared in structure.of_stage(stage):
        if declared.qualified in tables:
            checks += structure.expected(declared, pq.read_schema(tables[declared.qualified]).names, review)
        elif declared is not QUALITY_CHECK:  # made of these very checks: it is looked at only once it is there
            raise GateError(f"{stage} has not written {declared.qualified}")
    for law in LAWS[stage]:
        absent = sorted({law.table, *law.reads} - set(tables))
        if not absent:
            checks.append(Check(law.name, law.table, law.severity, law.meaning, law.remedy, law.sql))
        elif not law.optional:
            raise GateError(f"law {law.name} of {stage} needs {', '.join(absent)}")
    return sorted(checks, key=lambda one: one.table)


def _line(finding: Finding) -> str:
    """Law, failing rows and remedy in a line."""
    if not finding.failing:
        return f"{finding.check_id} (could not be checked): {finding.remedy}"
    rows = "1 row" if finding.failing == 1 else f"{finding.failing} rows"
    shown = json.loads(finding.examples or "[]")[:SHOWN]
    named = "; ".join(", ".join(f"{name}={value}" for name, value in row.items() if name != "review") for row in shown)
    more = "; …" if finding.failing > len(shown) else ""
    return f"{finding.check_id} ({rows}: {' '.join(named.split())}{more}): {finding.remedy}"


def _evidence(engine: Engine, one: Check, raised: str | None) -> tuple[int, str]:
    """How many rows fail, and the first of them in a total order, as JSON."""
    try:
        [count] = engine.rows(f"SELECT count(*) AS failing FROM (\n{one.sql}\n)")
        rows = engine.rows(f"SELECT * FROM (\n{one.sql}\n) ORDER BY ALL LIMIT {EXAMPLES}")
    except Exception as error:  # whatever the reason, a check that cannot be run is one that failed
        return 0, json.dumps([{"not_checked": _cut(str(error).partition("\n")[0])}], ensure_ascii=False)
    if not rows:  # only the other engine saw it fail: say why rather than hide it
        return 0, json.dumps([{"not_checked": _cut(raised or "Great Expectations says that it failed")}], ensure_ascii=False)
    shown = [{name: _cut(value) for name, value in row.items()} for row in rows]
    return int(str(count["failing"])), json.dumps(shown, ensure_ascii=False)


def _cut(value: object) -> object:
    """A value as JSON takes it, at most `LONGEST` characters of it."""
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, list):
        whole = json.dumps(value, ensure_ascii=False, default=str)
        return value if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _validate(checks: list[Check], tables: Mapping[str, Path]) -> dict[int, str | None]:
    """The positions of the checks that failed, each with what was raised, if anything was. One validation run a table."""
    if not checks:
        return {}
    failed: dict[int, str | None] = {}
    numbered = list(enumerate(checks))
    with _data_source(tables, sorted({one.table for one in checks})) as (source, gx):
        for name, group in groupby(numbered, key=lambda pair: pair[1].table):
            asset = source.get_asset(name)
            batch = asset.get_batch(asset.build_batch_request())
            listed = [_expectation(gx.expectations, one, position) for position, one in group]
            result = batch.validate(gx.ExpectationSuite(name=name, expectations=listed), result_format="BOOLEAN_ONLY")
            for outcome in result.results:
                if not outcome.success:
                    failed[int(outcome.expectation_config.meta["position"])] = _raised(outcome.exception_info)
    return failed


def _expectation(classes: Any, one: Check, position: int) -> Any:  # GX has no types for its expectation classes
    """The Great Expectations object of a check. Its SQL has braces and colons escaped: GX formats it, SQLAlchemy binds it."""
    how: dict[str, Any] = {"severity": _GX_SEVERITY[one.severity], "meta": {"position": position}}
    if one.expectation is not None:
        return getattr(classes, one.expectation)(**one.arguments, **how)
    from expectations.no_rows import ExpectQueryToGiveNoRows

    text = one.sql.replace("{", "{{").replace("}", "}}")
    query = "/* {batch} */ " + _BIND.sub(r"\\:", text)  # without it GX prints a warning
    return ExpectQueryToGiveNoRows(unexpected_rows_query=query, **how)


def _raised(info: Mapping[str, Any] | None) -> str | None:
    """The message of an exception inside Great Expectations, which files them flat or by metric."""
    for one in (info or {}, *(value for value in (info or {}).values() if isinstance(value, Mapping))):
        if one.get("raised_exception"):
            return str(one.get("exception_message"))
    return None


@contextmanager
def _data_source(tables: Mapping[str, Path], checked: list[str]) -> Iterator[tuple[Any, Any]]:
    """A Great Expectations data source over a DuckDB file that holds nothing but a view of each Parquet file, and the library.

    It has an asset for each table that is ``checked``, given at once: each that is added writes its whole configuration anew.
    The library is imported here because that takes seconds, and nothing but a check needs it.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # deprecations inside GX, a note of duckdb-engine on reflection: nothing to act on
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # it logs failures with tracebacks; we tell them
        import great_expectations as gx
        import sqlalchemy as sa
        from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
        from great_expectations.execution_engine import sqlalchemy_execution_engine

        _know_duckdb(sqlalchemy_execution_engine)
        address = f"duckdb:///{folder}/views.duckdb"
        engine = sa.create_engine(address)
        with engine.begin() as connection:
            # duckdb-engine quotes only part of the keywords, so that a column called "by" would be a syntax error
            words = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
            more = {word for (word,) in connection.exec_driver_sql(words).fetchall()}
            engine.dialect.identifier_preparer.reserved_words.update(more)
            for schema in ("log", "staging", "marts", "meta"):
                connection.exec_driver_sql(f"CREATE SCHEMA {quoted(schema)}")
            for name, path in tables.items():
                source_file = literal(str(path.absolute()))
                connection.exec_driver_sql(f"CREATE VIEW {quoted(name)} AS SELECT * FROM read_parquet({source_file})")
        engine.dispose()
        stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)  # its pages are never made: the quality page is ours
        silent: Any = {"globally": False}  # the types of GX know less than it takes, here and below
        config = DataContextConfig(store_backend_defaults=stores, progress_bars=silent)
        context: Any = gx.get_context(mode="ephemeral", project_config=config)
        reading = {"connect_args": {"read_only": True, "config": {"threads": 2}}}
        assets = [{"type": "query", "name": name, "query": f"SELECT * FROM {quoted(name)}"} for name in checked]
        source = context.data_sources.add_sql(
            "release", connection_string=address, create_temp_table=False, kwargs=reading, assets=assets
        )
        try:
            yield source, gx
        finally:
            source.get_engine().dispose()


def _know_duckdb(engine: Any) -> None:
    """Keeps one connection open, as GX does for SQLite. Else nearly every expectation fails: "list index out of range".

    Known to its makers (issues 10738 and 11579); to be removed with the release that fixes it.
    """
    dialects = engine._PERSISTED_CONNECTION_DIALECTS
    if not any(one.value == "duckdb" for one in dialects):
        engine._PERSISTED_CONNECTION_DIALECTS = (*dialects, _DuckDB("duckdb"))


class _DuckDB(str):
    """A dialect as the private list of Great Expectations holds them."""

    value = "duckdb"
