"""Measures how far one machine goes: ``python -m benchmarks.scale [RECORDS …] [--csv FILE] [--curve FILE.svg]``.

A review of made-up papers of each size is refreshed, refreshed again with a hundredth more, and again without news, by the flow
on a Prefect server of its own that is warm. Its release is put into a store on disk, and asked there. Then so many reviews as
``--reviews`` names lie in an S3 store that is played on loopback, and all are asked at once, by both means.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from unittest.mock import patch

from benchmarks.work import BEGAN, make_review
from flows.orchestration import alone
from warehouse.shared import extensions
from warehouse.shared.reading import ask
from warehouse.shared.store import Store
from warehouse.storage import Storage

RECORDS, REVIEWS = (1_000, 10_000, 50_000), (1, 8, 64)
MORE = "  - {{source: psycinfo, files: [more.ris], searched_on: {day:%Y-%m-%d}, searcher: r1, strategy: more}}\n"
QUESTION = "SELECT review, count(*) FROM marts.theme GROUP BY review"


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement: what, of how many, and how much of which unit."""

    what: str
    of: int
    value: float
    unit: str


def main() -> None:
    """Prints each measurement, writes them as CSV, and draws the refresh over the records."""
    parser = argparse.ArgumentParser(description="Measure how far one machine goes.")
    parser.add_argument("records", nargs="*", type=int, default=list(RECORDS))
    parser.add_argument("--reviews", type=int, nargs="*", default=list(REVIEWS))
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--curve", type=Path)
    wanted = parser.parse_args()
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for point in chain(refreshes(Path(folder), wanted.records), queries(Path(folder), wanted.reviews)):
            points.append(point)
            print(f"{point.what:<44} {point.of:>9,} {point.value:>12,.2f} {point.unit}", flush=True)
    if wanted.csv:
        with wanted.csv.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(("what", "of", "value", "unit"))
            writer.writerows((one.what, one.of, round(one.value, 2), one.unit) for one in points)
    if wanted.curve:
        wanted.curve.write_text(
            curve([one for one in points if one.what.startswith("refresh") and one.unit == "CPU s"]), encoding="utf-8"
        )


def took(done: Callable[..., object], *given: object) -> float:
    """Seconds on the clock."""
    began = time.perf_counter()
    done(*given)
    return time.perf_counter() - began


def timed(what: str, of: int, done: Callable[..., object], *given: object) -> Iterator[Point]:
    """Seconds on the clock, and of a processor: the second hardly depend on what else the machine does."""
    used = time.process_time()
    yield Point(what, of, took(done, *given), "s")
    yield Point(what, of, time.process_time() - used, "CPU s")


def refreshes(home: Path, sizes: Sequence[int]) -> Iterator[Point]:
    """Each size: the first refresh, one with a hundredth more, one without news; its release, and the sharing of it."""
    root, later = home / "data", BEGAN + timedelta(days=2)
    with alone(root):
        from flows.refresh import refresh

        refresh(str(make_review(home / "warm-up", 20)), str(root), BEGAN)
        for size in sizes:
            review = make_review(home / f"of-{size}", size)
            yield from timed("refresh, the first", size, refresh, str(review), str(root), BEGAN)
            add_a_hundredth(review, size, BEGAN + timedelta(days=1))
            yield from timed("refresh, 1 % more", size, refresh, str(review), str(root), later)
            yield from timed("refresh, nothing new", size, refresh, str(review), str(root), later)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            yield Point("peak memory of the process so far", size, peak, "MB")
            storage = Storage(root, review.name)
            live = storage.current()
            assert live is not None
            written = sum(path.stat().st_size for path in live.folder.rglob("*") if path.is_file())
            yield Point("release", size, written / 1e6, "MB")
            yield Point("share to a disk", size, took(Store(str(home / "store"), review.name).share, storage), "s")
            asked = took(ask, str(home / "store"), "SELECT count(*) FROM staging.record", [review.name])
            yield Point("query of the store on disk", size, asked, "s")


def add_a_hundredth(review: Path, size: int, day: datetime) -> None:
    """Another export with a hundredth of the records, none of them known."""
    with tempfile.TemporaryDirectory() as folder:
        more = (make_review(Path(folder) / "more", size // 100) / "imports" / "made-up.ris").read_text(encoding="utf-8")
    text = more.replace("AN  - ", "AN  - 9000000").replace("TI  - ", "TI  - Later ")
    (review / "imports" / "more.ris").write_text(text, encoding="utf-8")
    with (review / "imports" / "searches.yaml").open("a", encoding="utf-8") as searches:
        searches.write(MORE.format(day=day))


def queries(home: Path, counts: Sequence[int]) -> Iterator[Point]:
    """One question to all reviews of an S3 store, by DuckDB's own extension where that is there, and by fsspec."""
    smallest = min((home / "data").glob("of-*"), key=lambda path: int(path.name.partition("-")[2]))
    storage = Storage(home / "data", smallest.name)
    with played_s3() as environment, patch.dict(os.environ, environment):
        for count in counts:
            url = f"s3://maps/{count}"
            seconds = 0.0
            for number in range(count):
                copy = Storage(home / "copies", f"map-{number}")
                if not copy.folder.exists():
                    shutil.copytree(storage.folder, copy.folder, symlinks=True)
                    renamed(copy)
                seconds += took(Store(url, copy.folder.name).share, copy)
            yield Point("share to S3, a release", count, seconds / count, "s")
            if extensions_there():
                yield Point("query of all reviews on S3, httpfs", count, took(ask, url, QUESTION), "s")
            with patch.object(extensions, "load", lambda connection, name: False):
                yield Point("query of all reviews on S3, fsspec", count, took(ask, url, QUESTION), "s")


def renamed(storage: Storage) -> None:
    """Names a copy of a release after another review in its manifest; its rows keep theirs, which costs a query the same."""
    from warehouse.release import MANIFEST, seal, written

    live = storage.current()
    assert live is not None
    said = {**live.manifest, "review": storage.folder.name}
    (live.folder / MANIFEST).chmod(0o644)
    (live.folder / MANIFEST).write_bytes(written({**said, "sha256": seal(said)}))


def extensions_there() -> bool:
    """Whether DuckDB can read S3 by itself on this machine."""
    import duckdb

    with duckdb.connect() as connection:
        return extensions.load(connection, "httpfs")


@contextmanager
def played_s3() -> Iterator[Mapping[str, str]]:
    """moto's S3 server in a process of its own, with a bucket; the environment by which it is reached."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            with suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(f"{address}/maps", method="PUT"), timeout=5)
                break
            time.sleep(0.5)
        yield {
            "AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true",
        }  # fmt: skip
    finally:
        server.terminate()
        server.wait(30)


COLOURS = ("#2166ac", "#b35806", "#1b7837")


def curve(points: Sequence[Point]) -> str:
    """Processor seconds of a refresh over the records of the review, both axes by powers of ten."""
    width, height, left, below = 640, 380, 60, 40
    series = list(dict.fromkeys(one.what for one in points))
    sizes = sorted({one.of for one in points})
    low, high = (
        math.floor(math.log10(min(one.value for one in points))),
        math.ceil(math.log10(max(one.value for one in points))),
    )
    first, last = math.log10(sizes[0]), math.log10(sizes[-1] * 1.2)

    def x(size: float) -> float:
        return left + 30 + (math.log10(size) - first) / ((last - first) or 1) * (width - left - 70)

    def y(seconds: float) -> float:
        return height - below - (math.log10(seconds) - low) / (high - low) * (height - below - 30)

    drawn = []
    for power in range(low, high + 1):
        at = y(10.0**power)
        drawn.append(f'<path d="M{left},{at:.1f}H{width - 10}" stroke="#ddd"/>')
        drawn.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#333">{10.0**power:g} s</text>')
    for size in sizes:
        drawn.append(
            f'<text x="{x(size):.1f}" y="{height - below + 18}" text-anchor="middle" fill="#333">{size:,} records</text>'
        )
    for colour, what in zip(COLOURS, series, strict=False):
        mine = [(x(one.of), y(one.value), one.value) for one in points if one.what == what]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down, _ in mine)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}"/>')
        for across, down, seconds in mine:
            drawn.append(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.5" fill="{colour}"/>')
            beside = down + (18 if series.index(what) == 1 else -8)  # the second line is close to the first
            drawn.append(f'<text x="{across:.1f}" y="{beside:.1f}" text-anchor="middle" fill="{colour}">{seconds:.1f}</text>')
        drawn.append(f'<text x="{left + 12}" y="{22 + 15 * series.index(what)}" fill="{colour}">{what}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
        "<title>Processor seconds that a refresh takes, over the records of the review</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )


if __name__ == "__main__":
    main()
