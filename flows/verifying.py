"""The command ``verify``: every file that is kept, against what it was when it was written; then every law."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from expectations.gate import GateError
from flows.checking import laws_of
from flows.faults import BadInput
from flows.sharing import store_of
from warehouse.build import PIPELINE
from warehouse.integrity import Fault, archive_faults, left_over, link_faults, page_faults, release_faults
from warehouse.review import load
from warehouse.shared.copies import store_faults
from warehouse.shared.place import StoreAway
from warehouse.storage import Storage


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: files that are not in order, laws that are broken, and what need not worry anybody."""

    faults: tuple[Fault, ...]
    broken: str | None
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything is as it was written, and keeps the laws."""
        return not self.faults and self.broken is None


def verify(folder: Path, root: Path, release_id: str | None = None) -> Verified:
    """Checks ``raw/``, ``log/``, the links, the files of one release or of all, and the laws on that one or the live one.

    Where the environment names a store, its copies too, byte for byte.

    Changes nothing and takes no lock, so that a backup can be checked where it lies. Raises `BadInput` where there is no such
    release.
    """
    storage = Storage(root, load(folder).id)
    there = storage.release_ids()
    if release_id is not None and release_id not in there:
        raise BadInput(f"there is no release {release_id}; there are: {', '.join(there) or 'none'}")
    faults = archive_faults(storage) + link_faults(storage) + page_faults(storage)
    for one in there if release_id is None else [release_id]:
        faults += release_faults(storage, one)
    notes = [f"{path}: left by a run that was killed; it is no part of anything" for path in left_over(storage)]
    law = None
    judged = release_id or storage.live_id()
    if judged is None:
        notes.append("no release yet")
    elif faults:
        notes.append("the laws are checked when every file is in order")
    else:
        law = _broken(storage, judged, notes)
    faults += _in_the_store(storage, release_id)
    return Verified(tuple(faults), law, tuple(notes))


def _in_the_store(storage: Storage, release_id: str | None) -> list[Fault]:
    """What is wrong with the copies, if there are any; one fault where nobody can tell."""
    try:
        store = store_of(storage)
        return store_faults(storage, store, release_id) if store else []
    except StoreAway as error:
        address, _, what = str(error).partition(": ")
        return [Fault(address, what, "run evimap verify again when it can be reached")]


def _broken(storage: Storage, release_id: str, notes: list[str]) -> str | None:
    release = storage.release(release_id)
    try:
        verdict = laws_of(storage, release)
    except GateError as error:
        if release.manifest["pipeline"] == PIPELINE:
            raise
        notes.append(f"release {release_id} is of version {release.manifest['pipeline']}, which had other laws ({error})")
        return None
    notes.append(f"release {release_id}: {verdict.summary}")
    return verdict.summary if verdict.stopped else None
