"""Measures de-duplication on made-up records: ``python -m benchmarks.dedup_scale [RECORDS …] [--curve FILE.svg]``.

The records are the same for the same number: papers with the words, names and journals of an invented language, every fourth
of them from two or three databases, each with its own way of writing (initials or given names, abbreviated journals, pages cut
short, no DOI, a slip in the title), with editorials, replies and parts in a series among them. Each size runs in a process of
its own, from a Parquet file to the tables of the stage, so that its peak memory is its own. The last hundredth of the records
comes a day later: *all but 1 %* is the first run, which keeps its comparisons, *1 % more* the second, over all records.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.dedup.deduplicate import conclude, group
from warehouse.engine import Engine
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

SIZES = (100_000, 200_000, 400_000, 700_000, 1_000_000)
SEED = 1968
FIRST, LATER = datetime(2000, 1, 1), datetime(2000, 1, 2)
BATCH = 20_000
_BEGIN = ("b", "br", "d", "f", "g", "h", "k", "kr", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w")
_MIDDLE = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_END = ("", "n", "r", "s", "l", "m", "nd", "st", "ck", "th")
_DATABASES = ("Medline", "Embase", "Scopus", "PsycINFO", "CINAHL")

Row = dict[str, object]


def words(count: int, chance: random.Random) -> list[str]:
    """Invented words of two or three syllables, no two the same."""
    found: dict[str, None] = {}
    while len(found) < count:
        made = "".join(
            chance.choice(_BEGIN) + chance.choice(_MIDDLE) + chance.choice(_END) for _ in range(chance.choice((2, 2, 3)))
        )
        found[made] = None
    return list(found)


def records(count: int) -> Iterator[Row]:
    """So many records, in the order of their ids."""
    chance = random.Random(SEED)
    vocabulary, families = words(12_000, chance), [one.capitalize() for one in words(20_000, chance)]
    names = [" ".join(chance.sample(vocabulary, chance.randint(2, 5))).title() for _ in range(3_000)]
    journals = [(name, chance.randint(1850, 1984), chance.choice((1, 1, 1, 2))) for name in names]
    made = 0
    number = 0
    while made < count:
        number += 1
        paper = _paper(number, chance, vocabulary, families, journals)
        copies = chance.choice((1, 1, 2, 3)) if chance.random() < 0.5 else 1
        for database in chance.sample(_DATABASES, min(copies, count - made)):
            made += 1
            yield _copy(paper, made, database, chance)


def _paper(
    number: int, chance: random.Random, vocabulary: list[str], families: list[str], journals: list[tuple[str, int, int]]
) -> Row:
    kind = chance.random()
    title = "Editorial" if kind < 0.004 else " ".join(_some(vocabulary, chance.randint(6, 15), chance)).capitalize()
    if 0.004 <= kind < 0.01:
        title = f"Reply to: {title}"
    elif kind < 0.03:
        title = f"{title}: part {chance.randint(1, 3)}"
    first, year = chance.randint(1, 1_400), chance.randint(1985, 2025)
    journal, founded, volumes = chance.choice(journals)  # volumes a year
    return {
        "title": title,
        "authors": [(chance.choice(families), chance.choice(families)) for _ in range(chance.randint(1, 7))],
        "year": year, "journal": journal, "volume": str((year - founded) * volumes), "issue": str(chance.randint(1, 12)),
        "first": first, "last": first + chance.randint(0, 20), "doi": f"10.5555/{number:x}.{year}",
        "abstract": " ".join(_some(vocabulary, 60, chance)),
    }  # fmt: skip


def _some(vocabulary: list[str], count: int, chance: random.Random) -> list[str]:
    """Words, the first of the vocabulary far more often than the last, as in a language."""
    last = len(vocabulary)
    return [vocabulary[int(last * chance.random() ** 3)] for _ in range(count)]


def _copy(paper: Row, number: int, database: str, chance: random.Random) -> Row:
    """The paper as a database writes it."""
    full = database in ("Medline", "PsycINFO")
    title, journal = str(paper["title"]), str(paper["journal"])
    if chance.random() < 0.06 and len(title) > 20:
        at = chance.randrange(5, len(title) - 5)
        title = title[:at] + title[at + 1 :]
    listed = paper["authors"] if isinstance(paper["authors"], list) else []
    pages = f"{paper['first']}-{paper['last']}" if full else f"{paper['first']}"
    return {
        "record_id": f"{database.lower()}:{number:07}", "database": database,
        "title": title.upper() if database == "CINAHL" else title,
        "authors": [f"{family}, {given if full else given[0] + '.'}" for family, given in listed], "year": paper["year"],
        "journal": journal if full else " ".join(f"{word[:4]}." for word in journal.split()), "volume": paper["volume"],
        "issue": paper["issue"] if chance.random() < 0.9 else None, "pages": pages if chance.random() < 0.93 else None,
        "doi": paper["doi"] if chance.random() < 0.75 else None,
        "abstract": paper["abstract"] if chance.random() < 0.8 else None,
    }  # fmt: skip


def write(count: int, path: Path, without: Path) -> None:
    """The records as ``staging.record``, in batches: a million of them do not fit into a list; and those of the first day."""
    shared: Row = {
        "review": "made-up", "type": "article", "source_id": "file", "search_id": "file", "box": "database", "arm": "databases",
        "keywords": [], "warnings": [], "raw": "", "offset": 0, "length": 0, "synthetic": True,
    }  # fmt: skip
    chance = random.Random(SEED)
    schema = RECORD.of_rows([]).schema
    with pq.ParquetWriter(path, schema) as out, pq.ParquetWriter(without, schema) as first:
        batch: list[dict[str, object]] = []
        for number, one in enumerate(records(count), 1):
            late = chance.random() < 0.01
            batch.append(shared | one | {"first_seen": LATER if late else FIRST})
            if len(batch) == BATCH or number == count:
                out.write_table(RECORD.of_rows(batch))
                first.write_table(RECORD.of_rows([row for row in batch if row["first_seen"] == FIRST]))
                batch = []


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: citations found; seconds on the clock, of the processor, and on the clock until groups are found; peak in MB."""

    citations: int
    clock: float
    processor: float
    grouped: float
    peak: float


def measure(path: Path, kept: Path | None) -> Measured:
    """De-duplicates the records of a file, in one process from the first step to the tables of the stage."""
    handles: dict[str, Path | pa.Table] = {"staging.record": path, "log.override": OVERRIDE.empty()}
    clock, processor = time.perf_counter(), time.process_time()
    with Engine(handles) as engine:
        values = group(engine, "together", kept)
        grouped = time.perf_counter() - clock
        tables = conclude(engine, values)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(tables["staging.citation"].num_rows, clock, processor, grouped, peak)


def curve(measured: dict[int, float]) -> str:
    """Seconds over records as SVG, beside n·log n through the first size."""
    width, height, left, below = 640, 360, 60, 40
    most, smallest = max(measured), min(measured)

    def expected(records: float) -> float:
        return measured[smallest] * records * math.log(records) / (smallest * math.log(smallest))

    longest = max(expected(most), *measured.values()) * 1.1

    def place(records: float, seconds: float) -> str:
        x = left + records / most * (width - left - 40)
        y = height - below - seconds / longest * (height - below - 20)
        return f"{x:.1f},{y:.1f}"

    sizes = [smallest + (most - smallest) * step / 40 for step in range(41)]
    ideal = " ".join(place(records, expected(records)) for records in sizes)
    actual = " ".join(place(records, seconds) for records, seconds in sorted(measured.items()))
    marks = "".join(
        f'<circle cx="{x}" cy="{y}" r="4"/><text x="{x}" y="{height - below + 18}" text-anchor="middle">{records:,}</text>'
        f'<text x="{x}" y="{float(y) - 10:.1f}" text-anchor="middle">{seconds:.0f} s</text>'
        for records, seconds in sorted(measured.items())
        for x, y in [place(records, seconds).split(",")]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
        "<title>Seconds that de-duplication takes, over made-up records</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path d="M{left},10V{height - below}H{width - 10}" fill="none" stroke="#666"/>'
        f'<polyline points="{ideal}" fill="none" stroke="#b35806" stroke-dasharray="5 4"/>'
        f'<polyline points="{actual}" fill="none" stroke="#2166ac"/>'
        f'<g fill="#2166ac">{marks}</g>'
        f'<text x="{left + 12}" y="24" fill="#2166ac">measured</text>'
        f'<text x="{left + 82}" y="24" fill="#b35806">n·log n through the first</text></svg>\n'
    )


def main() -> None:
    """Prints the table as Markdown, and draws the curve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--curve", type=Path, help="where to write the curve")
    given = parser.parse_args()
    print("| records | citations | s | CPU s | until grouped | records/s | MB | all but 1 % | 1 % more | until grouped | MB |")
    print("|---" * 11 + "|")
    measured = {}
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        path, without, kept = Path(folder) / "all.parquet", Path(folder) / "without.parquet", Path(folder) / "kept.duckdb"
        for count in given.records:
            write(count, path, without)
            kept.unlink(missing_ok=True)
            whole, first, then = (pool.apply(measure, run) for run in ((path, None), (without, kept), (path, kept)))
            measured[count] = whole.clock
            print(
                f"| {count:,} | {whole.citations:,} | {whole.clock:.1f} | {whole.processor:.1f} | {whole.grouped:.1f}"
                f" | {count / whole.clock:,.0f} | {whole.peak:,.0f} | {first.clock:.1f} | {then.clock:.1f} | {then.grouped:.1f}"
                f" | {then.peak:,.0f} |",
                flush=True,
            )
            if then.citations != whole.citations:
                raise SystemExit(f"{count:,} records: {then.citations:,} citations bit by bit, {whole.citations:,} at once")
    if given.curve:
        given.curve.write_text(curve(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
