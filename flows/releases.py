"""The command ``releases``: what is on disk, what stays there, and going back to an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.faults import BadInput
from flows.sharing import prune_copies, share_live
from tasks.publish.signing import show_unsigned
from warehouse import retention
from warehouse.account import predecessors
from warehouse.edition import versions
from warehouse.integrity import release_faults
from warehouse.review import load
from warehouse.storage import Published, Storage, clock
from warehouse.tables.catalogue import table


@dataclass(frozen=True, slots=True)
class Listed:
    """A release, and what it is besides: live, public, pinned; and its version, if it was signed off."""

    release: Published
    marks: tuple[str, ...]
    version: str | None


def listed(folder: Path, root: Path) -> list[Listed]:
    """All releases on disk, oldest first."""
    storage = Storage(root, load(folder).id)
    marked: dict[str, set[str | None]] = {
        "live": {storage.live_id()},
        "public": {storage.shown()},
        "pinned": {*retention.pinned(storage)},
    }
    numbers = {one.release_id: one.number for one in versions(storage.log)}
    return [
        Listed(one, tuple(mark for mark, ids in marked.items() if one.id in ids), numbers.get(one.id))
        for one in storage.releases()
    ]


def pin(folder: Path, root: Path, release_id: str) -> None:
    """Keeps a release from being cleaned up."""
    _with(folder, root, release_id, retention.pin)


def unpin(folder: Path, root: Path, release_id: str) -> None:
    """Leaves a release to the next clean-up."""
    _with(folder, root, release_id, retention.unpin)


def prune(folder: Path, root: Path, keep: int = retention.KEEP) -> list[str]:
    """Removes all releases but the live, the public, the pinned and the ``keep`` newest; the ids of those removed."""
    if keep < 1:
        raise BadInput(f"--keep {keep}: keep at least one release")
    storage = Storage(root, load(folder).id)
    with storage.writing():
        gone = retention.prune(storage, keep)
        prune_copies(storage, keep)
        return gone


def back_to(folder: Path, root: Path, release_id: str, wanted: datetime | None = None) -> str | None:
    """Makes a release on disk the live one; the id of the one that was, or None if it was that one already.

    Logged before it is done. Raw files and logs stay as they are: the next refresh that has anything new goes on from them.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    with storage.writing():
        _there(storage, release_id)
        if faults := release_faults(storage, release_id):
            raise BadInput(f"release {release_id} is damaged: {faults[0]}")
        if release_id not in predecessors(storage.log):
            raise BadInput(f"release {release_id} never went live: its run was cut short; evimap refresh {folder} goes on")
        before = storage.live_id()
        if before == release_id:
            show_unsigned(storage, review)  # a run that was cut short has not come to it
            share_live(storage)
            return None
        last = storage.log.read("rollback").to_pylist()[-1:]
        if [(row["release_id"], row["replaced"]) for row in last] != [(release_id, before)]:  # one cut short has logged it
            as_of = wanted or clock()
            row: dict[str, object] = {"review": review.id, "release_id": release_id, "replaced": before, "as_of": as_of}
            storage.log.append("rollback", table("log.rollback").of_rows([row]))
        storage.swap(before, release_id)
        show_unsigned(storage, review)
        share_live(storage)
        return before


def _with(folder: Path, root: Path, release_id: str, done: Callable[[Storage, str], None]) -> None:
    storage = Storage(root, load(folder).id)
    with storage.writing():
        _there(storage, release_id)
        done(storage, release_id)


def _there(storage: Storage, release_id: str) -> None:
    if release_id not in (there := storage.release_ids()):
        raise BadInput(f"there is no release {release_id}; there are: {', '.join(there) or 'none'}")
