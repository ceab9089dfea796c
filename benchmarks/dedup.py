"""Measures de-duplication on labelled sets: ``python -m benchmarks.dedup FOLDER [SET …] [--versions apart] [--leave-one-out]``.

FOLDER holds ``<set>.csv.gz`` (id, title, authors, year, journal, volume, issue, pages, doi, abstract) and
``<set>.truth.csv.gz`` (id, cluster). Each set runs in a process of its own, so that its peak memory is its own.

By record, as in the papers on this task: TP = over each (predicted, true) overlap its size - 1; FP = over each predicted
cluster the number of true ones in it - 1; FN = over each true cluster the number of pieces - 1. TP + FN are the duplicates to
remove. *Unsure* are the pairs that a person is asked about, *FN then* what is missed still if each is answered by the labels.
*Adjudicated* counts by the labels as corrected in ``dedup_adjudicated.csv`` by reading the records where the two disagree.

With ``--bib-dedupe PYTHON``, an interpreter that has bib-dedupe, each set is given to bib-dedupe next, on the same machine.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import multiprocessing
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.dedup import thresholds
from tasks.dedup.deduplicate import deduplicate
from warehouse.configuration.protocol import Versions
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

csv.field_size_limit(10**9)

ADJUDICATED = Path(__file__).with_name("dedup_adjudicated.csv")
PEER = Path(__file__).with_name("bib_dedupe_peer.py")

TUNED: dict[str, tuple[float, ...]] = {
    "TITLE_EQUAL": (0.93, 0.95, 0.97), "TITLE_NEAR": (0.75, 0.8, 0.85), "TITLE_AKIN": (0.5, 0.6, 0.7),
    "AUTHORS_SHARED": (0.25, 0.34, 0.5), "AUTHORS_MOST": (0.5, 0.6, 0.75), "AUTHORS_NEARLY_ALL": (0.7, 0.8, 0.9),
    "JOURNAL_AKIN": (0.65, 0.7, 0.75), "JOURNAL_EQUAL": (0.8, 0.85, 0.9), "ABSTRACT_EQUAL": (0.9, 0.95, 0.98),
    "TITLE_OPENING": (30, 45, 60), "TELLING_LENGTH": (25, 30, 40), "GENERIC_LENGTH": (18, 22, 26),
}  # fmt: skip
"""Thresholds that were set with the labelled sets in sight, and values to choose among; in each the last merges least."""

FALSE_COSTS = 10
"""A false merge weighs as much as so many missed duplicates where a value is chosen."""


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


def adjudicated(truth: Mapping[str, str], name: str) -> dict[str, str]:
    """The true clusters, corrected: ``same`` joins the clusters of its records, ``different`` makes its records a cluster."""
    corrected = dict(truth)
    with ADJUDICATED.open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["set"] == name]
    for number, line in enumerate(lines):
        records = line["records"].split()
        if line["verdict"] == "different":
            corrected.update(dict.fromkeys(records, f"adjudicated {number}"))
        else:
            joined = {corrected[record] for record in records}
            corrected = {record: min(joined) if cluster in joined else cluster for record, cluster in corrected.items()}
    return corrected


def answered(predicted: Mapping[str, str], truth: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The predicted clusters after a person has joined those pairs that are the same paper by the labels."""
    joined: dict[str, str] = {}

    def name(cluster: str) -> str:
        while cluster in joined:
            cluster = joined[cluster]
        return cluster

    for a, b in pairs:
        one, other = name(predicted[a]), name(predicted[b])
        if truth[a] == truth[b] and one != other:
            joined[one] = other
    return {record: name(cluster) for record, cluster in predicted.items()}


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one set. ``seconds`` on the clock, ``cpu`` of the processor, ``peak`` memory in MB."""

    records: int
    record: Score
    pair: Score
    unsure: int
    then: Score
    adjudicated: Score
    seconds: float
    cpu: float
    peak: float


def measure(folder: Path, name: str, versions: Versions = "together", values: Mapping[str, float] | None = None) -> Measured:
    """De-duplicates a set; ``values`` are thresholds to use instead of the declared ones."""
    for threshold, value in (values or {}).items():
        setattr(thresholds, threshold, value)
    records, truth = read_records(folder / f"{name}.csv.gz"), read_truth(folder / f"{name}.truth.csv.gz")
    clock, processor = time.perf_counter(), time.process_time()
    tables = deduplicate({"staging.record": records, "log.override": OVERRIDE.empty()}, versions)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = tables["staging.citation_record"]
    predicted = dict(zip(found["record_id"].to_pylist(), found["citation_id"].to_pylist(), strict=True))
    pairs = [
        (row["record_a"], row["record_b"]) for row in tables["staging.record_pair"].to_pylist() if row["outcome"] == "unsure"
    ]
    then = by_record(answered(predicted, truth, pairs), truth)
    corrected = by_record(predicted, adjudicated(truth, name))
    record, pair = by_record(predicted, truth), by_pair(predicted, truth)
    return Measured(records.num_rows, record, pair, len(pairs), then, corrected, clock, processor, peak)


def peer(folder: Path, name: str, python: Path) -> tuple[Score, float, float]:
    """bib-dedupe's counts of records, seconds and peak memory in MB."""
    command = [str(python), str(PEER), str(folder / f"{name}.csv.gz")]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    found = json.loads(printed.strip().splitlines()[-1])
    truth = read_truth(folder / f"{name}.truth.csv.gz")
    predicted = {record: record for record in truth} | {record: group[0] for group in found["clusters"] for record in group}
    return by_record(predicted, truth), found["seconds"], found["peak"]


class Bench:
    """The sets of a folder, each measured in a process of its own."""

    def __init__(self, folder: Path, versions: Versions) -> None:
        self._folder, self._versions = folder, versions
        self._pool = multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1)

    def measure(self, name: str, values: Mapping[str, float] | None = None) -> Measured:
        """`measure` elsewhere."""
        return self._pool.apply(measure, (self._folder, name, self._versions, values))

    def table(self, names: Iterable[str]) -> None:
        """Prints what was measured on each set, and on all."""
        print("| set | records | TP | FP | FN | precision | sensitivity | F1 | pairs TP/FP/FN | unsure | FN then", end="")
        print(" | adjudicated FP/FN | F1 | s | CPU s | MB |\n" + "|---" * 16 + "|")
        every = []
        for name in names:
            every.append(self.measure(name))
            print(_line(name, every[-1]), flush=True)
        zero = Score(0, 0, 0)
        total = Measured(
            sum(one.records for one in every), sum((one.record for one in every), zero), sum((one.pair for one in every), zero),
            sum(one.unsure for one in every), sum((one.then for one in every), zero),
            sum((one.adjudicated for one in every), zero), sum(one.seconds for one in every), sum(one.cpu for one in every),
            max(one.peak for one in every),
        )  # fmt: skip
        print(_line("all", total))
        print(f"\n{total.records / total.seconds:,.0f} records a second, {total.records / total.cpu:,.0f} a CPU second")

    def beside(self, names: Iterable[str], python: Path) -> None:
        """Prints what was measured on each set, by this pipeline and by bib-dedupe, one after the other."""
        print(
            "| set | records | TP/FP/FN | F1 | s | MB | bib-dedupe TP/FP/FN | F1 | s | MB | times faster |\n"
            + "|---" * 11
            + "|"
        )
        for name in names:
            own = self.measure(name)
            score, seconds, peak = peer(self._folder, name, python)
            print(
                f"| {name} | {own.records} | {own.record.true}/{_errors(own.record)} | {own.record.f1:.4f} | {own.seconds:.1f}"
                f" | {own.peak:.0f} | {score.true}/{_errors(score)} | {score.f1:.4f} | {seconds:.1f} | {peak:.0f}"
                f" | {seconds / own.seconds:.0f} |",
                flush=True,
            )

    def leave_one_out(self, names: list[str]) -> None:
        """Prints, for each set, its errors with thresholds that were chosen on the other sets alone.

        Each threshold is chosen by itself, the others as declared; of values that do equally well the one that merges less.
        """
        declared = {name: self.measure(name).record for name in names}
        errors: dict[tuple[str, float], dict[str, Score]] = {}
        for threshold, values in TUNED.items():
            for value in values:
                same = value == getattr(thresholds, threshold)
                errors[threshold, value] = declared if same else {
                    name: self.measure(name, {threshold: value}).record for name in names
                }  # fmt: skip
        print("| set | FP/FN as declared | FP/FN chosen on the others | F1 | values chosen that differ |\n" + "|---" * 5 + "|")
        total = Score(0, 0, 0)
        for name in names:
            others = [other for other in names if other != name]
            chosen = {
                threshold: min(reversed(values), key=lambda value: _cost(errors[threshold, value][other] for other in others))
                for threshold, values in TUNED.items()
            }
            differing = {key: value for key, value in chosen.items() if value != getattr(thresholds, key)}
            score = self.measure(name, chosen).record
            total += score
            shown = ", ".join(f"`{key}` {value}" for key, value in differing.items())
            print(f"| {name} | {_errors(declared[name])} | {_errors(score)} | {score.f1:.4f} | {shown} |", flush=True)
        print(f"| all | {_errors(sum(declared.values(), Score(0, 0, 0)))} | {_errors(total)} | {total.f1:.4f} | |")


def _cost(scores: Iterable[Score]) -> int:
    return sum(FALSE_COSTS * score.false + score.missed for score in scores)


def _errors(score: Score) -> str:
    return f"{score.false}/{score.missed}"


def _line(name: str, one: Measured) -> str:
    score, pair = one.record, one.pair
    counts = f"{one.records} | {score.true} | {score.false} | {score.missed}"
    rates = f"{score.precision:.4f} | {score.sensitivity:.4f} | {score.f1:.4f}"
    pairs = f"{pair.true}/{pair.false}/{pair.missed} | {one.unsure} | {one.then.missed}"
    corrected = f"{_errors(one.adjudicated)} | {one.adjudicated.f1:.4f}"
    return f"| {name} | {counts} | {rates} | {pairs} | {corrected} | {one.seconds:.1f} | {one.cpu:.1f} | {one.peak:.0f} |"


def main(arguments: list[str]) -> None:
    """Prints the tables of docs/dedup.md as Markdown."""
    parser = argparse.ArgumentParser(description="Measures de-duplication on labelled sets.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--versions", choices=("together", "apart"), default="together")
    parser.add_argument("--leave-one-out", action="store_true", help="choose the tuned thresholds on the other sets")
    parser.add_argument(
        "--bib-dedupe", type=Path, metavar="PYTHON", help="run bib-dedupe beside, by an interpreter that has it"
    )
    given = parser.parse_args(arguments)
    names = given.sets or sorted(path.name.removesuffix(".truth.csv.gz") for path in given.folder.glob("*.truth.csv.gz"))
    bench = Bench(given.folder, given.versions)
    if given.leave_one_out:
        bench.leave_one_out(names)
    elif given.bib_dedupe:
        bench.beside(names, given.bib_dedupe)
    else:
        bench.table(names)


if __name__ == "__main__":
    main(sys.argv[1:])
