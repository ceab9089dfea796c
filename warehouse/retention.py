"""Which releases stay on disk: the live one, the public one, those that somebody pinned, and the newest."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from warehouse.failpoint import reached
from warehouse.integrity import left_over
from warehouse.storage import Storage

KEEP = 10
"""Releases that a clean-up leaves: whoever has resolved one reads it file by file, whatever goes live until the query ends."""


def pinned(storage: Storage) -> set[str]:
    """The ids of the releases that are never cleaned up."""
    return {path.name for path in _pins(storage).glob("*") if path.is_symlink()}


def pin(storage: Storage, release_id: str) -> None:
    """Keeps a release until it is unpinned."""
    _pins(storage).mkdir(exist_ok=True)
    if release_id not in pinned(storage):
        os.symlink(Path("..") / "releases" / release_id, _pins(storage) / release_id)


def unpin(storage: Storage, release_id: str) -> None:
    """Leaves a release to the next clean-up."""
    (_pins(storage) / release_id).unlink(missing_ok=True)


def prune(storage: Storage, keep: int = KEEP) -> list[str]:
    """Removes releases, and what killed runs left beside; the ids of those removed.

    Never the live, the public or a pinned one, nor one of the ``keep`` that were published last. Its counts stay in
    ``log.publication``, and its raw files and logs in ``raw/`` and ``log/``: it can be made again.
    """
    there = storage.release_ids()
    stay = kept(storage, there, keep)
    gone = [one for one in there if one not in stay]
    for release_id in gone:
        with storage.building() as folder:  # first out of sight in one step, then deleted
            os.rename(storage.folder / "releases" / release_id, folder / release_id)
            reached("release out of sight")
            shutil.rmtree(folder / release_id)
    for path in left_over(storage):
        path.unlink(missing_ok=True)
    return gone


def kept(storage: Storage, there: list[str], keep: int) -> set[str]:
    """The ids that a clean-up of ``there`` leaves: the live, the public and the pinned ones, and the ``keep`` newest."""
    published = [str(one) for one in storage.log.read("publication").column("release_id").to_pylist()]
    last = {release_id: position for position, release_id in enumerate(published)}
    # one that no log knows is of a run that was cut short: the newest, if that run is to go on, else nothing
    unknown = len(published) if storage.unfinished() else -1
    newest = sorted(there, key=lambda one: (last.get(one, unknown), one))[max(0, len(there) - keep) :]
    return {one for one in (storage.live_id(), storage.shown()) if one} | pinned(storage) | set(newest)


def _pins(storage: Storage) -> Path:
    return storage.folder / "pinned"
