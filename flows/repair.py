"""A damaged or missing release, made again from raw files and logs."""

from __future__ import annotations

import os
from pathlib import Path

from flows.faults import BadInput
from flows.places import data_root
from flows.refresh import live_id, made_again
from tasks.publish.signing import show_signed, show_unsigned, signed_last
from warehouse import files
from warehouse.account import predecessors
from warehouse.archive import Damaged
from warehouse.build import PIPELINE, Inputs
from warehouse.integrity import release_faults
from warehouse.recall import inputs_by_log, live_by_log
from warehouse.release import DATABASE, MANIFEST, inputs_named
from warehouse.review import load
from warehouse.storage import Storage


def repair(review: str, data: str | None = None, release_id: str | None = None) -> tuple[str, list[str]]:
    """Puts what is damaged or missing in a release back, file by file; its id, and the files that were mended.

    Each file is replaced as a whole, by one with the same content: a reader may go on. Raises `Damaged`, and touches nothing,
    where this version of the pipeline makes other files than those that are whole.
    """
    storage = Storage(data_root(data), load(Path(review)).id)
    wanted = release_id or live_id(storage)
    home = storage.folder / "releases" / wanted
    with storage.writing(), storage.building() as folder:
        broken = {fault.path for fault in release_faults(storage, wanted)}
        if not broken:
            return wanted, []
        inputs = _recalled(storage, wanted) if home / MANIFEST in broken else inputs_named(storage.release(wanted))
        build = made_again(storage, inputs, folder)
        again = [path for path in sorted(build.folder.rglob("*")) if path.is_file()]
        place = {path: home / path.relative_to(build.folder) for path in again}
        if home / MANIFEST in broken:  # nothing says which of the others are whole
            broken |= set(place.values())
        other = [
            str(place[path].relative_to(home)) for path in again
            if path.name not in (MANIFEST, DATABASE) and place[path].exists() and place[path] not in broken
            and files.sha256_of_file(path) != files.sha256_of_file(place[path])
        ]  # fmt: skip
        if other:
            raise Damaged(
                f"{home}: this version of the pipeline makes another {other[0]} than release {wanted} has;"
                " restore the release from a backup"
            )
        mended = []
        for path in again:
            if place[path] in broken or not place[path].exists() or path.name in (MANIFEST, DATABASE):
                _replace(path, place[path])
                mended.append(str(place[path].relative_to(home)))
        return wanted, mended


def _replace(new: Path, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    files.sync_file(new)
    new.chmod(0o444)
    os.replace(new, home)
    files.sync_folder(home.parent)


def _recalled(storage: Storage, release_id: str) -> Inputs:
    """What a release was made of, by the logs."""
    if release_id not in predecessors(storage.log):
        raise BadInput(f"{storage.folder / 'log'}: no log knows a release {release_id}; check its id")
    if (inputs := inputs_by_log(storage.log, release_id)) is None:
        raise BadInput(
            f"release {release_id}: version {PIPELINE} of the pipeline cannot make it again from the logs; install the version"
            " that made it (log.publication says which) and run again, or restore the folder of the release from a backup"
        )
    return inputs


def restore(review: str, data: str | None = None, release_id: str | None = None) -> list[str]:
    """Makes releases again that are not on disk, from raw files and logs alone, as after a backup was put back; their ids.

    Without ``release_id`` these are the one that was live last and the one that was signed off last, and `current` and
    `public` lead to them again. With it, it is that release alone, and what is live stays so.
    """
    configured = load(Path(review))
    storage = Storage(data_root(data), configured.id)
    with storage.writing():
        live, signed = storage.live_id() or live_by_log(storage.log), storage.shown() or signed_last(storage)
        if live is None:
            raise BadInput(f"{storage.folder / 'log'}: no log knows of a release; evimap refresh makes the first")
        if release_id is not None:
            return _placed(storage, release_id)
        made = _placed(storage, live)
        storage.swap(storage.live_id(), live)  # before the public one, which an earlier version may have made
        try:
            made += _placed(storage, signed) if signed else []
        except BadInput as error:
            raise BadInput(
                f"release {live} is live again; the public pages, of another one, are not: {error};"
                " or sign the live one off (evimap sign-off)"
            ) from None
        if signed and signed == signed_last(storage):
            show_signed(storage, storage.release(signed))
        show_unsigned(storage, configured)
        return made


def _placed(storage: Storage, release_id: str) -> list[str]:
    """Makes a release again that is not on disk; its id, if that was so."""
    if release_id in storage.release_ids():
        return []
    with storage.building() as folder:
        storage.place(made_again(storage, _recalled(storage, release_id), folder).folder, release_id)
    return [release_id]
