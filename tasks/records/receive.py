"""From received files to record versions: each file is read once, and remembered in the cache."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.formats.detect import read
from tasks.records.canonical import ENTRIES, REJECTS, entries, rejects
from warehouse import files
from warehouse.build import PIPELINE

Reader = Callable[[str, str | None], tuple[pa.Table, pa.Table]]

PLACE = ("search_id", "source_id", "database", "platform", "box", "arm", "raw", "path")


def cached_reader(get: Callable[[str], bytes], cache: Path) -> Reader:
    """Reads a raw file, as its ``reading`` says, into entries and rejects.

    The result is kept in ``cache``, which may be deleted at any time.
    """

    def reader(raw: str, reading: str | None) -> tuple[pa.Table, pa.Table]:
        name = raw if reading is None else f"{raw}-{files.sha256(reading.encode())[:16]}"
        good, bad = (cache / "read" / PIPELINE / f"{name}.{kind}.parquet" for kind in ("entries", "rejects"))
        known = _cached(good, bad)
        if known is None:
            parsed = read(get(raw), **json.loads(reading or "{}"))
            known = entries(parsed), rejects(parsed)
            bad.unlink(missing_ok=True)
            if known[1].num_rows:  # on disk before the entries, whose file says that all is there
                files.write(bad, files.parquet_bytes(known[1]))
            files.write(good, files.parquet_bytes(known[0]), durable=False)
        return known

    return reader


def _cached(good: Path, bad: Path) -> tuple[pa.Table, pa.Table] | None:
    """What was read before; None where it was not, or has been damaged since."""
    if not good.exists():
        return None
    try:
        rejected = (
            pq.read_table(bad, schema=REJECTS, page_checksum_verification=True) if bad.exists() else REJECTS.empty_table()
        )
        return pq.read_table(good, schema=ENTRIES, page_checksum_verification=True), rejected
    except (OSError, pa.ArrowException):
        return None


def received(imports: pa.Table, searches: pa.Table, reader: Reader) -> tuple[pa.Table, pa.Table]:
    """All entries and rejects of all files, each with its place: search, source, file, and its order in the whole review.

    ``imports`` and ``searches`` are log.import and log.search; their order is the order of arrival.
    """
    described = {row["search_id"]: row for row in searches.to_pylist()}
    order = {search_id: position for position, search_id in enumerate(described)}
    arrived = [row for row in imports.to_pylist() if row["search_id"] in order]
    arrived.sort(key=lambda row: (order[row["search_id"]], row["position"]))
    good, bad = [_placed(ENTRIES.empty_table(), None)], [_placed(REJECTS.empty_table(), None)]
    for row in arrived:
        place = {**described[row["search_id"]], **row}
        entry, reject = reader(row["raw"], row["reading"])
        good.append(_placed(entry, place))
        bad.append(_placed(reject, place))
    return _sequenced(good), _sequenced(bad)


def _placed(part: pa.Table, place: dict[str, str] | None) -> pa.Table:
    for name in PLACE:
        part = part.append_column(name, pa.repeat(pa.scalar(place and place[name], pa.string()), part.num_rows))
    return part


def _sequenced(parts: list[pa.Table]) -> pa.Table:
    whole = pa.concat_tables(parts)
    return whole.append_column("sequence", pa.array(range(whole.num_rows), pa.int64()))
