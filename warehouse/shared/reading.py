"""DuckDB over releases as they lie in a store: each pointer is resolved once, then only files of those releases are read.

Nothing is downloaded but what a query reads. S3 is read by DuckDB's extension `httpfs` where that is on the machine and a key
in the environment; everything else through fsspec.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import duckdb

from warehouse.archive import Damaged
from warehouse.engine import literal, quoted
from warehouse.shared import extensions
from warehouse.shared.place import Place, StoreAway, place, reaching
from warehouse.shared.store import Copy, Store, reviews_at
from warehouse.tables.catalogue import TABLES

HTTPFS, FSSPEC, DISK = "httpfs", "fsspec", "disk"
_TABLE = re.compile(r"(marts|staging|meta)/([a-z_]+)\.parquet")
_NAMED = re.compile(r'"?\b(marts|staging|meta)\b"?\s*\.\s*"?(\w+)', re.IGNORECASE)


class Unanswered(ValueError):
    """A query that cannot be answered; the message is DuckDB's."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An open connection with a view for each table, the releases behind them, and by what means they are read."""

    connection: duckdb.DuckDBPyConnection
    releases: tuple[Copy, ...]
    means: str


@contextmanager
def opened(
    url: str, reviews: Sequence[str] = (), tables: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> Iterator[Warehouse]:
    """The live releases of ``reviews``, by default of all that the store has, as views ``marts.study`` and so on.

    Of several reviews a view has the rows of all, told apart by their column ``review``. Only ``tables`` get one, if any are
    named: each costs a look into the store. ``meta.shared`` lists the releases. Raises `StoreAway`, `Damaged`, and `Unanswered`
    where a review that was asked for has no release there.
    """
    where = place(url)
    copies = tuple(_copy(where, review) for review in reviews or reviews_at(where))
    if not copies:
        raise Unanswered(f"{url}: no review has a release there")
    with duckdb.connect(":memory:", config={"python_enable_replacements": False}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET parquet_metadata_cache = true")  # the files of a release never change
        means = reach(connection, where, environment)
        with reaching_duckdb(url):
            _views(connection, where, copies, means, tables)
        yield Warehouse(connection, copies, means)


def ask(url: str, sql: str, reviews: Sequence[str] = ()) -> tuple[list[str], list[tuple[object, ...]]]:
    """The columns and rows of one query over the live releases of a store. Raises as `opened`, and `Unanswered`."""
    named = sorted({f"{schema.lower()}.{table.lower()}" for schema, table in _NAMED.findall(sql)})
    with opened(url, reviews, named) as warehouse, reaching_duckdb(url):
        answer = warehouse.connection.execute(sql)
        return [str(one[0]) for one in answer.description or ()], answer.fetchall()


def reach(connection: duckdb.DuckDBPyConnection, where: Place, environment: Mapping[str, str] = os.environ) -> str:
    """Lets a connection read, and write, a store; by what means."""
    if where.on_disk:
        return DISK
    keys = [environment.get(f"AWS_{name}", "") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")]
    if where.scheme == "s3" and all(keys) and extensions.load(connection, "httpfs"):
        endpoint = urlsplit(environment.get("AWS_ENDPOINT_URL", ""))
        said = {
            "KEY_ID": keys[0], "SECRET": keys[1], "SESSION_TOKEN": environment.get("AWS_SESSION_TOKEN"),
            "REGION": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION"), "ENDPOINT": endpoint.netloc,
            "URL_STYLE": "path" if endpoint.netloc else None,
        }  # fmt: skip
        options = [f"{name} {literal(value)}" for name, value in said.items() if value]
        options += ["USE_SSL false"] if endpoint.scheme == "http" else []
        try:
            connection.execute(f"CREATE SECRET (TYPE s3, {', '.join(options)})")
        except duckdb.Error:  # whose message repeats the statement
            raise StoreAway(f"{where.url}: DuckDB does not take the keys of the environment") from None
        return HTTPFS
    connection.register_filesystem(where.system)
    return FSSPEC


@contextmanager
def reaching_duckdb(url: str) -> Iterator[None]:
    """Tells what DuckDB cannot read for a store that is away, and what it cannot understand, apart."""
    try:
        with reaching(url):
            yield
    except (duckdb.IOException, duckdb.HTTPException) as error:
        raise StoreAway(f"{url}: cannot be read ({str(error).splitlines()[0]})") from None
    except duckdb.Error as error:
        raise Unanswered(str(error)) from None


def _copy(where: Place, review: str) -> Copy:
    if (copy := Store(where, review).current()) is None:
        raise Unanswered(
            f"{where.url}: review {review} has no release there; there are: {', '.join(reviews_at(where)) or 'none'}"
        )
    if copy.manifest.get("review") != review:
        raise Damaged(f"{copy.home}: is a release of review {copy.manifest.get('review')}, in the folder of {review}")
    return copy


def _views(
    connection: duckdb.DuckDBPyConnection, where: Place, copies: Sequence[Copy], means: str, tables: Sequence[str] | None
) -> None:
    found: dict[str, list[tuple[Copy, str]]] = {}
    for copy in copies:
        for name in sorted(copy.sizes):
            if one := _TABLE.fullmatch(name):
                found.setdefault(f"{one[1]}.{one[2]}", []).append((copy, address(where, copy, name, means)))
    for schema in ("marts", "staging", "meta"):
        connection.execute(f"CREATE SCHEMA {quoted(schema)}")
    alike = len({copy.manifest["pipeline"] for copy in copies}) == 1
    for table, parts in found.items():
        if tables is None or table in tables:
            connection.execute(f"CREATE VIEW {quoted(table)} AS {_rows(table, parts, alike)}")
            if table in TABLES:
                connection.execute(f"COMMENT ON VIEW {quoted(table)} IS {literal(TABLES[table].meaning)}")
    connection.execute(
        "CREATE TABLE meta.shared (review VARCHAR, release_id VARCHAR, as_of TIMESTAMP, pipeline VARCHAR, home VARCHAR)"
    )
    for copy in copies:
        row = [str(copy.manifest[name]) for name in ("review", "release", "as_of", "pipeline")]
        connection.execute("INSERT INTO meta.shared VALUES ($1, $2, $3, $4, $5)", [*row, copy.home])


def _rows(table: str, parts: Sequence[tuple[Copy, str]], alike: bool) -> str:
    """The rows of a table of all releases. Columns that an earlier version did not have are null there."""
    if len(parts) == 1 or (table in TABLES and "review" in TABLES[table].column_names):
        files = ", ".join(literal(path) for _, path in parts)
        return f"SELECT * FROM read_parquet([{files}], union_by_name = {json.dumps(not alike)})"
    each = (
        f"SELECT {literal(str(copy.manifest['review']))} AS review, * FROM read_parquet({literal(path)})"
        for copy, path in parts
    )
    return " UNION ALL BY NAME ".join(each)


def address(where: Place, copy: Copy, name: str, means: str) -> str:
    """A file of a release, as a connection reads it by these means."""
    return f"{where.root if means == DISK else where.url}/{copy.manifest['review']}/releases/{copy.id}/{name}"
