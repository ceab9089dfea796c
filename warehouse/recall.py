"""What a backup of ``raw/`` and ``log/`` knows of its releases: which one was live, and what each was made of."""

from __future__ import annotations

from collections.abc import Iterable

from warehouse.account import predecessors
from warehouse.archive import Log
from warehouse.build import PIPELINE, Inputs, inputs_of


def live_by_log(log: Log) -> str | None:
    """The release that was live last: the one published last or, if somebody went back from that, the one they went back to."""
    published, back = log.read("publication").to_pylist(), log.read("rollback").to_pylist()
    if not published:
        return None
    last = str(published[-1]["release_id"])
    return str(back[-1]["release_id"]) if last in {row["replaced"] for row in back} else last


def up_to_date(log: Log, release_id: str) -> bool:
    """Whether a release was made of just what the logs hold now, after the release that it followed then."""
    return inputs_of(log, predecessors(log).get(release_id)).release_id == release_id


def went_back(log: Log, live: str) -> str | None:
    """The release that somebody went back from, the last one published, while the live one is still that to which they went."""
    rows = log.read("rollback").to_pylist()
    if not rows or rows[-1]["release_id"] != live:
        return None
    left = {row["replaced"] for row in rows}
    return next((one for one in reversed(predecessors(log)) if one in left), None)


def inputs_by_log(log: Log, release_id: str) -> Inputs | None:
    """What a release was made of, as its publication says; None if nothing says it, or what is said does not fit the id.

    Publications of earlier versions do not say it: then it is all that the logs hold, if that gives the same id.
    """
    rows = [row for row in log.read("publication").to_pylist() if row["release_id"] == release_id]
    if not rows:
        return None
    if rows[0]["made_of"] is None:
        inputs = inputs_of(log, predecessors(log)[release_id])
    else:
        inputs = Inputs(_by_log(rows[0]["made_of"]), str(rows[0]["pipeline"]), rows[0]["predecessor"])
    return inputs if inputs.release_id == release_id and inputs.pipeline == PIPELINE else None


def made_of(inputs: Inputs) -> list[str]:
    """The inputs of a release as its publication says them: logs, each with its batches in order."""
    return [f"{name}/{batch}" for name, batches in inputs.batches.items() for batch in (batches or [""])]


def _by_log(said: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, _, batch in (one.partition("/") for one in said):
        found[name] = (*found.get(name, ()), *([batch] if batch else []))
    return found
