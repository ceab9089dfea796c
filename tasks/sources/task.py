"""The stage `sources` as Prefect tasks: one for each source that the pipeline itself asks, and one for the stage."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from prefect import get_client, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.concurrency.sync import rate_limit
from prefect.exceptions import ObjectAlreadyExists

from tasks.sources.configuration import log_configuration
from tasks.sources.connector import Rate, Refused
from tasks.sources.exports import receive
from tasks.sources.guard import PRIVATE_HOSTS
from tasks.sources.http import Client
from tasks.sources.known import log_known
from tasks.sources.next_steps import log_next_steps
from tasks.sources.pace import Pace
from tasks.sources.searching import Done, Run, harvest, log_searches
from tasks.sources.synthesis import log_synthesis
from warehouse.archive import Raw
from warehouse.build import Build

log = logging.getLogger("evimap")
EVERY = 5.0  # seconds between two lines of progress


@task(name="search", task_run_name="search {source}", cache_policy=NO_CACHE)
def search(source: str, runs: Sequence[Run], raw: Raw, journals: Path, allowed: float, pace: Pace) -> list[Done]:
    """Runs the strategies of one source, one after another; ``pace`` is shared by the sources on one host."""
    connector = runs[0].connector
    private = [name for name in os.environ.get(PRIVATE_HOSTS, "").replace(",", " ").split() if name]
    try:
        client = Client(
            pace, connector.credentials, os.environ, connector.trouble, private_hosts=private, reads=connector.reads
        )
    except Refused as refused:
        raise Refused(f"{source}: {refused}") from None
    try:
        return [harvest(run, client.send, pace.slow_down, raw, journals, _Progress(run), allowed) for run in runs]
    finally:
        client.close()


def paces(runs: Sequence[Run]) -> dict[str, Pace]:
    """A pace for each host that is asked. On a server that several workers share, its limit holds across them."""
    rates: dict[str, Rate] = {}
    for run in runs:
        usual = run.connector.rate
        rate = Rate(run.source.per_second or usual.per_second, usual.at_once)
        known = rates.setdefault(host(run), rate)
        rates[host(run)] = Rate(min(rate.per_second, known.per_second), min(rate.at_once, known.at_once))
    return {name: Pace(rate, _gate(name, rate)) for name, rate in rates.items()}


def host(run: Run) -> str:
    """The host that a run asks."""
    query = run.query
    return urlsplit(query.site.url if query.site else query.endpoint).hostname or run.source.id


def _gate(name: str, rate: Rate) -> Callable[[], None] | None:
    """Prefect's global limit of requests a second to a host; None on a server of the command's own, which nobody shares."""
    if "PREFECT_API_URL" not in os.environ:
        return None
    limit = f"evimap {name}"
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):  # another run made it a moment ago
        client.upsert_global_concurrency_limit_by_name(limit, math.ceil(rate.per_second), rate.per_second)
    return lambda: rate_limit(limit)


class _Progress:
    """Tells how far a search is, every few seconds: a line in the terminal, a progress artifact in the UI."""

    def __init__(self, run: Run) -> None:
        self._name = f"{run.source.id} {run.strategy.id}"
        self._said = time.monotonic()
        self._artifact: UUID | None = None

    def __call__(self, got: int, hits: int | None) -> None:
        if time.monotonic() < self._said + EVERY:
            return
        self._said = time.monotonic()
        log.info("%-11s %s: %s", "search", self._name, f"{got:,} of {hits:,} records" if hits else f"{got:,} records")
        if hits:
            share = min(100.0, 100.0 * got / hits)
            if self._artifact is not None:
                update_progress_artifact(self._artifact, share)
            elif isinstance(made := create_progress_artifact(share, description=f"search of {self._name}"), UUID):
                self._artifact = made


@task(name="sources", task_run_name="sources", cache_policy=NO_CACHE)
def sources(build: Build, as_of: datetime, searched: Sequence[Done]) -> str:
    """Logs the configuration, every search that was run, and every export that is new, and keeps its files."""
    changed = log_configuration(build.review, build.raw, build.log, as_of).column("kind").to_pylist()
    changed += [f"text on {theme}" for theme in log_synthesis(build.review, build.log, as_of)]
    changed += log_next_steps(build.review, build.log, as_of)
    log_searches(build.review, build.raw, build.log, searched)
    log_known(build.review, build.raw, build.log, as_of)
    got = receive(build.review, build.raw, build.log, as_of)
    news = f", new or changed: {', '.join(changed)}" if changed else ""
    ran = f"{sum(one.harvested.delivered for one in searched):,} records from {len(searched)} searches, " if searched else ""
    return f"{ran}{got.searches} new searches in {got.files} files of {got.bytes:,} bytes{news}"
