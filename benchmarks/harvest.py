"""Measures the harvest of each connector against a server on this machine: ``python -m benchmarks.harvest [CONNECTOR …]``.

The server, a process of its own, plays the source over invented papers without delay; the rate limit is lifted. Timed is all
that one core does for a record: ask, keep the page and its journal line on disk, read the records, write them as Parquet. With
``--limit N`` the rate is N requests a second instead, and the figure is how near the harvest comes to it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tasks.records.receive import cached_reader
from tasks.sources.connector import Query, Rate, Seed
from tasks.sources.harvest import Harvest
from tasks.sources.http import Client
from tasks.sources.journal import Journal
from tasks.sources.pace import Pace
from tasks.sources.registry import CONNECTORS
from tasks.sources.searching import reading
from tests.sources.played.pages import SELECTORS
from tests.sources.played.playing import papers
from tests.sources.played.serving import served
from warehouse.archive import Raw
from warehouse.configuration.sources import Selectors, Site

HELD = {"core": 20_000, "doaj": 5_000, "scopus": 20_000, "wos": 10_000, "eric": 20_000, "citations": 10_000,
        "feed": 5_000, "sitemap": 2_000, "pages": 5_000}  # fmt: skip
LEFT_OUT = ("notices",)  # asks Crossref as crossref does
SITES = {"feed": "/feed/", "sitemap": "/sitemap.xml", "pages": "/search?q={query}&page={page}"}


def serve(name: str, count: int, pipe: Connection) -> None:
    """Plays a source until the pipe says stop."""
    with served({name: papers(count)}) as server:
        pipe.send(server.address(name))
        pipe.recv()


def measure(name: str, count: int, limit: float | None) -> dict[str, float]:
    """One harvest; what it brought and what it took."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(name, count, there), daemon=True)
    process.start()
    address = here.recv()
    connector = CONNECTORS[name]
    keys = {one.variable: "none" for one in connector.credentials}
    client = Client(
        Pace(Rate(limit or 1e6)), connector.credentials, keys, connector.trouble, private_hosts=frozenset({"127.0.0.1"})
    )
    seeds = tuple(Seed(doi=one.doi) for one in papers(40)) if name == "citations" else ()
    site = Site(url=address + SITES[name], selectors=Selectors(**SELECTORS), pages=50_000) if name in SITES else None
    query = Query(address, "care", site=site, seeds=seeds, direction="forward" if seeds else None)
    with tempfile.TemporaryDirectory() as folder:
        raw = Raw(Path(folder) / "raw")
        began, cpu = time.perf_counter(), time.process_time()
        done = Harvest(connector, query, client.send, raw, Journal(Path(folder) / "journal"), lambda _got, _hits: None).run()
        asked = time.perf_counter() - began
        reader = cached_reader(raw.get, Path(folder) / "cache")
        read = [reader(page.raw, reading(connector, site, page.url)) for page in done.pages]
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    here.send("stop")
    process.join(10)
    records, rejected = sum(good.num_rows for good, _ in read), sum(bad.num_rows for _, bad in read)
    return {"records": records, "rejected": rejected, "pages": len(done.pages), "asked": asked, "wall": wall, "cpu": cpu}


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("connectors", nargs="*", default=[name for name in CONNECTORS if name not in LEFT_OUT])
    parser.add_argument("--limit", type=float)
    parser.add_argument("--records", type=int)
    given = parser.parse_args()
    print(
        f"{'connector':<16}{'records':>9}{'rejected':>9}{'pages':>7}{'harvest s':>11}{'in all s':>10}"
        f"{'records/s':>11}{'CPU s':>8}"
    )
    for name in given.connectors:
        one = measure(name, given.records or HELD.get(name, 20_000), given.limit)
        speed = one["records"] / one["wall"]
        asked = f"{one['asked']:>11.2f}{one['wall']:>10.2f}{speed:>11,.0f}{one['cpu']:>8.2f}"
        print(f"{name:<16}{one['records']:>9,.0f}{one['rejected']:>9,.0f}{one['pages']:>7,.0f}{asked}", flush=True)


if __name__ == "__main__":
    main()
