"""Measures de-duplication on labelled sets: ``python benchmarks/dedup.py FOLDER [SET …]``.

FOLDER holds ``<set>.csv.gz`` (id, title, authors, year, journal, volume, issue, pages, doi, abstract) and
``<set>.truth.csv.gz`` (id, cluster). Each set runs in a process of its own, so that its peak memory is its own.

By record, as in the papers on this task: TP = over each (predicted, true) overlap its size - 1; FP = over each predicted
cluster the number of true ones in it - 1; FN = over each true cluster the number of pieces - 1. TP + FN are the duplicates to
remove.
"""

from __future__ import annotations

import csv
import gzip
import multiprocessing
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.dedup.deduplicate import deduplicate
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

csv.field_size_limit(10**9)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of true and false merges, and of duplicates that were missed."""

    true: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the merges that are right."""
        return self.true / max(1, self.true + self.false)

    @property
    def sensitivity(self) -> float:
        """Share of the duplicates that were found."""
        return self.true / max(1, self.true + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.true / max(1, 2 * self.true + self.false + self.missed)

    def __add__(self, other: Score) -> Score:
        return Score(self.true + other.true, self.false + other.false, self.missed + other.missed)


def by_record(predicted: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """Counts of records (see the module's docstring)."""
    overlaps = Counter((predicted[record], cluster) for record, cluster in truth.items())
    return Score(
        sum(size - 1 for size in overlaps.values()),
        sum(pieces - 1 for pieces in Counter(guess for guess, _ in overlaps).values()),
        sum(pieces - 1 for pieces in Counter(cluster for _, cluster in overlaps).values()),
    )


def by_pair(predicted: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """Counts of pairs of records: one wrong merge of two large clusters counts many times."""
    found = _pairs(Counter(predicted[record] for record in truth).values())
    real = _pairs(Counter(truth.values()).values())
    both = _pairs(Counter((predicted[record], cluster) for record, cluster in truth.items()).values())
    return Score(both, found - both, real - both)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def read_records(path: Path) -> pa.Table:
    """A labelled set as ``staging.record``."""
    rows = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            given = {name: text.strip() or None for name, text in line.items() if name and text is not None}
            year = re.search(r"1[89]\d\d|20\d\d", given.get("year") or "")
            rows.append({
                **{name: given.get(name) for name in ("title", "journal", "volume", "issue", "pages", "doi", "abstract")},
                "review": "labelled", "record_id": line["id"], "source_id": "file", "search_id": "file", "database": "file",
                "box": "database", "arm": "databases", "authors": _authors(given.get("authors") or ""),
                "year": int(year[0]) if year else None, "keywords": [], "warnings": [], "first_seen": datetime(2000, 1, 1),
                "raw": "", "offset": 0, "length": 0, "synthetic": False,
            })  # fmt: skip
    return RECORD.of_rows(rows)


def _authors(text: str) -> list[str]:
    """The sets separate authors by " and " or ";", or lost the separators: then the text is one author."""
    return [name for name in (part.strip() for part in re.split(r" and |;", text)) if name]


def read_truth(path: Path) -> dict[str, str]:
    """The true cluster of each record."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {line["id"]: line["cluster"] for line in csv.DictReader(file)}


def measure(folder: Path, name: str) -> tuple[int, Score, Score, float, float, float]:
    """Records, score by record and by pair, seconds on the clock and of the processor, peak memory in MB."""
    records, truth = read_records(folder / f"{name}.csv.gz"), read_truth(folder / f"{name}.truth.csv.gz")
    clock, processor = time.perf_counter(), time.process_time()
    tables = deduplicate({"staging.record": records, "log.override": OVERRIDE.empty()})
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    found = tables["staging.citation_record"]
    predicted = dict(zip(found["record_id"].to_pylist(), found["citation_id"].to_pylist(), strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return records.num_rows, by_record(predicted, truth), by_pair(predicted, truth), clock, processor, peak


def main(arguments: list[str]) -> None:
    """Prints the table as Markdown, for docs/dedup.md."""
    folder = Path(arguments[0])
    names = arguments[1:] or sorted(path.name.removesuffix(".truth.csv.gz") for path in folder.glob("*.truth.csv.gz"))
    print("| set | records | TP | FP | FN | precision | sensitivity | F1 | pairs TP/FP/FN | s | CPU s | MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    total, records, seconds, cpu = Score(0, 0, 0), 0, 0.0, 0.0
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name in names:
            count, record, pair, clock, processor, peak = pool.apply(measure, (folder, name))
            total, records, seconds, cpu = total + record, records + count, seconds + clock, cpu + processor
            print(_line(name, count, record, pair, clock, processor, peak), flush=True)
    print(_line("all", records, total, None, seconds, cpu, None))
    print(f"\n{records / seconds:,.0f} records a second, {records / cpu:,.0f} a CPU second")


def _line(name: str, records: int, score: Score, pair: Score | None, clock: float, processor: float, peak: float | None) -> str:
    counts = f"{records} | {score.true} | {score.false} | {score.missed}"
    rates = f"{score.precision:.4f} | {score.sensitivity:.4f} | {score.f1:.4f}"
    pairs = f"{pair.true}/{pair.false}/{pair.missed}" if pair else ""
    return f"| {name} | {counts} | {rates} | {pairs} | {clock:.1f} | {processor:.1f} | {f'{peak:.0f}' if peak else ''} |"


if __name__ == "__main__":
    main(sys.argv[1:])
