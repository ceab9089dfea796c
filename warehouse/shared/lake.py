"""The marts of many reviews as tables of one DuckLake: a catalogue in a database, Parquet files in the store.

A review's rows in all marts are replaced in one transaction when its live release changes, so that whoever reads the catalogue
sees each review as of one release, and can see it as of an earlier moment (DuckLake keeps snapshots). Its own copy of the
rows is apart from the releases; it follows from them, and may be deleted.
"""

from __future__ import annotations

import random
import re
import time

import duckdb

from warehouse.contract import Table
from warehouse.engine import literal, quoted
from warehouse.shared import extensions
from warehouse.shared.place import NoStore, StoreAway
from warehouse.shared.reading import address, reach, reaching_duckdb
from warehouse.shared.store import Copy, Store
from warehouse.tables.catalogue import TABLES

ATTEMPTS, FIRST = 12, 5
DATA = "_lake"
"""The folder of the store with DuckLake's files."""
_SECRET = re.compile(r"passw(or)?d|://[^/@]*:[^/@]*@|://[^?@]*:[^?@]*@", re.IGNORECASE)
"""As PostgreSQL reads an address, a password ends at the first / or @; somebody may write one with a / in it all the same."""


def enter(catalogue: str, store: Store) -> str | None:
    """Makes the rows of a review in the catalogue those of its live release in the store; its id, or None if they were that.

    ``catalogue`` is what DuckLake attaches: ``postgres:dbname=… host=…`` (the password in PGPASSWORD or a password file), or
    the path of a DuckDB file, which one machine alone can use. Raises `NoStore` where it has a password in it or an extension
    is missing, `StoreAway` where it cannot be reached, or others were quicker each time.
    """
    if _SECRET.search(catalogue):
        raise NoStore(
            "EVIMAP_LAKE has a password in it: put it into PGPASSWORD or a password file, because addresses come into logs"
        )
    if (copy := store.current()) is None:
        return None
    with duckdb.connect(":memory:") as connection:
        means = reach(connection, store.place)
        wanted = ["ducklake", *(["postgres_scanner"] if catalogue.startswith("postgres:") else [])]
        for name in wanted:
            if not extensions.load(connection, name):
                raise NoStore(f"DuckDB's extension {name} is not on this machine: make lake installs it")
        where = store.place.root if means == "disk" else store.place.url
        _attached(connection, catalogue, f"{where}/{DATA}/")
        for attempt in range(ATTEMPTS):
            try:
                with reaching_duckdb(store.place.url):
                    return _replaced(connection, store, copy, means)
            except ValueError as error:  # another review was entered meanwhile
                connection.execute("ROLLBACK") if _open(connection) else None
                if "conflict" not in str(error).lower():
                    raise
            time.sleep(random.uniform(0, min(8.0, 0.25 * 2.0**attempt)))
        raise StoreAway(f"{store.home}: others changed the catalogue in each of {ATTEMPTS} attempts; the next run enters it")


def _attached(connection: duckdb.DuckDBPyConnection, catalogue: str, data: str) -> None:
    """Attaches the catalogue. Of several that find it empty one makes its tables; the others are refused, and try again."""
    attach = f"ATTACH {literal(f'ducklake:{catalogue}')} AS lake (DATA_PATH {literal(data)})"
    for attempt in range(FIRST):
        try:
            with reaching_duckdb(catalogue):
                connection.execute("DETACH DATABASE IF EXISTS lake")
                connection.execute(attach)
                return
        except (StoreAway, ValueError) as error:
            why = str(error).splitlines()[0]
            time.sleep(random.uniform(0, 0.5 * 2.0**attempt))
    raise StoreAway(
        f"the catalogue that EVIMAP_LAKE names cannot be attached to {data} ({why}); releases are not harmed by that"
    )


def _open(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a transaction is open: a commit that failed has ended it."""
    try:
        connection.execute("BEGIN")
    except duckdb.TransactionException:
        return True
    connection.execute("ROLLBACK")
    return False


def _replaced(connection: duckdb.DuckDBPyConnection, store: Store, copy: Copy, means: str) -> str | None:
    declared = [one for name, one in TABLES.items() if one.schema == "marts" or name == "meta.release"]
    connection.execute("BEGIN")
    for schema in ("marts", "meta"):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS lake.{schema}")
    for one in declared:
        _shaped(connection, one)
    entered = "SELECT release_id FROM lake.meta.release WHERE review = $review"
    if connection.execute(entered, {"review": store.review}).fetchall() == [(copy.id,)]:
        connection.execute("ROLLBACK")
        return None
    for one in declared:
        target = f"lake.{quoted(one.qualified)}"
        connection.execute(f"DELETE FROM {target} WHERE review = $review", {"review": store.review})
        name = f"{one.schema}/{one.name}.parquet"
        if name in copy.sizes:  # a mart that the version which made the release did not have
            source = f"read_parquet({literal(address(store.place, copy, name, means))})"
            there = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
            columns = ", ".join(quoted(column) for column in one.column_names if column in there)
            connection.execute(f"INSERT INTO {target} BY NAME SELECT {columns} FROM {source}")
    connection.execute("COMMIT")
    return copy.id


def _shaped(connection: duckdb.DuckDBPyConnection, declared: Table) -> None:
    """Makes a table, or gives one of an earlier version the columns that it lacks."""
    target = f"lake.{quoted(declared.qualified)}"
    columns = ", ".join(f"{quoted(one.name)} {one.type}" for one in declared.columns)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {target} ({columns})")
    listing = (
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'lake' AND schema_name = $schema AND table_name = $name"
    )
    there = {row[0] for row in connection.execute(listing, {"schema": declared.schema, "name": declared.name}).fetchall()}
    for one in declared.columns:
        if one.name not in there:
            connection.execute(f"ALTER TABLE {target} ADD COLUMN {quoted(one.name)} {one.type}")
