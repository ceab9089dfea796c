"""The warehouse file and the Parquet files of a release, as an analyst who opens them alone finds them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.expectations.tables import clean
from tests.publish.pages.frame import a_review
from warehouse import files
from warehouse.described import described
from warehouse.engine import quoted
from warehouse.release import KEYED, make_database
from warehouse.tables.catalogue import TABLES, table

STORAGE = 64
"""Version of the storage that DuckDB 0.10.2 and all later ones read (duckdb.org, Storage Versions)."""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("release")
    made = {}
    for name, rows in clean("care").items():
        if not name.startswith("log."):
            made[name] = folder / f"{name}.parquet"
            data = table(name).of_rows(rows)
            made[name].write_bytes(files.parquet_bytes(described(data, table(name), a_review(), release="0f")))
    return made


@pytest.fixture(scope="module")
def database(paths: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("database") / "warehouse.duckdb"
    make_database(target, paths)
    return target


def test_every_table_and_column_has_its_comment(database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute("SELECT schema_name || '.' || table_name, comment FROM duckdb_tables()").fetchall()
        columns = connection.execute(
            "SELECT schema_name || '.' || table_name, column_name, data_type, is_nullable, comment"
            " FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    declared = {name: one for name, one in TABLES.items() if one.schema != "log"}
    assert dict(tables) == {name: one.meaning for name, one in declared.items()}
    assert sorted(columns) == sorted(
        (name, one.name, one.type, one.nullable, one.meaning) for name, table in declared.items() for one in table.columns
    )


def test_keys_and_closed_lists_are_constraints_with_names(database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "SELECT schema_name || '.' || table_name, constraint_type, constraint_column_names, constraint_name"
            " FROM duckdb_constraints()"
        ).fetchall()
    keys = {name: tuple(columns) for name, kind, columns, _ in found if kind == "PRIMARY KEY"}
    assert keys == {name: one.key for name, one in TABLES.items() if one.schema in KEYED}
    lists = {(name, columns[0]) for name, kind, columns, _ in found if kind == "CHECK"}
    assert lists == {
        (name, one.name) for name in TABLES if not name.startswith("log.") for one in table(name).columns if one.among
    }
    assert ("marts.gap", "CHECK", ["kind"], "gap_kind_check") in found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE marts.gap SET kind = 'small'", "CHECK"),
        ("INSERT INTO marts.gap FROM marts.gap", "Duplicate key"),
        ("UPDATE staging.citation SET citation_id = NULL", "NOT NULL"),
    ],
)
def test_who_changes_a_copy_is_held_to_the_contract(database: Path, tmp_path: Path, change: str, said: str) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as connection, pytest.raises(duckdb.ConstraintException, match=said):
        connection.execute(change)


def test_the_file_has_the_storage_version_that_earlier_clients_read(database: Path) -> None:
    head = database.read_bytes()[:20]
    assert head[8:12] == b"DUCK"  # after a checksum of eight bytes
    assert int.from_bytes(head[12:20], "little") == STORAGE


def test_rows_go_into_the_file_unchanged(database: Path, paths: dict[str, Path]) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        for name, path in paths.items():
            different = f"(FROM {quoted(name)} EXCEPT ALL FROM $file) UNION ALL (FROM $file EXCEPT ALL FROM {quoted(name)})"
            sql = different.replace("$file", f"read_parquet('{path}')")
            assert connection.execute(sql).fetchall() == [], name


def test_a_parquet_file_says_what_it_is_to_clients_that_know_nothing_of_arrow(paths: dict[str, Path]) -> None:
    with duckdb.connect() as connection:
        query = "SELECT decode(key), decode(value) FROM parquet_kv_metadata($file)"
        told = dict(connection.execute(query, {"file": str(paths["marts.gap"])}).fetchall())
    assert (told["table"], told["key"], told["review"], told["release"]) == ("marts.gap", "review, view, cell", "care", "0f")
    assert told["licence"] == a_review().protocol.release.licence
    assert told["synthetic"]
    assert json.loads(told["columns"]) == {one.name: one.meaning for one in table("marts.gap").columns}


def test_a_review_that_says_nothing_of_its_release_leaves_that_out() -> None:
    review = a_review()
    silent = review.protocol.release.model_copy(update={"synthetic": None, "cite_as": None})
    protocol = review.protocol.model_copy(update={"release": silent})
    declared = table("marts.gap")
    bare = described(declared.empty(), declared, replace(review, protocol=protocol))
    assert not {b"synthetic", b"cite_as"} & set(bare.schema.metadata)


def test_no_part_of_a_key_may_be_absent() -> None:
    assert [(name, part) for name, one in TABLES.items() for part in one.key if one.column(part).nullable] == []
