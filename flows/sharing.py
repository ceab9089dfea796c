"""The live release where other machines read it: after each run that makes one live, and by the command ``share``."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.faults import BadInput
from warehouse.review import load
from warehouse.shared.store import Shared, Store
from warehouse.storage import Storage

log = logging.getLogger("evimap")
VARIABLE, CATALOGUE = "EVIMAP_STORE", "EVIMAP_LAKE"


def store_of(storage: Storage, url: str | None = None, environment: Mapping[str, str] | None = None) -> Store | None:
    """The store at ``url``, else at the address in the environment, if there is one."""
    named = url or (os.environ if environment is None else environment).get(VARIABLE)
    return Store(named, storage.folder.name) if named else None


def share_live(storage: Storage) -> None:
    """Puts the live release into the store that the environment names, if any. Call it while the review is locked.

    Raises `StoreAway` where it cannot be reached: the run has done its work by then, and the next one puts both there.
    """
    store = store_of(storage)
    done = store.share(storage) if store else None
    if store and done and done.moved:
        log.info("%-11s release %s, %s files, is live in %s", "share", done.release, f"{done.files:,}", store.home)
    if store and done:
        _catalogue(store)


def _catalogue(store: Store) -> None:
    """Enters the live release into the DuckLake that the environment names, if any."""
    if catalogue := os.environ.get(CATALOGUE):
        from warehouse.shared.lake import enter

        if entered := enter(catalogue, store):
            log.info("%-11s the catalogue of all reviews has release %s", "share", entered)


def prune_copies(storage: Storage, keep: int) -> None:
    """Removes old releases from the store that the environment names, if any."""
    store = store_of(storage)
    gone = store.prune(storage, keep) if store else []
    if store and gone:
        log.info("%-11s %s releases removed from %s", "share", f"{len(gone):,}", store.home)


def answer(sql: str, reviews: Sequence[str], url: str | None) -> tuple[list[str], list[tuple[object, ...]]]:
    """The columns and rows of a query over the live releases of a store. Raises `BadInput` without a store."""
    from warehouse.shared.reading import ask

    if (named := url or os.environ.get(VARIABLE)) is None:
        raise BadInput(f"no store: name one with --store, or set {VARIABLE}, for example to s3://bucket/prefix")
    return ask(named, sql, reviews)


def share(folder: Path, root: Path, url: str | None = None, again: bool = False) -> tuple[Shared, bool]:
    """Makes the live release the live one of a store; whether that store can keep two writers apart as well.

    With ``again`` every byte that is there is read, and what is damaged is put anew. Raises `BadInput` without a store or a
    release.
    """
    storage = Storage(root, load(folder).id)
    store = store_of(storage, url)
    if store is None:
        raise BadInput(f"no store: name one with --store, or set {VARIABLE}, for example to s3://bucket/prefix")
    with storage.writing():
        done = store.share(storage, again)
        if done is not None:
            _catalogue(store)
    if done is None:
        raise BadInput(f"{folder}: no release yet; evimap refresh {folder} makes one")
    return done, store.pointer.atomic
