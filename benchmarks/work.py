"""Measures people's work at size: ``python -m benchmarks.work [CITATIONS] [INCLUDED]``.

A review of made-up papers is searched, screened by two, coded and verified in full, through the files that people get and send
back. Timed are writing the worklists, taking them in, and the stages of the refresh that follows, each with the number of votes
or codings that went through it.
"""

from __future__ import annotations

import argparse
import csv
import io
import logging
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.dedup_scale import SEED, words
from flows import exchange
from flows.orchestration import alone
from flows.start import start
from warehouse.storage import Storage

CITATIONS, INCLUDED = 100_000, 5_000
BEGAN = datetime(2026, 1, 1)
SEARCHES = "searches:\n  - {source: psycinfo, files: [made-up.ris], searched_on: 2026-01-01, searcher: r1}\n"


def main() -> None:
    """Prints what each part of the work took."""
    parser = argparse.ArgumentParser(description="Measure people's work at size.")
    parser.add_argument("citations", nargs="?", type=int, default=CITATIONS)
    parser.add_argument("included", nargs="?", type=int, default=INCLUDED)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        root = Path(home) / "data"
        review = make_review(Path(home) / "made-up", wanted.citations)
        with alone(root):
            from flows.refresh import refresh

            refresh(str(review), str(root), BEGAN)
            day = work(review, root, wanted.included / wanted.citations)
            with stages():
                refresh(str(review), str(root), day)
        logs = Storage(root, review.name).log
        for name in ("vote", "resolution", "coding", "verification"):
            _say(f"log.{name}", logs.read(name).num_rows)


def make_review(folder: Path, citations: int) -> Path:
    """The template of ``evimap init`` with one export of so many invented papers."""
    start(folder)
    protocol = folder / "protocol.yaml"
    more = "".join(f"  - {{id: s{number}, roles: [reviewer]}}\n" for number in range(8))
    text = protocol.read_text().replace("  worklists: xlsx", "  worklists: csv").replace("  - {id: a1,", f"{more}  - {{id: a1,")
    protocol.write_text(text)
    chance = random.Random(SEED)
    vocabulary = words(12_000, chance)
    with (folder / "imports" / "made-up.ris").open("w", encoding="utf-8") as out:
        for number in range(citations):
            title = " ".join(chance.sample(vocabulary, 9)).capitalize()
            out.write(
                f"TY  - JOUR\nAU  - {chance.choice(vocabulary).capitalize()}, A.\nTI  - {title}\nPY  - {1990 + number % 35}\n"
                f"AB  - {' '.join(chance.choices(vocabulary, k=120))}.\nAN  - {number}\nER  - \n\n"
            )
    (folder / "imports" / "searches.yaml").write_text(SEARCHES)
    return folder


def work(review: Path, root: Path, share: float) -> datetime:
    """Rounds of work out and in until nothing is left; the day after the last."""
    day = BEGAN
    inbox = Storage(root, review.name).inbox
    inbox.mkdir(parents=True, exist_ok=True)
    while True:
        day += timedelta(days=1)
        with timed("worklists") as rows:
            issued = [(path, n) for path, n in exchange.issue(review, root, day) if path.suffix == ".csv"]
            rows += [sum(n for _, n in issued), ", ".join(sorted({path.name.split("-")[0] for path, _ in issued}))]
        if not issued:
            return day
        for path, _ in issued:
            (inbox / path.name).write_bytes(answered(path.read_bytes(), share))
        with timed("ingest") as rows:
            taken = exchange.take_in(review, root, day)
            rows += [sum(one.rows for one in taken), f"{sum(one.refused for one in taken)} refused"]


def answered(data: bytes, share: float) -> bytes:
    """A worklist as a person sends it back: about so many papers are included, and two people differ on some."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for row in rows:
        chance = random.Random(row["citation_id"])
        includes = chance.random() < share
        mind = random.Random(row["citation_id"] + row["reviewer"])
        if "decision" in row:
            wrong = row["task"] == "title_abstract" and mind.random() < 0.02
            row["decision"] = "include" if includes != wrong else "exclude"
            if row["task"].startswith("full_text") and row["decision"] == "exclude":
                row["reason"] = "design"
        elif "status" in row:
            row["status"] = "arrived"
        elif "verdict" in row:
            row["verdict"] = "agree"
        else:
            row |= {"topic": mind.choice(("first", "second", "first; second")), "outcome": "one; other", "kind": "primary"}
            row |= {"summary": f"Summary of {row['title']}"}
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


@contextmanager
def timed(what: str) -> Iterator[list[object]]:
    """Prints how long the block took, beside what it adds to the list."""
    more: list[object] = []
    began, used = time.perf_counter(), time.process_time()
    yield more
    _say(what, *more, f"{time.perf_counter() - began:.1f} s", f"{time.process_time() - used:.1f} CPU s")


@contextmanager
def stages() -> Iterator[None]:
    """Prints how long each stage of the refresh in the block took."""
    log, last = logging.getLogger("evimap"), time.time()

    class Clock(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            nonlocal last
            _say("refresh", record.getMessage(), f"{record.created - last:.1f} s")
            last = record.created

    clock = Clock()
    log.addHandler(clock)
    level = log.level
    log.setLevel(logging.INFO)
    yield
    log.removeHandler(clock)
    log.setLevel(level)


def _say(*cells: object) -> None:
    print(" | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells), flush=True)


if __name__ == "__main__":
    main()
