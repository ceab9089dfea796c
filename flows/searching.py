"""The searches of a refresh: every source that the pipeline itself asks, side by side, each at its own pace."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import groupby

from tasks.checked import Stopped
from tasks.sources.connector import Refused, Seed, TryLater
from tasks.sources.harvest import Lost
from tasks.sources.searching import Done, due, faults, seeds_of
from tasks.sources.task import host, paces, search
from warehouse.build import Build
from warehouse.storage import Storage
from warehouse.yaml import ConfigurationError

log = logging.getLogger("evimap")


def search_all(build: Build, storage: Storage, as_of: datetime) -> tuple[list[Done], list[Exception]]:
    """Runs all searches that are due; what they brought in the order of the protocol, and why others failed.

    A source that the protocol does not require may fail: that is said, and the refresh goes on without it. Raises
    `ConfigurationError` before anything is asked where the protocol gives a connector what it cannot work with.
    """
    if wrong := faults(build.review):
        raise ConfigurationError("\n".join(wrong))
    live = storage.current()
    seeds: tuple[Seed, ...] = seeds_of(live) if live else ()
    runs = due(build.review, build.log, as_of, seeds)
    pace = paces(runs)
    allowed = build.review.protocol.searching.shortfall_stops
    started = []
    for source_id, group in groupby(runs, key=lambda run: run.source.id):
        mine = list(group)
        future = search.submit(source_id, mine, storage.raw, storage.journals, allowed, pace[host(mine[0])])
        started.append((mine[0].source, future))
    done: list[Done] = []
    failed: list[Exception] = []
    for source, future in started:
        try:
            done += future.result()
        except (Lost, Refused, TryLater) as error:
            if source.required:
                failed.append(error)
            else:
                log.warning("%-11s not searched, and not required: %s", "search", error)
    return done, failed


def end_if_failed(failed: list[Exception]) -> None:
    """Ends the refresh if a source that is required failed: for good where it refuses or loses, for now where it is away."""
    if not failed:
        return
    message = "\n".join(str(error) for error in failed)
    if any(isinstance(error, Refused) for error in failed):
        raise ConfigurationError(message)
    if any(isinstance(error, Lost) for error in failed):
        raise Stopped(message)
    raise TryLater(message)
