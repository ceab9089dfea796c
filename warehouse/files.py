"""Files that are either wholly there or not there: written beside, flushed to disk, renamed."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_CHUNK = 1 << 20


def sync_folder(folder: Path) -> None:
    """Makes the names in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Makes the content of ``path`` survive a power cut: neither DuckDB nor pyarrow flush what they write."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def made(folder: Path) -> None:
    """Makes a folder, and those above it, whose names survive a power cut; nothing where it is there."""
    if not folder.is_dir():
        made(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def write(path: Path, data: bytes, durable: bool = True) -> None:
    """``data`` at ``path``, whole or not at all; an existing file stays until the new one is on disk.

    A cache needs not be ``durable``: after a power cut its files may be damaged, and its reader makes them anew.
    """
    if durable:
        made(path.parent)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("wb") as handle:
            handle.write(data)
            if durable:
                handle.flush()
                os.fsync(handle.fileno())
        os.replace(beside, path)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # a failed write does not say where
            error.filename = str(path)
        raise
    if durable:
        sync_folder(path.parent)


def sha256(data: bytes) -> str:
    """Hex digest of bytes."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


ROW_GROUP = 16_384
"""Rows of a Parquet file that DuckDB reads with one thread: of larger groups a review has too few for all threads."""


def parquet_bytes(data: pa.Table) -> bytes:
    """A Parquet file of ``data``. The same table gives the same bytes; page checksums let pyarrow see a flipped bit."""
    sink = pa.BufferOutputStream()
    pq.write_table(data, sink, row_group_size=ROW_GROUP, compression="zstd", write_page_checksum=True, store_schema=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content
