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
from flows.announcing import announce_conflicts, announce_verdict
from flows.artifacts import owed_artifact
from flows.naming import run_name
from flows.places import data_root
from flows.signing import ask
from tasks.checked import Stopped
from warehouse.retention import KEEP
from warehouse.review import load

Review = Annotated[str, Field(min_length=1, title="Review")]
Keep = Annotated[int, Field(ge=1, title="Releases to keep")]
Backlog = Annotated[int, Field(ge=1, title="Conflicts that are too many")]


@flow(name="ingest", flow_run_name=run_name)
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


@flow(name="publish", flow_run_name=run_name)
def publish(
    review: Review, by: str | None = None, note: str | None = None, data: str | None = None, as_of: datetime | None = None
) -> str | None:
    """Signs the live release off, so that its map becomes the public one; asks somebody first, where nobody is named.

    A run that asks is suspended, without a process that waits, until somebody resumes it with an answer.

    Args:
        review: Path of the review folder.
        by: Who signs off: an id of protocol.yaml; by default that is asked, on the page of the run.
        note: What should be remembered of it.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
        as_of: The clock value of this run (UTC); by default now.
    """
    if by is None:
        answer = ask(Path(review), data_root(data))
        if not answer.publish:
            get_run_logger().info("release %s stays the team's, says %s", answer.release, answer.by)
            return None
        by, note = answer.by, answer.note or note
    release, _ = week.sign_off(Path(review), data_root(data), by, note, as_of)
    get_run_logger().info("release %s is signed off by %s as version %s", release.release_id, by, release.number)
    return release.release_id


@flow(name="check", flow_run_name=run_name)
def check(review: Review, conflicts: Backlog = 25, data: str | None = None) -> str:
    """Checks the configuration and every law on the live release; fails where one that stops a release is broken.

    Checks that report something, and conflicts that pile up, are told as events, for automations that notify somebody.

    Args:
        review: Path of the review folder.
        conflicts: From how many open conflicts on it is told.
        data: Data root; by default EVIMAP_DATA, else `data` in the working directory.
    """
    verdict = checking.check_review(Path(review), data_root(data))
    if verdict.stopped:
        raise Stopped(verdict.summary)
    (get_run_logger().warning if verdict.reports else get_run_logger().info)(verdict.summary)
    announce_verdict(load(Path(review)), verdict)
    waiting = exchange.standing_of(Path(review), data_root(data)).conflicts
    if waiting >= conflicts:
        get_run_logger().warning("%s conflicts wait for somebody who settles them", waiting)
        announce_conflicts(load(Path(review)), waiting)
    return verdict.summary


@flow(name="housekeeping", flow_run_name=run_name)
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
