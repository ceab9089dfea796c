"""The backup of a review: ``raw/``, every byte that was received, and ``log/``, every fact and decision in order of arrival.

Everything else can be rebuilt from these two folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from warehouse import files
from warehouse.failpoint import reached
from warehouse.tables.catalogue import table

_SMALL = 1 << 18  # bytes of a batch that is worth remembering: most are of a few rows, and cost more to open than to hold

_KEPT, _ERASED = ".zst", ".erased"
_TOMBSTONE = re.compile(rb"([0-9a-f]{64}(\n[0-9a-f]{64})*)?")


class Damaged(Exception):
    """A stored file is not what its name says: a disk fault, or somebody edited it."""


class Erased(Damaged):
    """The bytes were erased, because somebody asked for it."""


class Raw:
    """Bytes as received, addressed by their SHA-256: ``raw/<aa>/<sha256>.zst``.

    What was erased has a tombstone ``<sha256>.erased`` in its place: empty, or with the address of what is read instead.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha: str) -> Path:
        """Where the bytes at an address are, or would be."""
        return self._folder / sha[:2] / f"{sha}{_KEPT}"

    def put(self, data: bytes) -> str:
        """Keeps ``data`` and returns its address; bytes that are already kept are not written again."""
        sha = files.sha256(data)
        path = self.path(sha)
        if not path.exists() and not self.tombstone(sha).exists():
            files.write(path, zstandard.ZstdCompressor(level=3).compress(data))
            reached("raw kept")
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes at an address, or those that took their place.

        Raises `Damaged` if they are absent or are other bytes, `Erased` if they were erased and nothing took their place.
        """
        path = self.path(sha)
        if not path.exists() and self.tombstone(sha).exists():
            if instead := self.instead(sha):
                return self.get(instead)
            raise Erased(f"{path}: was erased; the logs keep what was decided in it")
        try:
            data = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except (FileNotFoundError, zstandard.ZstdError) as error:
            raise Damaged(f"{path}: {error or 'cannot be read'}; restore raw/ from a backup") from None
        if files.sha256(data) != sha:
            raise Damaged(f"{path}: content does not fit its name; restore raw/ from a backup")
        return data

    def instead(self, sha: str) -> str | None:
        """The address of what is read in the place of erased bytes, if anything is. Raises `Damaged`."""
        return next(iter(_addresses(self.tombstone(sha))), None)

    def tombstone(self, sha: str) -> Path:
        """What is in the place of erased bytes."""
        return self.path(sha).with_suffix(_ERASED)

    def erase(self, sha: str, instead: bytes | None = None) -> None:
        """Puts a tombstone in the place of the bytes at an address; ``instead`` is read in their place. Twice is as once.

        What was read instead before, of an earlier erasure in the same file, goes, unless it is read for another file, too. The
        tombstone names it after the new one until it has gone, so that `finish_erasures` can go on where a run was killed.
        """
        tombstone = self.tombstone(sha)
        before = _addresses(tombstone) if tombstone.exists() else None
        address = [self.put(instead)] if instead is not None else (before or [])[:1]
        if before is None or address != before[:1]:
            files.write(tombstone, "\n".join([*address, *(before or [])]).encode("ascii"))
        self._finish(tombstone)

    def erased(self, sha: str) -> bool:
        """Whether the bytes at an address are gone, and with them what was read instead of them before."""
        tombstone = self.tombstone(sha)
        return tombstone.exists() and not self.path(sha).exists() and len(_addresses(tombstone)) < 2

    def finish_erasures(self) -> None:
        """Deletes what an erasure that was killed has left behind."""
        for tombstone in sorted(self._folder.glob(f"*/*{_ERASED}")):
            self._finish(tombstone)

    def _finish(self, tombstone: Path) -> None:
        tombstone.with_suffix(_KEPT).unlink(missing_ok=True)
        files.sync_folder(tombstone.parent)
        address, *former = _addresses(tombstone) or [""]
        for one in former:
            read = {first for path in self._folder.glob(f"*/*{_ERASED}") for first in _addresses(path)[:1]}
            if one not in read:
                self.path(one).unlink(missing_ok=True)
                files.sync_folder(self.path(one).parent)
        if former:
            files.write(tombstone, address.encode("ascii"))


def _addresses(tombstone: Path) -> list[str]:
    """What is read in the place of erased bytes, if anything is; after it what was read before and is to go."""
    said = tombstone.read_bytes()
    if not _TOMBSTONE.fullmatch(said):
        raise Damaged(f"{tombstone}: is not what was written; restore raw/ from a backup")
    return said.decode("ascii").split()


class Log:
    """Append-only tables: ``log/<table>/<sequence>-<sha256>.parquet``, one immutable file a batch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, name: str, rows: pa.Table) -> Path | None:
        """Adds one batch to ``log.<name>``; no rows, no file."""
        if rows.num_rows == 0:
            return None
        data = files.parquet_bytes(table(f"log.{name}").conform(rows))
        last = self.files(name)[-1:]
        sequence = int(last[0].name.split("-")[0]) + 1 if last else 1
        path = self._folder / name / f"{sequence:06d}-{files.sha256(data)}.parquet"
        files.write(path, data)
        reached("log appended")
        return path

    def files(self, name: str) -> list[Path]:
        """Batches of ``log.<name>`` in order."""
        return sorted((self._folder / name).glob("[0-9]*-*.parquet"))

    def file(self, name: str, batch: str) -> Path:
        """The batch file called ``batch``, which need not exist."""
        return self._folder / name / batch

    def read(self, name: str, batches: Iterable[Path] | None = None) -> pa.Table:
        """All rows of ``log.<name>``, or of some of its batches, in order of arrival.

        A bit that flipped on disk raises `Damaged` instead of giving a wrong row. A column that may be null, and that
        a batch was written without, is null.
        """
        parts = [_batch(name, path) for path in (self.files(name) if batches is None else batches)]
        return pa.concat_tables(parts) if parts else table(f"log.{name}").empty()


def _batch(name: str, path: Path) -> pa.Table:
    """The rows of one batch of ``log.<name>``; a small one is read once in a process, unless its file changes."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise Damaged(f"{path}: is missing; restore log/ from a backup") from None
    if found.st_size > _SMALL:
        return _read(name, path)
    return _small(name, path, (found.st_ino, found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=512)
def _small(name: str, path: Path, _file: tuple[int, ...]) -> pa.Table:
    return _read(name, path)


def _read(name: str, path: Path) -> pa.Table:
    data = path.read_bytes()
    if files.sha256(data) != path.stem.split("-")[1]:
        raise Damaged(f"{path}: content does not fit its name; restore log/ from a backup")
    rows = pq.read_table(pa.BufferReader(data))
    declared = table(f"log.{name}")
    for column in declared.columns:
        if column.nullable and column.name not in rows.column_names:
            rows = rows.append_column(column.name, pa.nulls(rows.num_rows, column.arrow.type))
    return declared.conform(rows)
