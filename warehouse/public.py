"""What of a release is for everybody: an allow-list, by the audience that the contract gives each table and column.

Of the schemas `marts` and `meta` the public tables, of these the public columns. Whatever is not named public stays inside: the
files of a bundle are written afresh from these columns, and looked at again, as they lie there, before they leave.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import files
from warehouse.contract import Audience, ContractError, Table
from warehouse.described import described
from warehouse.engine import Engine, literal, quoted
from warehouse.release import DATABASE, make_database
from warehouse.review import Review
from warehouse.storage import Published
from warehouse.tables.catalogue import TABLES

SCHEMAS = ("marts", "meta")
CSV, PARQUET = "csv", "parquet"
FORMULA = r"^'*[=+\-@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
"""How a text starts that a spreadsheet program may take for a formula (OWASP, "CSV Injection"), or that was made harmless."""


class Refused(ValueError):
    """The bundle is not made: something that is not for everybody would leave with it, or the release is of another version."""


def public(declared: Table) -> Table | None:
    """The table with its public columns; none if it is not for everybody.

    Raises `ContractError` where a part of its key is not public: its rows could not be told apart.
    """
    if declared.schema not in SCHEMAS or declared.audience is not Audience.PUBLIC:
        return None
    columns = tuple(one for one in declared.columns if declared.audience_of(one) is Audience.PUBLIC)
    shown = replace(declared, columns=columns)
    if hidden := sorted(set(declared.key) - set(shown.column_names)):
        raise ContractError(f"{declared.qualified}: {', '.join(hidden)} of its key is not public")
    return shown


def public_tables() -> dict[str, Table]:
    """All tables that are for everybody, by their qualified name."""
    return {name: shown for name, declared in TABLES.items() if (shown := public(declared))}


def write_public(release: Published, review: Review, folder: Path) -> dict[str, int]:
    """The public tables of a release as CSV, Parquet and one DuckDB file in ``folder``; rows by table.

    In the CSV files no text is a formula: where a cell starts like one, it has an apostrophe before it. Lists are JSON.
    """
    shown = {name: one for name, one in public_tables().items() if release.path(name).exists()}
    paths, rows = {}, {}
    (folder / CSV).mkdir(parents=True)
    with Engine({name: release.path(name) for name in shown}) as engine:
        for name, declared in shown.items():
            if absent := sorted(set(declared.column_names) - set(pq.read_schema(release.path(name)).names)):
                raise Refused(
                    f"release {release.id} was made by another version of evimap: {name} has no {', '.join(absent)}; "
                    "evimap refresh makes one that can be bundled"
                )
            data = _rows(engine, declared, set(shown))
            rows[name] = data.num_rows
            paths[name] = folder / PARQUET / f"{name}.parquet"
            files.write(paths[name], files.parquet_bytes(described(data, declared, review, release=release.id)))
            _write_csv(engine, data, declared, folder / CSV / f"{name}.csv")
    make_database(folder / DATABASE, paths, shown)
    return rows


def _rows(engine: Engine, declared: Table, shown: set[str]) -> pa.Table:
    """The public columns; of what describes columns, only what is of public ones."""
    columns = ", ".join(quoted(name) for name in declared.column_names)
    order = ", ".join(quoted(name) for name in declared.key)
    kept = "true"
    if {"table", "column"} <= set(declared.key):
        kept = """list_contains($columns, "table" || '.' || "column")"""
    told = [f"{name}.{column}" for name, one in public_tables().items() if name in shown for column in one.column_names]
    return declared.conform(
        engine.run(f"SELECT {columns} FROM {quoted(declared.qualified)} WHERE {kept} ORDER BY {order}", columns=told)
    )


def _write_csv(engine: Engine, data: pa.Table, declared: Table, target: Path) -> None:
    cells = []
    for column in declared.columns:
        name = quoted(column.name)
        if column.type == "VARCHAR":
            plain = f"replace({name}, chr(0), '')"  # no program reads on behind it
            name = f"CASE WHEN regexp_matches({plain}, {literal(FORMULA)}) THEN '''' ELSE '' END || {plain} AS {name}"
        elif column.type == "VARCHAR[]":
            name = f"to_json({name})::VARCHAR AS {name}"
        elif column.type == "TIMESTAMP":
            name = f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ') AS {name}"
        cells.append(name)
    order = ", ".join(quoted(name) for name in declared.key)
    engine.keep("public", data)
    engine.run(
        f"COPY (SELECT {', '.join(cells)} FROM public ORDER BY {order}) TO {literal(str(target))}"
        " (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
    )


def withheld(folder: Path, others: Iterable[str]) -> list[str]:
    """What lies in the ``folder`` of a bundle and is not for everybody, in words; empty if all is well.

    ``others`` are the names of the files beside the tables. The files are opened and read, however they were made.
    """
    allowed = {name: set(one.column_names) for name, one in public_tables().items()}
    beside = set(others)
    found: list[str] = []
    for path in sorted(path for path in folder.rglob("*") if not path.is_dir()):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found.append(f"{name}: is a link")
        elif name == DATABASE:
            found += [
                fault for table, columns in _of_database(path).items() for fault in _hidden(name, table, columns, allowed)
            ]
        elif path.parent == folder / PARQUET and path.suffix == ".parquet":
            found += _hidden(name, path.stem, pq.read_schema(path).names, allowed)
        elif path.parent == folder / CSV and path.suffix == ".csv":
            found += _hidden(name, path.stem, _of_csv(path), allowed)
        elif name not in beside:
            found.append(f"{name}: is no file of a bundle")
    return found


def _hidden(file: str, table: str, columns: Iterable[str], allowed: Mapping[str, set[str]]) -> list[str]:
    if table not in allowed:
        return [f"{file}: {table} is not for everybody"]
    return [f"{file}: {table}.{column} is not for everybody" for column in columns if column not in allowed[table]]


def _of_database(path: Path) -> dict[str, list[str]]:
    listing = """
        SELECT schema_name || '.' || table_name AS name, list(column_name ORDER BY column_index)
        FROM duckdb_columns() WHERE NOT internal GROUP BY name ORDER BY name
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute(listing).fetchall())


def _of_csv(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines), [])
