"""Whether the copies in a store are what was put there: each against its own manifest, and against the release on disk."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.archive import Damaged
from warehouse.integrity import Fault
from warehouse.release import DATABASE, MANIFEST
from warehouse.shared.store import Copy, Store
from warehouse.storage import Storage


def store_faults(storage: Storage, store: Store, release_id: str | None = None) -> list[Fault]:
    """What is wrong in a store: with its pointer, and with one release or all. Every byte of them is read."""
    found = list(_pointer_faults(storage, store))
    for one in store.release_ids():
        if release_id in (None, one):
            found += _faults_of(storage, store, one)
    return found


def _pointer_faults(storage: Storage, store: Store) -> Iterator[Fault]:
    here = storage.live_id()
    try:
        live = store.live()
        store.current()
    except Damaged as error:
        path, _, rest = str(error).partition(": ")
        what, _, remedy = rest.partition("; ")
        yield Fault(path, what, remedy)
        return
    if (live.release if live else None) != here:
        said = f"release {live.release}" if live else "no release"
        yield Fault(store.pointer.address, f"{said} is live there, and here {here}", "evimap share REVIEW mends it")


def _faults_of(storage: Storage, store: Store, release_id: str) -> Iterator[Fault]:
    home = store.at(release_id)
    live = release_id == storage.live_id()
    mend = (
        "evimap share REVIEW --repair mends it"
        if live
        else f"delete {home}, or make it live and run evimap share REVIEW --repair"
    )
    copy = store.whole(release_id)
    if copy is None:
        yield Fault(f"{home}/{MANIFEST}", "is missing or damaged: an upload or a clean-up that was cut short", mend)
        return
    for name, what in store.faults_of(copy):
        yield Fault(f"{home}/{name}", what, "delete it" if name not in copy.sizes else mend)
    if release_id in storage.release_ids():
        yield from _other(storage, copy, mend)


def _other(storage: Storage, copy: Copy, mend: str) -> Iterator[Fault]:
    """Files of another content than on disk, but for the database, whose bytes differ each time that it is made."""
    try:
        here = storage.release(copy.id).manifest["files"]
    except Damaged:  # told as such
        return
    there = copy.manifest["files"]
    if isinstance(here, dict):
        for name in sorted(here.keys() | there.keys()):
            if name != DATABASE and here.get(name) != there.get(name):
                yield Fault(f"{copy.home}/{name}", "is another file than on disk", mend)
