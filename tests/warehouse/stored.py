"""A small review on disk, made without the stages: raw files, logs that name them, and releases with true manifests."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.build import inputs_of
from warehouse.release import write_manifest
from warehouse.storage import Published, Storage
from warehouse.tables.catalogue import table

AS_OF = datetime(2026, 1, 1)


def receive(storage: Storage, number: int) -> None:
    """Keeps a file and logs it, as a refresh does."""
    moment = AS_OF + timedelta(days=number)
    raw = storage.raw.put(f"TY  - JOUR\r\nTI  - Invented paper {number}\r\nER  - \r\n".encode() * 9)
    config = {"review": "r", "kind": "protocol", "version": f"{number}.0", "raw": raw, "as_of": moment}
    storage.log.append("config", table("log.config").of_rows([config]))
    seen = {"review": "r", "record_id": f"r{number}", "search_id": "s1", "as_of": moment}
    storage.log.append("first_seen", table("log.first_seen").of_rows([seen]))


def release(storage: Storage, number: int = 1, live: bool = True) -> Published:
    """A release of what the logs hold, whose tables, in Parquet and in a database, all say ``number``."""
    before = storage.live_id()
    inputs = inputs_of(storage.log, before)
    with storage.building() as folder:
        built = folder / "release"
        (built / "marts").mkdir(parents=True)
        with duckdb.connect(str(built / "warehouse.duckdb")) as connection:
            connection.execute("CREATE SCHEMA marts")
            connection.execute("CREATE TABLE marts.study AS SELECT $number AS number FROM range(50)", {"number": number})
            for name in ("study", "theme"):
                target = str(built / "marts" / f"{name}.parquet")
                connection.execute("COPY (SELECT * FROM marts.study) TO $target (FORMAT parquet)", {"target": target})
        (built / "map.html").write_text(f"<p>{number}</p>")
        write_manifest(built, "r", inputs, AS_OF + timedelta(days=number))
        placed = storage.place(built, inputs.release_id)
        if not live:
            return placed
        row: dict[str, object] = {
            "review": "r", "release_id": placed.id, "predecessor": before, "records": number, "citations": number,
            "studies": 50, "mapped": 50, "as_of": AS_OF + timedelta(days=number),
        }  # fmt: skip
        storage.log.append("publication", table("log.publication").of_rows([row]))
        storage.swap(before, placed.id)
    return placed


def made(root: Path) -> Storage:
    """A review with two files received and a release of each, and one that was erased, with another in its place."""
    storage = Storage(root, "r")
    erased = {"review": "r", "raw": storage.raw.put(b"people: [P, Q]"), "person": "p", "as_of": AS_OF}
    storage.log.append("erasure", table("log.erasure").of_rows([erased]))
    storage.raw.erase(erased["raw"], b"people: [Q]")
    for number in (1, 2):
        receive(storage, number)
        with storage.writing():
            release(storage, number)
    storage.show(storage.release(str(storage.live_id())), ["map.html"])
    return storage


def everything(storage: Storage) -> list[Path]:
    """Every file that is kept."""
    kept = ("raw", "log", "releases", "signed")
    return sorted(path for name in kept for path in (storage.folder / name).rglob("*") if path.is_file())
