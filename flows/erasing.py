"""The command ``erase``: a person's data goes; what was decided stays, under an id that leads to nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
    that a second run goes on. Raises `BadInput` while ``protocol.yaml`` of today has a name, or files wait in the inbox.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    _may(review, storage, person)
    with storage.writing():
        storage.raw.finish_erasures()
        logs = {f"log.{name}": storage.log.read(name) for name in _LOGS}
        with Engine(logs) as engine:
            found = engine.rows(Path(__file__).parent / "erased_files.sql", person=person)
        named = dict(_protocols(storage, person))
        if not found and not named and all(one.id != person for one in review.protocol.people):
            raise BadInput(f"--person {person}: neither the protocol nor any log knows this id")
        gone = [str(row["raw"]) for row in found]
        logged = {row["raw"] for row in storage.log.read("erasure").to_pylist()}
        as_of = wanted or clock()
        rows: list[dict[str, object]] = [
            {"review": review.id, "raw": raw, "person": person, "as_of": as_of} for raw in [*gone, *named] if raw not in logged
        ]
        storage.log.append("erasure", table("log.erasure").of_rows(rows))
        for raw in gone:
            storage.raw.erase(raw)
        for raw, instead in named.items():
            storage.raw.erase(raw, instead)
        deleted = [*_copies(storage, gone, person), *_worklists(storage, person)]
        for path in deleted:
            path.unlink()
        shutil.rmtree(storage.worklists / person, ignore_errors=True)
    others = {str(other) for row in found for other in list(row["others"])}  # type: ignore[call-overload]  # a list column
    return Erased(len(gone), len(named), tuple(deleted), tuple(sorted(others)), tuple(_unknown(storage, logs.values())))


def _may(review: Review, storage: Storage, person: str) -> None:
    for one in review.protocol.people:
        if one.id == person and any(getattr(one, name) for name in _NAMES):
            raise BadInput(
                f"{review.folder / 'protocol.yaml'}: take {' and '.join(_NAMES)} of {person} out first (no new version)"
            )
    if waiting := waiting_in(storage.inbox):
        raise BadInput(f"{waiting[0]}: is not taken in yet; evimap ingest {review.folder} first")


def _protocols(storage: Storage, person: str) -> Iterator[tuple[str, bytes]]:
    """Kept protocols that name the person, each with what takes its place: without comments, which may name people."""
    rows = storage.log.read("config").to_pylist()
    for raw in dict.fromkeys(str(row["raw"]) for row in rows if row["kind"] == "protocol"):
        said = yaml.safe_load(storage.raw.get(raw))
        people = [one for one in said.get("people") or () if one.get("id") == person and any(name in one for name in _NAMES)]
        for one in people:
            for name in _NAMES:
                one.pop(name, None)
        if people:
            yield raw, yaml.safe_dump(said, sort_keys=False, allow_unicode=True).encode()


def _copies(storage: Storage, gone: list[str], person: str) -> list[Path]:
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
