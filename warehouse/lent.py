"""DuckDBs in memory that are lent from one engine to the next: to make one costs as much as ten small queries."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections import defaultdict
from pathlib import Path

import duckdb

MEMORY = "1800MB"
"""Memory that DuckDB takes for its tables and queries; what is more goes to a folder for temporary files until the end."""

THREADS = 2
"""Threads of each DuckDB."""

_idle: dict[tuple[int, int], list[duckdb.DuckDBPyConnection]] = defaultdict(list)


class Lent:
    """A DuckDB that nobody else uses until it is given back: a ``session`` in it, whose database is empty."""

    def __init__(self) -> None:
        self._key = (os.getpid(), THREADS)  # a forked process has the others' memory and none of their threads
        try:
            self._instance = _idle[self._key].pop()  # at once: two threads that look first could both see the last one
        except IndexError:
            self._instance = _made()
        self.session = self._instance.cursor()
        self.session.execute("ATTACH ':memory:' AS own; USE own")
        self.session.execute("SET enable_progress_bar = false")  # it would write into what a command prints

    def give_back(self) -> None:
        """Ends the session, and with it all that it made."""
        self.session.close()
        # what DuckDB remembers of the files that it has read goes, too
        self._instance.execute("DETACH own; SET enable_external_file_cache = false; SET enable_external_file_cache = true")
        _idle[self._key].append(self._instance)

    def close(self) -> None:
        """Ends the DuckDB, and lets go of the files that were attached to it."""
        self.session.close()
        self._instance.close()


def _made() -> duckdb.DuckDBPyConnection:
    # a folder of its own: DuckDB calls its temporary files by the same names in every process
    spill = Path(tempfile.gettempdir()) / f"evimap-{uuid.uuid4().hex}"
    return duckdb.connect(":memory:", config={
        "threads": THREADS, "python_enable_replacements": False, "memory_limit": MEMORY, "temp_directory": str(spill),
    })  # fmt: skip
