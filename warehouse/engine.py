"""Runs plain .sql files over table handles, in a DuckDB that nobody else uses as long as the `Engine` lives.

A handle is an Arrow table or the path of a Parquet file, under its declared name (``staging.record``), as SQL names it too.
Values are bound as ``$name`` parameters, never formatted into the text.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import duckdb
import pyarrow as pa

from warehouse.contract import sql_type
from warehouse.lent import Lent
from warehouse.tables.catalogue import table

# DuckDB 2 recommends relations instead, whose batches depend on its threads; in a terminal it would stand before our own line
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)

Handle: TypeAlias = pa.Table | Path
Tables: TypeAlias = Mapping[str, Handle]


def quoted(name: str) -> str:
    """``staging.record`` as SQL identifiers, each in double quotes: for names that cannot be bound."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def literal(text: str) -> str:
    """A SQL string literal: for the few places where DuckDB takes no parameter (views, attached files)."""
    return "'" + text.replace("'", "''") + "'"


EngineError: TypeAlias = duckdb.Error
"""What DuckDB cannot do: a statement with a fault, a file that is damaged, a disk that is full."""

SCHEMAS = ("log", "staging", "marts", "meta", "before", "after", "since")
"""What qualified names begin with."""

CHUNK = 8192
"""Rows of an Arrow table that a thread takes at a time; one of no more is copied. To look through a view at Arrow takes half a
millisecond each time that SQL names it, which is most of what SQL on a few rows takes."""


class Engine:
    """A DuckDB in memory in which SQL finds ``tables``: each from the first on that names it. Use it as a context manager.

    A query gives way to a signal: Python hears of none while its main thread is inside DuckDB, so that there the query runs in
    a thread of its own, and an exception of the signal's handler (Ctrl-C, Prefect's of SIGTERM) interrupts it.

    ``kept`` has what was kept in it, by name.
    """

    def __init__(self, tables: Tables) -> None:
        self._lent = Lent()
        self._connection = self._lent.session
        self._attached = False
        main = threading.current_thread() is threading.main_thread()
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="duckdb") if main else None
        self._connection.execute("; ".join(f"CREATE SCHEMA {quoted(one)}" for one in SCHEMAS))
        self.kept: dict[str, pa.Table] = {}
        self._shown: dict[str, str] = {}  # each as a VIEW or a TABLE
        self._waiting = dict(tables)  # most SQL names a few of them, and each costs a millisecond

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._aside is not None:
            self._aside.shutdown()
        if self._attached or error is not None:
            self._lent.close()
        else:
            self._lent.give_back()

    def __contains__(self, name: str) -> bool:
        """Whether there is a table of that name: given, or kept."""
        return name in self._waiting or name in self._shown

    def attach(self, path: Path, name: str) -> None:
        """Opens a DuckDB file under a name; raises `EngineError` where it is none."""
        self._attached = True
        self._connection.execute(f"ATTACH {literal(str(path))} AS {quoted(name)}")

    def detach(self, name: str) -> None:
        """Closes it, if it is open."""
        self._connection.execute(f"DETACH DATABASE IF EXISTS {quoted(name)}")

    def run(self, sql: Path | str, **values: object) -> pa.Table:
        """Executes each statement of a file (or text) in order; the rows of the last one.

        ``values`` are bound to the ``$name`` parameters; a statement takes those that it names.
        """
        result: pa.Table | None = None
        for statement in self._statements(sql):
            result = self._execute(statement, values)
        if result is None:
            raise ValueError("no SQL statement to run")
        return result

    def _execute(self, statement: duckdb.Statement, values: Mapping[str, object]) -> pa.Table:
        if self._aside is None:
            return self._executed(statement, values)
        running = self._aside.submit(self._executed, statement, values)
        try:
            return running.result()
        except BaseException:
            # if a signal was raised here, and not the query: one that has not begun does not know that it was interrupted,
            # and until it has ended the connection is busy
            while not (running.cancel() or running.done()):
                self._connection.interrupt()
                wait([running], timeout=0.1)
            raise

    def _executed(self, statement: duckdb.Statement, values: Mapping[str, object]) -> pa.Table:
        wanted = {name: values[name] for name in statement.named_parameters}
        # a fresh result each time: an open one blocks the next statement in DuckDB 2
        relation = self._connection.execute(statement, wanted) if wanted else self._connection.execute(statement)
        return relation.to_arrow_table()

    def rows(self, sql: Path | str, **values: object) -> list[dict[str, object]]:
        """The rows of the last statement as dictionaries."""
        return list(self.run(sql, **values).to_pylist())

    def produce(self, name: str, sql: Path | str, **values: object) -> pa.Table:
        """The declared table ``name`` from the last statement of ``sql``: its columns, its types, sorted by its key.

        The key is unique, so the order is total, and the same rows give the same bytes on any number of threads.
        """
        declared = table(name)
        *before, last = self._statements(sql)
        for statement in before:
            self._execute(statement, values)
        order = ", ".join(quoted(column) for column in declared.key)
        (ordered,) = self._connection.extract_statements(f"FROM ({last.query.strip().rstrip(';')}\n) ORDER BY {order}")
        return declared.conform(self._execute(ordered, values))

    def keep(self, name: str, data: pa.Table) -> pa.Table:
        """Makes a produced table visible to the next SQL under its name, and returns it; it is in ``kept``, too."""
        self.kept[name] = data
        if name in self._shown:  # a view that SQL has made may look through this one
            self._show(name, data)
        else:
            self._waiting[name] = data
        return data

    def _statements(self, sql: Path | str) -> list[duckdb.Statement]:
        """The statements of a file (or text), with the tables that it names in sight: all, where it asks for their columns."""
        text = sql.read_text(encoding="utf-8") if isinstance(sql, Path) else sql
        whole, plain = "duckdb_columns()" in text, text.replace('"', "")  # a part of a name may stand in quotes
        for name in [name for name in self._waiting if whole or name in plain]:
            self._show(name, self._waiting.pop(name))
        return self._connection.extract_statements(text)

    def _show(self, name: str, handle: Handle) -> None:
        if before := self._shown.pop(name, None):
            self._connection.execute(f"DROP {before} {quoted(name)}")
        if isinstance(handle, Path):
            self._view(name, f"read_parquet({literal(str(handle))})")
        elif handle.num_rows > CHUNK:
            source = quoted("handle_" + name.replace(".", "_"))
            # DuckDB works on as many chunks at a time as it has threads
            chunks = pa.Table.from_batches(handle.to_batches(max_chunksize=CHUNK), handle.schema)
            self._connection.register("handle_" + name.replace(".", "_"), chunks)
            self._view(name, source)
        else:
            self._copy(name, handle)

    def _view(self, name: str, source: str) -> None:
        self._connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT * FROM {source}")
        self._shown[name] = "VIEW"

    def _copy(self, name: str, rows: pa.Table) -> None:
        types = {field.name: sql_type(field.type) for field in rows.schema}
        if rows.num_rows or None in types.values():
            self._connection.from_arrow(rows).create(quoted(name))
        else:  # many are empty, and to declare one takes a quarter of the time
            columns = ", ".join(f"{quoted(one)} {kind}" for one, kind in types.items())
            self._connection.execute(f"CREATE TABLE {quoted(name)} ({columns})")
        self._shown[name] = "TABLE"
