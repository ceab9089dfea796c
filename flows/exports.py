"""Stand-alone work on export files, without a review: what is in them, and which records are the same paper."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from flows.faults import BadInput
from tasks.dedup.standalone import clusters
from tasks.formats.detect import read
from tasks.formats.reference import Parsed, Reference, Rejected
from warehouse.files import sha256

_HIDDEN = ("other",)  # pairs of tag and value: not a column


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and what was found in it."""

    path: Path
    parsed: Parsed


def read_files(paths: list[Path]) -> list[ReadFile]:
    """Reads each file in whatever format its content shows. Raises `BadInput` for one that cannot be opened."""
    found = []
    for path in paths:
        try:
            found.append(ReadFile(path, read(path.read_bytes())))
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror}; give the path of an export file") from None
    return found


def write_records(files: list[ReadFile], target: Path) -> None:
    """Writes all references to one file, in the format that the suffix of ``target`` names."""
    rows = [{"file": one.path.name, **_row(reference)} for one in files for reference in one.parsed.references]
    if target.suffix == ".jsonl":
        target.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    elif target.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), target)
    elif target.suffix == ".csv":
        flat = [{name: "; ".join(value) if isinstance(value, list) else value for name, value in row.items()} for row in rows]
        pa_csv.write_csv(pa.Table.from_pylist(flat), target)
    else:
        raise BadInput(f"{target}: records are written as .parquet, .csv or .jsonl; choose one of these endings")


def deduplicate_files(paths: list[Path], target: Path) -> tuple[int, int, int]:
    """Writes record_id,citation_id for every input row in order; how many rows, unique papers and unreadable pieces.

    A piece that could not be read stands alone: nothing is known of it that could make it a duplicate.
    """
    files = read_files(paths)
    found = clusters([(one.accession, file.path.name, one) for file in files for one in file.parsed.references])
    named = iter(zip(found.column("record_id").to_pylist(), found.column("citation_id").to_pylist(), strict=True))
    rows: list[tuple[str, str]] = []
    for file in files:
        pieces: list[Reference | Rejected] = [*file.parsed.references, *file.parsed.rejected]
        for piece in sorted(pieces, key=lambda one: one.offset):
            rows.append(next(named) if isinstance(piece, Reference) else _alone(file.path, piece))
    with target.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["record_id", "citation_id"])
        writer.writerows(rows)
    return len(rows), len({citation for _, citation in rows}), sum(len(file.parsed.rejected) for file in files)


def _alone(path: Path, piece: Rejected) -> tuple[str, str]:
    place = f"{path.name}:{piece.line}"
    return piece.accession or place, "c" + sha256(place.encode())[:16]


def _row(reference: Reference) -> dict[str, object]:
    values = {name: value for name, value in asdict(reference).items() if name not in _HIDDEN}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
