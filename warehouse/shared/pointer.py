"""The one object of a review in a store that is ever changed: which release is live. Readers resolve it once.

It is put on the condition that it still is what was read before, so that of two writers one is told. Object stores do that by
If-Match and If-None-Match, a disk by a lock beside it. A file system that can do neither compares first and writes then: two
writers within that moment would go unnoticed (`Pointer.atomic` is false).
"""

from __future__ import annotations

import fcntl
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse import files
from warehouse.archive import Damaged
from warehouse.shared.place import OBJECT_STORES, Place
from warehouse.storage import Busy

NAME = "current.json"


@dataclass(frozen=True, slots=True)
class Live:
    """What a pointer says: the live release, and the SHA-256 of its manifest as it lies in the store."""

    release: str
    manifest: str

    @property
    def text(self) -> bytes:
        """As the object has it."""
        return json.dumps({"manifest_sha256": self.manifest, "release": self.release}, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and by what the store knows whether it is still that."""

    live: Live | None
    version: object


class Pointer(ABC):
    """The pointer of one review."""

    atomic = True

    def __init__(self, place: Place, name: str) -> None:
        self._place, self._name = place, name
        self.address = place.address(name)

    def read(self) -> Read:
        """What it says now. Raises `Damaged` where that is no pointer."""
        text, version = self._get()
        if text is None:
            return Read(None, version)
        try:
            said = json.loads(text)
            return Read(Live(str(said["release"]), str(said["manifest_sha256"])), version)
        except (ValueError, KeyError, TypeError):
            raise Damaged(f"{self.address}: is no pointer to a release; delete it, and run evimap share REVIEW") from None

    def swap(self, before: Read, new: Live) -> None:
        """Makes it say ``new`` if it still says what it said ``before``; raises `Busy` if not."""
        if self._put(new.text, before.version):
            return
        if self.read().live != new:  # an answer that got lost on its way was asked for again, and came too late for itself
            raise Busy(f"{self.address}: another machine has just made another release live; run again")

    @abstractmethod
    def _get(self) -> tuple[bytes | None, object]: ...

    @abstractmethod
    def _put(self, text: bytes, version: object) -> bool:
        """False if the object is no longer of that version."""


class OfObjectStore(Pointer):
    """By a conditional put."""

    def __init__(self, place: Place, name: str) -> None:
        from obstore.store import from_url

        super().__init__(place, name)
        self._store: Any = from_url(place.url, **place.system.storage_options)

    def _get(self) -> tuple[bytes | None, object]:
        import obstore

        try:
            answer = obstore.get(self._store, self._name)
        except FileNotFoundError:
            return None, None
        known: Mapping[str, Any] = answer.meta
        return bytes(answer.bytes()), {name: known[name] for name in ("e_tag", "version") if known[name]}

    def _put(self, text: bytes, version: object) -> bool:
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        mode: Any = "create" if version is None else version
        try:
            obstore.put(self._store, self._name, text, mode=mode, use_multipart=False)
        except (AlreadyExistsError, PreconditionError):
            return False
        return True


class OfDisk(Pointer):
    """By a lock beside it, which a file system that several machines mount has to support."""

    def __init__(self, place: Place, name: str) -> None:
        super().__init__(place, name)
        self._path = Path(place.path(name))

    def _get(self) -> tuple[bytes | None, object]:
        text = self._path.read_bytes() if self._path.exists() else None
        return text, text

    def _put(self, text: bytes, version: object) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f".{self._path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._get()[1] != version:
                return False
            files.write(self._path, text)
        return True


class OfOther(Pointer):
    """By comparing first: enough where one machine alone writes a review."""

    atomic = False

    def _get(self) -> tuple[bytes | None, object]:
        path = self._place.path(self._name)
        text = self._place.system.cat_file(path) if self._place.system.exists(path) else None
        return text, text

    def _put(self, text: bytes, version: object) -> bool:
        if self._get()[1] != version:
            return False
        self._place.system.pipe_file(self._place.path(self._name), text)
        return True


def pointer(place: Place, review: str) -> Pointer:
    """The pointer of a review, by the strongest means that the store has."""
    kind = OfObjectStore if place.scheme in OBJECT_STORES else OfDisk if place.on_disk else OfOther
    return kind(place, f"{review}/{NAME}")
