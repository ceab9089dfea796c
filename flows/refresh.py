"""The refresh: from what was received to a published evidence map, in seven stages."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from prefect import flow, get_run_logger
from pydantic import BaseModel, Field

from flows.announcing import announce_release
from flows.artifacts import publish_artifacts
from flows.naming import run_name
from flows.places import data_root
from flows.searching import end_if_failed, search_all
from flows.sharing import share_live
from tasks.checked import Stopped
from tasks.dedup.task import dedup
from tasks.extraction.task import extraction
from tasks.marts.task import marts
from tasks.publish.signing import show_unsigned
from tasks.publish.task import publish
from tasks.records.task import records
from tasks.screening.ranking import require
from tasks.screening.task import screening
from tasks.sources.task import sources
from warehouse.baseline import baseline
from warehouse.build import Build, Inputs, review_of
from warehouse.public import Refused
from warehouse.recall import up_to_date, went_back
from warehouse.release import differences, inputs_named
from warehouse.review import Review, load
from warehouse.storage import Storage
from warehouse.yaml import ConfigurationError

log = logging.getLogger("evimap")


class Refreshed(BaseModel):
    """What a refresh ended with."""

    release: str = Field(description="Id of the live release.")
    published: bool = Field(description="Whether this run published it; false where nothing had changed.")
    folder: Path = Field(description="Where it is.")


@flow(name="refresh", flow_run_name=run_name)
def refresh(review: str, data: str | None = None, as_of: datetime | None = None) -> Refreshed:
    """Takes a review from its search exports to a published evidence map.

    Args:
        review: Path of the review folder.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
        as_of: The clock value of this refresh (UTC); by default now.
    """
    configured = load(Path(review))
    storage = Storage(data_root(data), configured.id)
    with storage.writing():
        with storage.moment(as_of, (Stopped, ConfigurationError, Refused)) as moment, storage.building() as folder:
            done = _refresh(configured, storage, moment, folder)
            show_unsigned(storage, configured)
        share_live(storage)  # the run is over: if the store is away, the next one need not be of this clock value
        return done


def _refresh(configured: Review, storage: Storage, moment: datetime, folder: Path) -> Refreshed:
    baseline(storage.log, configured)  # one that does not exist is told before anything is asked for
    require(configured)
    build = _build(storage, configured, folder)
    searched, failed = search_all(build, storage, moment)
    _say("sources", sources(build, moment, searched))
    end_if_failed(failed)  # what the others brought is logged by now, and not asked for again
    if unchanged := _unchanged(storage):
        return unchanged
    _say("records", records(build, moment))
    if unchanged := _unchanged(storage):  # new files that brought nothing new
        return unchanged
    _say("dedup", dedup(build))
    _say("screening", screening(build))
    _say("extraction", extraction(build, moment))
    _say("marts", marts(build))
    _say("publish", publish(build, storage, moment))
    new = storage.current()
    if new is None:
        raise RuntimeError(f"{storage.folder}: published, but no release is live")
    publish_artifacts(storage, new)
    announce_release(configured, new)
    return Refreshed(release=new.id, published=True, folder=new.folder)


def rebuild(review: str, data: str | None = None, release_id: str | None = None) -> tuple[str, list[str]]:
    """Makes a release, by default the live one, again from raw files and logs alone; its id, and what differs."""
    storage = Storage(data_root(data), load(Path(review)).id)
    release = storage.release(release_id or live_id(storage))
    with storage.writing(), storage.building() as folder:
        return release.id, differences(release, made_again(storage, inputs_named(release), folder).folder)


def live_id(storage: Storage) -> str:
    """The id of the live release. Raises FileNotFoundError where there is none."""
    live = storage.live_id()
    if live is None:
        raise FileNotFoundError(f"{storage.folder}: no release yet; `evimap refresh` makes one")
    return live


def made_again(storage: Storage, inputs: Inputs, folder: Path) -> Build:
    """The release of some inputs, made in ``folder`` without the cache, a clock or the review folder of today."""
    configured = review_of(storage.log, storage.raw, inputs, folder / "review")
    build = _build(storage, configured, folder, inputs, cache=folder / "cache")
    records.fn(build, None)
    dedup.fn(build)
    screening.fn(build)
    extraction.fn(build, None)
    marts.fn(build)
    publish.fn(build, None, None)
    return build


def _unchanged(storage: Storage) -> Refreshed | None:
    """The live release, if it was made of just what the logs hold now: then there is nothing to publish.

    Nor is there if somebody went back from the release of just that: a schedule must not undo it.
    """
    live = storage.current()
    if live is None:
        return None
    if up_to_date(storage.log, live.id):
        log.info("nothing has changed since release %s: nothing to publish", live.id)
    elif (left := went_back(storage.log, live.id)) and up_to_date(storage.log, left):
        log.info("nothing has changed since somebody went back from release %s to %s: nothing to publish", left, live.id)
    else:
        return None
    return Refreshed(release=live.id, published=False, folder=live.folder)


def _build(storage: Storage, review: Review, folder: Path, inputs: Inputs | None = None, cache: Path | None = None) -> Build:
    return Build(
        folder=folder / "release",
        review=review,
        raw=storage.raw,
        log=storage.log,
        cache=cache or storage.cache,
        scratch=folder / "scratch",
        inputs=inputs,
        follows=None if inputs else storage.live_id(),
    )


def _say(stage: str, line: str) -> None:
    """One progress line: in the terminal, and in the run's log, which the UI shows."""
    log.info("%-11s %s", stage, line)
    get_run_logger().info("%s: %s", stage, line)
