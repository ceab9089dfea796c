"""The releases of one review in a store.

``<url>/<review>/releases/<id>/…`` is never changed once it is whole: each file is held against the manifest before it goes
and again as it lies in the store, and the manifest is put last. ``<url>/<review>/current.json`` says which release is live.
Whatever happens to a store, the releases on disk stay as they are; what was cut short is finished by the next run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse import files
from warehouse.account import predecessors
from warehouse.archive import Damaged
from warehouse.failpoint import reached
from warehouse.release import MANIFEST, seal
from warehouse.retention import kept
from warehouse.shared.place import Place, place, reaching
from warehouse.shared.pointer import NAME, Live, pointer
from warehouse.storage import Published, Storage

_PIECE = 1 << 22


class Foreign(ValueError):
    """The live release of the store is none of this disk: two disks would take turns in making the other's work disappear."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A release as it lies in a store."""

    id: str
    home: str  # its URL
    manifest: dict[str, Any]

    @property
    def sizes(self) -> dict[str, int]:
        """The bytes of each file that the manifest names."""
        return {name: int(said["bytes"]) for name, said in self.manifest["files"].items()}


@dataclass(frozen=True, slots=True)
class Shared:
    """What sharing did: the live release of the store, how many files were put, and whether another one was live before."""

    release: str
    files: int
    moved: bool


class Store:
    """One review at a URL. Every method raises `StoreAway` where the store cannot be used."""

    def __init__(self, url: str | Place, review: str) -> None:
        self.place = place(url) if isinstance(url, str) else url
        self.review = review
        self.home = self.place.address(review)
        with reaching(self.home):
            self.pointer = pointer(self.place, review)

    def live(self) -> Live | None:
        """Which release is live, if there is one."""
        with reaching(self.home):
            return self.pointer.read().live

    def current(self) -> Copy | None:
        """The live release, which stays readable whatever goes live next. Raises `Damaged` if its manifest is another one."""
        live = self.live()
        if live is None:
            return None
        text = self._manifest_text(live.release)
        if text is None or files.sha256(text) != live.manifest:
            raise Damaged(
                f"{self.at(live.release)}/{MANIFEST}: is not what was put there; evimap share REVIEW --repair mends it"
            )
        return Copy(live.release, self.at(live.release), json.loads(text))

    def at(self, release_id: str) -> str:
        """The URL of a release."""
        return f"{self.home}/releases/{release_id}"

    def release_ids(self) -> list[str]:
        """The ids of all releases in the store, whatever state they are in."""
        return sorted({name.split("/")[0] for name in self._found("releases")})

    def whole(self, release_id: str) -> Copy | None:
        """A release whose manifest is there and sound; its files were all there when that was put."""
        text = self._manifest_text(release_id)
        try:
            said = json.loads(text) if text else {}
            sound = said["release"] == release_id and said.get("sha256", seal(said)) == seal(said)
        except (ValueError, KeyError, TypeError):
            return None
        return Copy(release_id, self.at(release_id), said) if sound else None

    def share(self, storage: Storage, again: bool = False) -> Shared | None:
        """Makes the live release on disk the live one of the store; None if there is none. Twice is as once.

        With ``again`` every byte that is there is read and held against its manifest. Hold the lock of the review meanwhile.
        Raises `Foreign` where the live release of the store is none that the logs of this disk know, `Busy` where another
        machine is quicker, `Damaged` where a file on disk is not what was published.
        """
        release = storage.current()
        if release is None:
            return None
        with reaching(self.home):
            before = self.pointer.read()
        if before.live and before.live.release not in predecessors(storage.log):
            raise Foreign(
                f"{self.pointer.address}: release {before.live.release} is live there, and no log of {storage.folder} knows it:"
                " another disk writes this review, or this one was restored from an old backup; let one disk write, or, where"
                " this is the one, delete that object and run evimap share again"
            )
        put = self.upload(release, again)
        reached("copy whole")
        live = Live(release.id, files.sha256(self._manifest_text(release.id) or b""))
        if before.live != live:
            with reaching(self.home):
                self.pointer.swap(before, live)
        reached("copy live")
        return Shared(release.id, put, before.live != live)

    def upload(self, release: Published, again: bool = False) -> int:
        """Puts what is missing of a release into the store, the manifest last; how many files.

        A release that is whole there stays as it is. With ``again`` every byte of it is read, and what is not what its manifest
        says is put anew: file by file, or all of it where the disk has another file by now (a database that was made again).
        """
        ours = release.manifest["files"]
        if not isinstance(ours, dict):
            raise Damaged(f"{release.folder / MANIFEST}: is not a manifest; {_mends(release)}")
        there = self._found(f"releases/{release.id}")
        whole = self.whole(release.id)
        if whole is not None:
            theirs = whole.manifest["files"]
            broken = [name for name, size in whole.sizes.items() if there.get(name) != size]
            if again:
                broken = [name for name, _ in self.faults_of(whole) if name in theirs]
            if all(theirs[name] == ours.get(name) for name in broken):
                for name in broken:
                    self._put(release, name, theirs[name]["sha256"])
                return len(broken)
            self._remove(release.id, [MANIFEST])
        put = 0
        for name, said in ours.items():
            if there.get(name) != said["bytes"] or self._sha(release.id, name) != said["sha256"]:
                self._put(release, name, said["sha256"])
                put += 1
        self._put(release, MANIFEST, files.sha256_of_file(release.folder / MANIFEST))
        return put + 1

    def _put(self, release: Published, name: str, sha: str) -> None:
        source = release.folder / name
        if not source.exists() or files.sha256_of_file(source) != sha:
            raise Damaged(f"{source}: is missing or not what was published; {_mends(release)}")
        target = self.place.path(f"{self.review}/releases/{release.id}/{name}")
        with reaching(self.home):
            if self.place.on_disk:
                files.made(Path(target).parent)
            else:
                self.place.system.makedirs(target.rpartition("/")[0], exist_ok=True)
            self.place.system.put_file(str(source), target)
            if self.place.on_disk:  # the pointer is flushed, so what it names has to be
                files.sync_file(Path(target))
                files.sync_folder(Path(target).parent)
        if self._sha(release.id, name) != sha:
            raise Damaged(f"{self.at(release.id)}/{name}: is not what was put there; run evimap share REVIEW again")
        reached("file put")

    def prune(self, storage: Storage, keep: int) -> list[str]:
        """Removes copies of releases that a clean-up would not leave on disk either; their ids. Never the live one there.

        What the logs of this disk do not know is left alone.
        """
        with reaching(self.home):
            before = self.pointer.read().live
        there = self.release_ids()
        stay = kept(storage, there, keep) | set(storage.release_ids()) | ({before.release} if before else set())
        gone = [one for one in there if one not in stay and one in predecessors(storage.log)]
        for release_id in gone:  # the manifest first: what is left of it is no release
            self._remove(release_id, sorted(self._found(f"releases/{release_id}"), key=lambda name: name != MANIFEST))
            home = self.place.path(f"{self.review}/releases/{release_id}")
            with reaching(self.home):
                if self.place.system.exists(home):  # an empty folder, where the store has folders
                    self.place.system.rm(home, recursive=True)
        return gone

    def _remove(self, release_id: str, names: list[str]) -> None:
        with reaching(self.home):
            for name in names:
                self.place.system.rm_file(self.place.path(f"{self.review}/releases/{release_id}/{name}"))

    def faults_of(self, copy: Copy) -> list[tuple[str, str]]:
        """Files of a copy that are missing, changed or too many, each with what is wrong; every byte is read."""
        there = self._found(f"releases/{copy.id}")
        wrong = []
        for name, size in sorted(copy.sizes.items()):
            if name not in there:
                wrong.append((name, "is missing"))
            elif there[name] != size or self._sha(copy.id, name) != copy.manifest["files"][name]["sha256"]:
                wrong.append((name, "is not what was put there"))
        return wrong + [(name, "is no part of the release") for name in sorted(there.keys() - copy.sizes.keys() - {MANIFEST})]

    def _found(self, below: str) -> dict[str, int]:
        """The files below a folder of the review, and their bytes."""
        root = self.place.path(f"{self.review}/{below}")
        with reaching(self.home):
            self.place.system.invalidate_cache()
            listed = self.place.system.find(root, detail=True)
        return {name.partition(f"{root.strip('/')}/")[2]: int(one["size"]) for name, one in listed.items()}

    def _manifest_text(self, release_id: str) -> bytes | None:
        with reaching(self.home):
            try:
                text: bytes = self.place.system.cat_file(self.place.path(f"{self.review}/releases/{release_id}/{MANIFEST}"))
            except FileNotFoundError:
                return None
        return text

    def _sha(self, release_id: str, name: str) -> str:
        digest = hashlib.sha256()
        with (
            reaching(self.home),
            self.place.system.open(self.place.path(f"{self.review}/releases/{release_id}/{name}"), "rb") as handle,
        ):
            while piece := handle.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()


def _mends(release: Published) -> str:
    return f"evimap rebuild REVIEW {release.id} --repair mends it"


def reviews_at(where: Place) -> list[str]:
    """The ids of all reviews of a store that have a live release."""
    with reaching(where.url):
        where.system.invalidate_cache()
        try:
            folders = where.system.ls(where.root, detail=False)
        except FileNotFoundError:
            return []
        names = [str(one).rstrip("/").rpartition("/")[2] for one in folders]
        return sorted(name for name in names if where.system.exists(where.path(f"{name}/{NAME}")))
