"""A finished release: the warehouse file that analysts open, and the manifest that names every byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse import files, lent
from warehouse.archive import Damaged
from warehouse.build import Inputs
from warehouse.contract import Table
from warehouse.engine import literal, quoted
from warehouse.storage import WRITE_AHEAD, Published
from warehouse.tables.catalogue import TABLES

DATABASE = "warehouse.duckdb"
MANIFEST = "manifest.json"


KEYED = ("marts", "meta")
"""Schemas whose keys the file itself enforces. Those of staged tables, which the gate has checked, would double its size."""


def make_database(target: Path, tables: Mapping[str, Path], shapes: Mapping[str, Table] = TABLES) -> None:
    """One DuckDB file with all tables in their ``shapes``, with constraints and comments, closed and checkpointed."""
    # as clients from 0.10.2 on read it: DuckDB 2 would write a file that none before it opens
    compatible = {"storage_compatibility_version": "v0.10.2"}
    with duckdb.connect(str(target), config={**compatible, "threads": lent.THREADS}) as connection:
        connection.execute("BEGIN")  # a statement at a time takes half as long again
        for schema in sorted({name.split(".")[0] for name in tables}):
            connection.execute(f"CREATE SCHEMA {quoted(schema)}")
        for name, path in tables.items():
            declared = shapes[name]
            connection.execute(f"CREATE TABLE {quoted(name)} ({', '.join(_constrained(declared))})")
            connection.execute(f"INSERT INTO {quoted(name)} BY NAME SELECT * FROM read_parquet({literal(str(path))})")
            connection.execute(";".join(_comments(name, declared)))
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def _comments(name: str, declared: Table) -> list[str]:
    columns = [f"COMMENT ON COLUMN {quoted(name)}.{quoted(one.name)} IS {literal(one.meaning)}" for one in declared.columns]
    return [f"COMMENT ON TABLE {quoted(name)} IS {literal(declared.meaning)}", *columns]


def _constrained(declared: Table) -> list[str]:
    """Columns, closed lists and key of a table, as CREATE TABLE takes them."""
    columns = [f"{quoted(one.name)} {one.type}{'' if one.nullable else ' NOT NULL'}" for one in declared.columns]
    lists = [f"CHECK ({quoted(one.name)} IN ({', '.join(map(literal, one.among))}))" for one in declared.columns if one.among]
    keys = [f"PRIMARY KEY ({', '.join(map(quoted, declared.key))})"] if declared.schema in KEYED else []
    return [*columns, *lists, *keys]


def write_manifest(folder: Path, review: str, inputs: Inputs, as_of: datetime) -> None:
    """Names the inputs, and every file of the release with its size and SHA-256.

    Raises `Damaged` where a write-ahead log lies beside the database: whoever opens them together reads rows that no check has
    seen, or is refused.
    """
    for stale in sorted(folder.rglob(f"*{WRITE_AHEAD}")):
        raise Damaged(f"{stale}: a write-ahead log lies beside the database, so it is not published; run evimap refresh again")
    listed = {
        str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": files.sha256_of_file(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest: dict[str, object] = {
        "release": inputs.release_id,
        "review": review,
        "pipeline": inputs.pipeline,
        "as_of": as_of.isoformat(),
        "predecessor": inputs.predecessor,
        "inputs": {name: list(batches) for name, batches in inputs.batches.items()},
        "files": listed,
    }
    manifest["sha256"] = seal(manifest)
    files.write(folder / MANIFEST, written(manifest))


def written(manifest: Mapping[str, object]) -> bytes:
    """A manifest as its file has it."""
    return json.dumps(manifest, indent=1, sort_keys=True).encode()


def seal(manifest: Mapping[str, object]) -> str:
    """The checksum that a manifest carries of itself: SHA-256 of all else that it says."""
    rest = {name: value for name, value in manifest.items() if name != "sha256"}
    return files.sha256(json.dumps(rest, sort_keys=True).encode())


def inputs_named(release: Published) -> Inputs:
    """The inputs that a release's manifest names."""
    named = release.manifest["inputs"]
    if not isinstance(named, dict):
        raise TypeError(f"{release.folder / MANIFEST}: inputs are not a mapping")
    predecessor = release.manifest["predecessor"]
    return Inputs(
        {name: tuple(batches) for name, batches in named.items()},
        str(release.manifest["pipeline"]),
        None if predecessor is None else str(predecessor),
    )


def differences(release: Published, again: Path) -> list[str]:
    """What differs between a release and one built again in ``again``; empty if they are identical.

    Parquet, HTML, SVG, CSV and JSON byte for byte; the DuckDB file, whose bytes differ from build to build, table by table.
    """
    old = {str(path.relative_to(release.folder)) for path in release.folder.rglob("*") if path.is_file()}
    new = {str(path.relative_to(again)) for path in again.rglob("*") if path.is_file()}
    found = [f"{name}: only in the release" for name in sorted(old - new - {MANIFEST})]
    found += [f"{name}: only in the rebuilt one" for name in sorted(new - old)]
    for name in sorted(old & new - {MANIFEST, DATABASE}):
        if files.sha256_of_file(release.folder / name) != files.sha256_of_file(again / name):
            found.append(f"{name}: bytes differ")
    if {DATABASE} <= old & new:
        found += _table_differences(release.folder / DATABASE, again / DATABASE)
    return found


def _table_differences(old: Path, new: Path) -> list[str]:
    found = []
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH {literal(str(old))} AS old (READ_ONLY)")
        connection.execute(f"ATTACH {literal(str(new))} AS new (READ_ONLY)")
        listing = "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = $name ORDER BY 1"
        names = [{row[0] for row in connection.execute(listing, {"name": name}).fetchall()} for name in ("old", "new")]
        found += [f"{DATABASE}: table {name} is only in one" for name in sorted(names[0] ^ names[1])]
        for name in sorted(names[0] & names[1]):
            query = (
                f"SELECT (SELECT count(*) FROM (FROM old.{quoted(name)} EXCEPT ALL FROM new.{quoted(name)}))"
                f" + (SELECT count(*) FROM (FROM new.{quoted(name)} EXCEPT ALL FROM old.{quoted(name)}))"
            )
            [(rows,)] = connection.execute(query).fetchall()
            if rows:
                found.append(f"{DATABASE}: table {name}: {rows} rows differ")
    return found
