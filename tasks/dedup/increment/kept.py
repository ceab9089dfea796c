"""The comparisons that a run leaves for the next one, in a file of DuckDB.

A record that is as it was has been compared with all others of its time. So the next run compares only records that are new or
changed with those that share a key with them. The outcome is that of a run over everything: keys that grew too common, DOIs
that turn out to name several papers, and records that stood for others and changed are followed up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from warehouse.engine import Engine, EngineError

SQL = Path(__file__).parent

LARGEST_SHARE = 0.25
"""Of the records there were: where more are new or changed, comparing everything costs no more."""


class Kept:
    """The file ``path``, as ``kept`` in ``engine``; ``values`` are the parameters of the steps.

    A file that is damaged, was left by other rules or by a run that was killed is thrown away: it holds nothing that a run over
    all records does not find again.
    """

    def __init__(self, engine: Engine, path: Path, values: dict[str, object]) -> None:
        self._engine, self._path, self._values = engine, path, values

    def bring_up_to_date(self, compare: Callable[[], None]) -> None:
        """Leaves ``trait``, ``identical`` and ``decision`` in the engine; by ``compare``, where what was kept is of no use."""
        if not (self._opened() and self._add()):
            self._begin(compare)

    def _opened(self) -> bool:
        if not self._path.exists():
            return False
        try:
            self._engine.attach(self._path, "kept")
            about = self._engine.rows("SELECT fingerprint, whole FROM kept.about")
        except EngineError:
            return False
        return about == [{"fingerprint": fingerprint(self._values), "whole": True}]

    def _add(self) -> bool:
        """Compares what is new; False if that is too much, or came out of order."""
        run = self._step
        run("fresh")
        (found,) = self._engine.rows(SQL / "orderly.sql")
        if not found["orderly"] or int(str(found["fresh"])) > LARGEST_SHARE * int(str(found["before"])):
            return False
        run("numbered", "../normalise", "sketch", "../container", "../identical", "turned", "../keys", "touched", "candidate")
        run("partners", "../normalise", "gathered", "../compare", "../decide")
        run("arrived", "keep", "stand")
        return True

    def _begin(self, compare: Callable[[], None]) -> None:
        self._engine.detach("kept")
        for leftover in (self._path, self._path.with_name(self._path.name + ".wal")):
            leftover.unlink(missing_ok=True)
        compare()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._engine.attach(self._path, "kept")
        self._engine.run(SQL / "begin.sql", fingerprint=fingerprint(self._values))

    def _step(self, *names: str) -> None:
        for name in names:
            self._engine.run(SQL / f"{name}.sql", **self._values)


def fingerprint(values: dict[str, object]) -> str:
    """Of all that decisions rest on beside the records: the steps, the thresholds, and the engine, whose hashes are its own."""
    digest = hashlib.sha256(repr(sorted(values.items(), key=lambda item: item[0])).encode())
    for path in sorted([*SQL.glob("*.sql"), *SQL.parent.glob("*.sql")]):
        digest.update(path.read_bytes())
    digest.update(version("duckdb").encode())
    return digest.hexdigest()
