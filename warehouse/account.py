"""What a release says, in a few narrow tables that stay in the log: what later releases are compared with, pruned or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path

import pyarrow as pa

from warehouse.archive import Log
from warehouse.engine import Engine, Tables
from warehouse.tables.published import PUBLISHED

SQL = Path(__file__).with_name("published")

ACCOUNT = tuple(one.name for one in PUBLISHED)
"""The logs of what a release says; each batch is of one release."""

LINE = ("published_box", "published_theme")
"""Those of which each release has rows. A later one reads them of all before it, and the others of its predecessor alone."""


NOTHING: Tables = {one.qualified: one.empty() for one in PUBLISHED}
"""The same where there was no release before."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a release is called, which one it follows, and its clock value."""

    release_id: str
    predecessor: str | None
    as_of: datetime


def account(tables: Tables, review: str, named: Named) -> dict[str, pa.Table]:
    """What a release says, by log, from its tables and the numbers of the line before it."""
    with Engine(tables) as engine:
        return _account(engine, review, named)


def _account(engine: Engine, review: str, named: Named) -> dict[str, pa.Table]:
    values = {"review": review, "release_id": named.release_id, "as_of": named.as_of}
    return {name: engine.produce(f"log.{name}", SQL / f"{name}.sql", **values) for name in ACCOUNT}


def before_and_after(engine: Engine, review: str, named: Named) -> None:
    """Puts what this release says as ``after.*`` beside what its predecessor said as ``before.*``."""
    for name, rows in _account(engine, review, named).items():
        said = engine.run(f"FROM log.{name} WHERE release_id = $release_id", release_id=named.predecessor or "")
        put(engine, "before", {name: said})
        put(engine, "after", {name: rows})


def put(engine: Engine, side: str, said: Tables) -> None:
    """Makes ``log.published_study`` of one release visible as ``before.study`` and so on."""
    for name, rows in said.items():
        if isinstance(rows, pa.Table):
            engine.keep(f"{side}.{name.removeprefix('published_')}", rows)


def batches_of(log: Log, name: str, release_id: str) -> tuple[str, ...]:
    """The batch of ``log.<name>`` that is of a release, if it said anything there; the newest are looked at first."""
    return tuple(islice((path.name for path in reversed(log.files(name)) if _release_of(log, name, path) == release_id), 1))


def predecessors(log: Log) -> dict[str, str | None]:
    """For each release that was published the one that was live before it, in the order in which they were first published."""
    found: dict[str, str | None] = {}
    for row in log.read("publication").to_pylist():
        found.setdefault(row["release_id"], row["predecessor"])
    return found


def inputs_after(log: Log, predecessor: str) -> dict[str, tuple[str, ...]]:
    """The batches that a release after ``predecessor`` reads, by log: what that one said, and the numbers of its line."""
    line, before = [predecessor], predecessors(log)
    while earlier := before.get(line[-1]):
        line.append(earlier)
    return {
        name: tuple(
            batch for one in (reversed(line) if name in LINE else [predecessor]) for batch in batches_of(log, name, one)
        )
        for name in ACCOUNT
    }


def said_by(log: Log, release_id: str) -> dict[str, pa.Table]:
    """What a release said, by log; tables without rows for one that left no account."""
    return {name: log.read(name, [log.file(name, batch) for batch in batches_of(log, name, release_id)]) for name in ACCOUNT}


def accounted(log: Log) -> list[tuple[str, datetime]]:
    """The releases that left an account, with their clock values, in the order in which they were published."""
    first = [log.read("published_box", [path]).slice(0, 1).to_pylist()[0] for path in log.files("published_box")]
    return [(row["release_id"], row["as_of"]) for row in first]


# A batch never changes: it is read once in a process.
@cache
def _release_of(log: Log, name: str, batch: Path) -> str:
    release: str = log.read(name, [batch]).column("release_id")[0].as_py()
    return release
