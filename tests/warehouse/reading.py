"""Readers that never stop: ``python reading.py REVIEW READERS``, until a file ``stop`` appears in the working directory.

Each is a process of its own that writes ``<n>.json`` after every query: how many it has made, what it saw, and what went wrong.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb


def of_parquet(review: Path) -> set[int]:
    """The release that two tables are of, joined by the manifest's file list; the link is resolved once."""
    home = review / "releases" / Path(os.readlink(review / "current")).name
    listed = json.loads((home / "manifest.json").read_text())["files"]
    paths = [str(home / name) for name in sorted(listed) if name.endswith(".parquet")]
    with duckdb.connect(config={"threads": 1}) as connection:
        query = (
            "SELECT DISTINCT number FROM (SELECT number FROM read_parquet($1) UNION ALL SELECT number FROM read_parquet($2))"
        )
        return {row[0] for row in connection.execute(query, paths).fetchall()}


def of_database(review: Path) -> set[int]:
    """The release that the database is of, opened as analysts open it."""
    with duckdb.connect(str(review / "warehouse.duckdb"), read_only=True, config={"threads": 1}) as connection:
        return {row[0] for row in connection.execute("SELECT DISTINCT number FROM marts.study").fetchall()}


def read(review: Path, reader: int) -> None:
    """Queries until it is told to stop."""
    told: dict[str, object] = {"queries": 0, "seen": [], "mixed": [], "errors": []}
    seen: set[int] = set()
    count = 0
    while not Path("stop").exists():
        for query in (of_parquet, of_database):
            try:
                numbers = query(review)
                seen |= numbers
                if len(numbers) != 1:
                    told["mixed"] = sorted(numbers)
            except Exception as error:
                told["errors"] = [f"{query.__name__}: {error}"]
        count += 1
        told |= {"queries": count, "seen": sorted(seen)}
        beside = Path(f".{reader}.json")
        beside.write_text(json.dumps(told))
        beside.replace(f"{reader}.json")


if __name__ == "__main__":
    children = []
    for number in range(int(sys.argv[2])):
        if not (child := os.fork()):
            read(Path(sys.argv[1]), number)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
