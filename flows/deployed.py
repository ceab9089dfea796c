"""The other flows that are deployed: each a command, so that a schedule or a click in the UI can do what a person does.

Parameters are checked before a run starts; a run that finds the review locked fails, and is tried again when it is due.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger
from pydantic import Field

from flows import checking, exchange, verifying, week
from flows import releases as shelf
from flows.artifacts import owed_artifact
from flows.places import data_root
from tasks.checked import Stopped
from warehouse.retention import KEEP

Review = Annotated[str, Field(min_length=1, title="Review")]
Keep = Annotated[int, Field(ge=1, title="Releases to keep")]


@flow(name="ingest", flow_run_name="ingest {review}")
def ingest(review: Review, data: str | None = None, as_of: datetime | None = None) -> list[str]:
    """Takes in what people put into the inbox, and says who still owes what.

    Args:
        review: Path of the review folder.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
        as_of: The clock value of this run (UTC); by default now.
    """
    taken = exchange.take_in(Path(review), data_root(data), as_of)
    for one in taken:
        (get_run_logger().warning if one.refused else get_run_logger().info)(one.line)
    owed_artifact(Path(review), data_root(data))
    return [one.line for one in taken]


@flow(name="publish", flow_run_name="publish {review}")
def publish(review: Review, by: str, note: str | None = None, data: str | None = None, as_of: datetime | None = None) -> str:
    """Signs the live release off: its map becomes the public one.

    Args:
        review: Path of the review folder.
        by: Who signs off: an id of protocol.yaml.
        note: What should be remembered of it.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
        as_of: The clock value of this run (UTC); by default now.
    """
    release, _ = week.sign_off(Path(review), data_root(data), by, note, as_of)
    get_run_logger().info("release %s is signed off by %s", release.release_id, by)
    return release.release_id


@flow(name="check", flow_run_name="check {review}")
def check(review: Review, data: str | None = None) -> str:
    """Checks the configuration and every law on the live release; fails where one that stops a release is broken.

    Args:
        review: Path of the review folder.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
    """
    verdict = checking.check_review(Path(review), data_root(data))
    if verdict.stopped:
        raise Stopped(verdict.summary)
    (get_run_logger().warning if verdict.reports else get_run_logger().info)(verdict.summary)
    return verdict.summary


@flow(name="housekeeping", flow_run_name="housekeeping {review}")
def housekeeping(review: Review, keep: Keep = KEEP, data: str | None = None) -> list[str]:
    """Removes old releases, then checks every file that is left; fails where one is damaged, missing or too many.

    Args:
        review: Path of the review folder.
        keep: How many of the newest releases stay. The live, the public and pinned ones always do.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
    """
    gone = shelf.prune(Path(review), data_root(data), keep)
    get_run_logger().info("%s releases removed", len(gone))
    found = verifying.verify(Path(review), data_root(data))
    for note in found.notes:
        get_run_logger().info(note)
    if not found.sound:
        raise Stopped("; ".join([*map(str, found.faults), *([found.broken] if found.broken else [])]))
    return gone
