"""Whether what is stored is what was written: each file held against its name, its manifest, and the logs that name it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from warehouse import files
from warehouse.archive import Damaged, Log, Raw
from warehouse.edition import numbered
from warehouse.release import MANIFEST, inputs_named, seal, written
from warehouse.storage import CURRENT, LINK, PUBLIC, WRITE_AHEAD, Published, Storage
from warehouse.tables.catalogue import TABLES
from warehouse.tables.log import LOG
from warehouse.tables.published import PUBLISHED

_BACKUP = "restore it from a backup"
_RAW = re.compile(r"([0-9a-f]{64})\.(zst|erased)")
_BATCH = re.compile(r"([0-9]{6,})-[0-9a-f]{64}\.parquet")
_LEFT = re.compile(r"\..+\.[0-9a-f]{8}")  # what `files.write` and the links are written as before they are renamed


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is damaged, missing or too many, and what to do about it."""

    path: Path | str  # the address, of what lies in a store
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}; {self.remedy}"


def archive_faults(storage: Storage) -> list[Fault]:
    """What is wrong in ``raw/`` and ``log/``: the backup of the review, which nothing else can replace."""
    damaged = list(_log_faults(storage.log, storage.folder / "log"))
    return damaged + list(_raw_faults(storage.raw, storage.log, storage.folder / "raw", _named_by(storage.log)))


def release_faults(storage: Storage, release_id: str) -> list[Fault]:
    """What is wrong in the folder of one release, and which batches of the logs that it was made of are missing."""
    mend = f"evimap rebuild REVIEW {release_id} --repair makes it again"
    try:
        release = storage.release(release_id)
    except Damaged:
        return [Fault(storage.folder / "releases" / release_id / MANIFEST, "is missing or cannot be read", mend)]
    if wrong := _manifest_fault(release):
        return [Fault(release.folder / MANIFEST, wrong, mend)]
    found = list(_file_faults(release, mend))
    for name, batches in inputs_named(release).batches.items():
        for batch in batches:
            if not (path := storage.log.file(name, batch)).exists():
                found.append(Fault(path, f"is missing, and release {release_id} was made of it", _BACKUP))
    return found


def page_faults(storage: Storage) -> list[Fault]:
    """Signed-off pages that are no longer those of their release. Of a release that was pruned, nothing is left to compare."""
    found = []
    for folder in sorted((storage.folder / "signed").glob("*")):
        release = storage.folder / "releases" / folder.name
        for path in sorted(folder.iterdir()) if release.exists() else ():
            original = release / path.name
            if original.exists() and numbered(original.read_bytes()) != numbered(path.read_bytes()):
                remedy = f"delete {folder} and sign the release off again, once {original} is in order"
                found.append(Fault(path, f"is not the page of release {folder.name}", remedy))
    return found


def link_faults(storage: Storage) -> list[Fault]:
    """Pointers that lead nowhere, or to a release that no log knows."""
    again = "evimap releases REVIEW --back-to ID points it to a release that is whole"
    signed = "evimap sign-off REVIEW --by PERSON makes it again"
    found = list(_unlogged(storage))
    if (stale := storage.folder / f"{LINK}{WRITE_AHEAD}").exists():
        remedy = "close that program and delete it: the next release cannot go live beside it"
        found.append(Fault(stale, "is a write-ahead log: somebody opened the warehouse for writing", remedy))
    for name, remedy in ((CURRENT, again), (PUBLIC, signed), (LINK, again)):
        path = storage.folder / name
        if path.is_symlink() and not path.exists():
            found.append(Fault(path, f"leads to {os.readlink(path)}, which is not there", remedy))
    return found


def _unlogged(storage: Storage) -> Iterator[Fault]:
    live = storage.live_id()
    try:
        logged = storage.log.read("publication").column("release_id").to_pylist()
    except Damaged:  # told as such
        return
    if logged and live is None and not storage.release_ids():
        remedy = "evimap rebuild REVIEW --restore makes it again"
        yield Fault(storage.folder / CURRENT, "is missing, and so are the releases that the logs know of", remedy)
    if live and live not in logged:
        yield Fault(storage.folder / "log" / "publication", f"the batch with the live release {live} is missing", _BACKUP)


def left_over(storage: Storage) -> list[Path]:
    """Files of runs that were killed while they wrote: harmless, and no part of anything."""
    found = [path for folder in ("raw", "log", "worklists") for path in (storage.folder / folder).rglob(".*")]
    return sorted(path for path in [*found, *storage.folder.glob(".*")] if _LEFT.fullmatch(path.name))


def _raw_faults(raw: Raw, log: Log, folder: Path, named: dict[str, str]) -> Iterator[Fault]:
    seen = set()
    erased = _erased(log)
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or _LEFT.fullmatch(path.name):
            continue
        name = _RAW.fullmatch(path.name)
        if name is None or path not in (raw.path(name[1]), raw.tombstone(name[1])):
            yield Fault(path, "is none of the files that the pipeline keeps there", "move it away")
            continue
        seen.add(name[1])
        try:
            if name[2] == "erased":
                yield from _tombstone_faults(raw, path, name[1], erased)
            elif erased is not None and name[1] in erased and not raw.tombstone(name[1]).exists():
                yield Fault(path, "was to be erased and is there still", "run evimap erase again: it was cut short")
            else:
                raw.get(name[1])
        except Damaged:
            yield Fault(path, "its content does not fit its name", _BACKUP)
    for sha in sorted(named.keys() - seen):
        yield Fault(raw.path(sha), f"is missing, and {named[sha]} names it", _BACKUP)


def _tombstone_faults(raw: Raw, path: Path, sha: str, erased: set[str] | None) -> Iterator[Fault]:
    instead = raw.instead(sha)
    if erased is not None and sha not in erased:
        yield Fault(path, "no log knows that the file was erased", _BACKUP)
    elif not raw.erased(sha):
        yield Fault(path, "what was erased is there still", "run evimap erase again: it was cut short")
    if instead and not raw.path(instead).exists():
        yield Fault(path, f"{raw.path(instead)}, which is read instead, is not there", _BACKUP)


def _erased(log: Log) -> set[str] | None:
    """The files that were erased; None where that cannot be read."""
    try:
        return {str(raw) for raw in log.read("erasure").column("raw").to_pylist()}
    except Damaged:  # told as such
        return None


def _log_faults(log: Log, folder: Path) -> Iterator[Fault]:
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or _LEFT.fullmatch(path.name):
            continue
        place = path.relative_to(folder)
        if len(place.parts) != 2 or f"log.{place.parts[0]}" not in TABLES or not _BATCH.fullmatch(path.name):
            yield Fault(path, "is none of the files that the pipeline keeps there", "move it away")
    for declared in (*LOG, *PUBLISHED):
        batches = log.files(declared.name)
        before = 0
        for path in batches:
            name = _BATCH.fullmatch(path.name)
            number = int(name[1]) if name else before + 1
            if number == before:
                yield Fault(path, f"is a second batch {number}", "move away the one that no manifest names")
            for absent in range(before + 1, number):
                yield Fault(path.with_name(f"{absent:06d}-….parquet"), f"is missing: {path.name} comes after it", _BACKUP)
            before = number
            try:
                log.read(declared.name, [path])
            except Damaged:
                yield Fault(path, "its content does not fit its name", _BACKUP)


def _named_by(log: Log) -> dict[str, str]:
    """The addresses in ``raw/`` that the logs name, each with the log that does; damaged batches are left out."""
    found: dict[str, str] = {}
    for declared in LOG:
        columns = [name for name in ("raw", "files") if name in declared.column_names]
        for path in log.files(declared.name) if columns else ():
            try:
                rows = log.read(declared.name, [path])
            except Damaged:
                continue
            for column in columns:
                values = rows.column(column)
                flat = pc.list_flatten(values) if column == "files" else values
                found |= dict.fromkeys(pc.unique(pc.drop_null(flat)).to_pylist(), declared.qualified)
    return found


def _manifest_fault(release: Published) -> str | None:
    """What is wrong with a manifest itself: it carries a checksum, and the id is a hash of the inputs that it names."""
    try:
        if inputs_named(release).release_id != release.id or release.manifest["release"] != release.id:
            return "its inputs do not fit the id of the release"
    except (AttributeError, KeyError, TypeError):
        return "is not a manifest"
    text = (release.folder / MANIFEST).read_bytes()
    sealed = release.manifest.get("sha256", seal(release.manifest))  # those of an earlier version have none
    if sealed != seal(release.manifest) or text != written(release.manifest):
        return "its content does not fit its checksum"
    return None


def _file_faults(release: Published, mend: str) -> Iterator[Fault]:
    listed = release.manifest["files"]
    if not isinstance(listed, dict):
        yield Fault(release.folder / MANIFEST, "is not a manifest", mend)
        return
    there = {str(path.relative_to(release.folder)) for path in release.folder.rglob("*") if path.is_file()} - {MANIFEST}
    for name in sorted(listed.keys() | there):
        path = release.folder / name
        if name not in there:
            yield Fault(path, "is missing", mend)
        elif name.endswith(WRITE_AHEAD) and name not in listed:
            what = "is a write-ahead log: somebody opened the warehouse for writing"
            yield Fault(path, what, f"close that program and delete it; then {mend}")
        elif name not in listed:
            yield Fault(path, "is no part of the release", "move it away")
        elif path.stat().st_size != listed[name]["bytes"] or files.sha256_of_file(path) != listed[name]["sha256"]:
            yield Fault(path, "is not what was published", mend)
