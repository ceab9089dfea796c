"""Measures de-duplication on made-up records: ``python -m benchmarks.dedup_scale [RECORDS …]``.

The records are the same for the same number: papers with the words, names and journals of an invented language, every fourth
of them from two or three databases, each with its own way of writing (initials or given names, abbreviated journals, pages cut
short, no DOI, a slip in the title), with editorials, replies and parts in a series among them. Each size runs in a process of
its own, from a Parquet file to the tables of the stage, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from tasks.dedup.deduplicate import deduplicate
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

SIZES = (100_000, 200_000, 400_000, 700_000, 1_000_000)
SEED = 1968
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


def write(count: int, path: Path) -> None:
    """The records as ``staging.record``, in batches: a million of them do not fit into a list."""
    shared: Row = {
        "review": "made-up", "type": "article", "source_id": "file", "search_id": "file", "box": "database", "arm": "databases",
        "keywords": [], "warnings": [], "first_seen": datetime(2000, 1, 1), "raw": "", "offset": 0, "length": 0,
        "synthetic": True,
    }  # fmt: skip
    with pq.ParquetWriter(path, RECORD.of_rows([]).schema) as out:
        batch: list[dict[str, object]] = []
        for one in records(count):
            batch.append(shared | one)
            if len(batch) == BATCH:
                out.write_table(RECORD.of_rows(batch))
                batch = []
        out.write_table(RECORD.of_rows(batch))


def measure(path: Path) -> tuple[int, float, float, float]:
    """Citations found, seconds on the clock and of the processor, and peak memory in MB."""
    clock, processor = time.perf_counter(), time.process_time()
    tables = deduplicate({"staging.record": path, "log.override": OVERRIDE.empty()})
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    return tables["staging.citation"].num_rows, clock, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="*", type=int, default=list(SIZES))
    given = parser.parse_args()
    print("| records | citations | s | CPU s | records/s | MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for count in given.records:
            path = Path(folder) / f"{count}.parquet"
            write(count, path)
            citations, clock, processor, peak = pool.apply(measure, (path,))
            print(
                f"| {count:,} | {citations:,} | {clock:.1f} | {processor:.1f} | {count / clock:,.0f} | {peak:,.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
