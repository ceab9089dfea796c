"""The backup of a review: ``raw/``, every byte that was received, and ``log/``, every fact and decision in order of arrival.

Everything else can be rebuilt from these two folders.
"""

from __future__ import annotations

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
        return self._folder / sha[:2] / f"{sha}.zst"

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
            if instead := self.tombstone(sha).read_text(encoding="ascii"):
                return self.get(instead)
            raise Erased(f"{path}: was erased; the logs keep what was decided in it")
        try:
            data = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except (FileNotFoundError, zstandard.ZstdError) as error:
            raise Damaged(f"{path}: {error or 'cannot be read'}; restore raw/ from a backup") from None
        if files.sha256(data) != sha:
            raise Damaged(f"{path}: content does not fit its name; restore raw/ from a backup")
        return data

    def tombstone(self, sha: str) -> Path:
        """What is in the place of erased bytes."""
        return self.path(sha).with_suffix(".erased")

    def erase(self, sha: str, instead: bytes | None = None) -> None:
        """Puts a tombstone in the place of the bytes at an address; ``instead`` is read in their place. Twice is as once.

        What was read instead before, of an earlier erasure in the same file, goes, unless it is read for another file, too.
        """
        tombstone = self.tombstone(sha)
        before = tombstone.read_text(encoding="ascii") if tombstone.exists() else None
        address = self.put(instead) if instead is not None else before or ""
        if address != before:
            files.write(tombstone, address.encode("ascii"))
        if before and before != address and before not in self._instead():
            self.path(before).unlink(missing_ok=True)
            files.sync_folder(self.path(before).parent)
        self.path(sha).unlink(missing_ok=True)
        files.sync_folder(self.path(sha).parent)

    def _instead(self) -> set[str]:
        """All that is read in the place of erased bytes."""
        return {path.read_text(encoding="ascii") for path in self._folder.glob("*/*.erased")}


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
