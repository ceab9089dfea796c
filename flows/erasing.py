"""The command ``erase``: a person's data goes; what was decided stays, under an id that leads to nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from flows.exchange import waiting_in
from flows.faults import BadInput
from warehouse.engine import Engine
from warehouse.review import Review, load
from warehouse.storage import Storage, clock
from warehouse.tables.catalogue import table

_LOGS = (
    "vote", "tool_vote", "resolution", "retrieval", "removal", "coding", "verification", "study_link", "override", "import",
    "config", "full_text",
)  # fmt: skip
_NAMES = ("name", "known_as")  # of a person in protocol.yaml


@dataclass(frozen=True, slots=True)
class Erased:
    """How many returned files and versions of the protocol were replaced, what was deleted, and whose rows were in them too."""

    returned: int
    protocols: int
    deleted: tuple[Path, ...]
    others: tuple[str, ...]
    unknown: tuple[Path, ...]
    """Returned files of which nothing was taken, so that nobody can tell from the logs whose they are."""


def erase(folder: Path, root: Path, person: str, wanted: datetime | None = None) -> Erased:
    """Replaces what ``person`` sent back by tombstones, takes their names out of kept protocols, and deletes their worklists.

    The logs keep each decision under the person's id, and a release is still made again from them. Logged before it is done, so
    that the next run goes on, whoever it is for. Raises `BadInput` while ``protocol.yaml`` of today has a name, or files wait
    in the inbox.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    _may(review, storage, person)
    with storage.writing():
        known, deleted = _finish(storage)
        logs = {f"log.{name}": storage.log.read(name) for name in _LOGS}
        with Engine(logs) as engine:
            found = engine.rows(Path(__file__).parent / "erased_files.sql", person=person)
        named = _named(storage, person)
        if not found and not named and person not in known and all(one.id != person for one in review.protocol.people):
            raise BadInput(f"--person {person}: neither the protocol nor any log knows this id")
        gone = [str(row["raw"]) for row in found]
        as_of = wanted or clock()
        rows: list[dict[str, object]] = [
            {"review": review.id, "raw": raw, "person": person, "as_of": as_of}
            for raw in [*gone, *named]
            if raw not in known.get(person, ())
        ]
        storage.log.append("erasure", table("log.erasure").of_rows(rows))
        deleted += _take_out(storage, person, gone, named)
    others = {str(other) for row in found for other in list(row["others"])}  # type: ignore[call-overload]  # a list column
    return Erased(len(gone), len(named), tuple(deleted), tuple(sorted(others)), tuple(_unknown(storage, logs.values())))


def _finish(storage: Storage) -> tuple[dict[str, set[str]], list[Path]]:
    """Ends erasures that were cut short; the files that the log has of each person, and what was deleted now."""
    known: dict[str, set[str]] = {}
    deleted: list[Path] = []
    for row in storage.log.read("erasure").to_pylist():
        known.setdefault(row["person"], set()).add(row["raw"])
    for person, raws in known.items():
        named = [raw for raw in _named(storage, person) if raw in raws]
        there = [raw for raw in sorted(raws) if storage.raw.path(raw).exists() and raw not in named]
        if there or named:
            deleted += _take_out(storage, person, there, named)
    storage.raw.finish_erasures()
    return known, deleted


def _take_out(storage: Storage, person: str, gone: Sequence[str], named: Sequence[str]) -> list[Path]:
    """Does what is logged; the copies that were deleted. What they sent goes last: as long as it is there, it is not done."""
    deleted = [*_copies(storage, gone, person), *_worklists(storage, person)]
    for path in deleted:
        path.unlink()
    shutil.rmtree(storage.worklists / person, ignore_errors=True)
    for raw in named:
        storage.raw.erase(raw, _without(storage.raw.get(raw), person))
    for raw in gone:
        storage.raw.erase(raw)
    return deleted


def _may(review: Review, storage: Storage, person: str) -> None:
    for one in review.protocol.people:
        if one.id == person and any(getattr(one, name) for name in _NAMES):
            raise BadInput(
                f"{review.folder / 'protocol.yaml'}: take {' and '.join(_NAMES)} of {person} out first (no new version)"
            )
    if waiting := waiting_in(storage.inbox):
        raise BadInput(f"{waiting[0]}: is not taken in yet; evimap ingest {review.folder} first")


def _named(storage: Storage, person: str) -> list[str]:
    """Kept protocols that name the person."""
    rows = storage.log.read("config").to_pylist()
    protocols = dict.fromkeys(str(row["raw"]) for row in rows if row["kind"] == "protocol")
    return [raw for raw in protocols if any(_names_of(yaml.safe_load(storage.raw.get(raw)), person))]


def _names_of(protocol: dict[str, Any], person: str) -> Iterator[tuple[dict[str, Any], str]]:
    for one in protocol.get("people") or ():
        if one.get("id") == person:
            yield from ((one, name) for name in _NAMES if name in one)


def _without(data: bytes, person: str) -> bytes:
    """A protocol without the person's names, and without comments, which may name people."""
    said = yaml.safe_load(data)
    for one, name in list(_names_of(said, person)):
        del one[name]
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True).encode()


def _copies(storage: Storage, gone: Sequence[str], person: str) -> list[Path]:
    """The files as they were taken in, and what was refused of them, named after a list or marked with their bytes."""
    taken = [path for raw in gone for path in storage.inbox.glob(f"taken/{raw[:12]}-*")]
    theirs = {row["worklist_id"] for row in storage.log.read("worklist").to_pylist() if row["reviewer"] == person}
    marks = tuple(f"-{raw[:8]}" for raw in gone)
    back = sorted((storage.worklists / "refused").glob("*"))
    return taken + [path for path in back if path.stem in theirs or path.stem.endswith(marks)]


def _unknown(storage: Storage, logs: Iterable[pa.Table]) -> list[Path]:
    known = {str(raw)[:12] for rows in logs for raw in rows.column("raw").to_pylist()}
    return [path for path in sorted(storage.inbox.glob("taken/*")) if path.name.partition("-")[0] not in known]


def _worklists(storage: Storage, person: str) -> list[Path]:
    return sorted(path for path in (storage.worklists / person).rglob("*") if path.is_file())
