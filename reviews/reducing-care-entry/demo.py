"""The example from beginning to end: made-up exports, a first release, people's work in rounds, the published map.

What takes a review team months is done here by simulated people, through the same files that real people get and send back.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from flows import exchange, report
from flows.orchestration import alone
from flows.places import data_root
from warehouse.review import load
from warehouse.storage import REFRESH, Storage

if TYPE_CHECKING:  # Prefect is imported when its settings are there
    from flows.refresh import Refreshed

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "synthetic"))  # scripts of the example, which are no package of the pipeline

import earlier  # noqa: E402
import make  # noqa: E402
import people  # noqa: E402

SEARCHED = datetime(2018, 6, 30)  # the first refresh
BETWEEN_ROUNDS = timedelta(days=10)
TO_ANSWER = timedelta(days=7)
RECODED = datetime(2018, 8, 17)  # from then on by version 1.1 of the codebook
PUBLISHED = datetime(2018, 11, 20)  # the day on which the real review was announced

log = logging.getLogger("evimap")


def main() -> None:
    """Runs the example in the data root; a second run goes on where one was cut short, or finds everything done."""
    began = time.monotonic()
    log.setLevel(logging.INFO)
    log.propagate = False  # Prefect's own handler would say everything twice
    log.addHandler(logging.StreamHandler(sys.stdout))
    root = data_root(None)
    with alone(root), tempfile.TemporaryDirectory() as folder:
        from flows.refresh import refresh

        make.main(HERE / "imports" / "synthetic")
        storage = Storage(root, load(HERE).id)
        before = HERE if _recoded(storage) else earlier.review(HERE, Path(folder) / HERE.name)
        done = run(storage, root, before, refresh)
    out = Console(highlight=False, soft_wrap=True)
    out.print()
    report.release(out, done.folder)
    out.print(f"release {done.release}, {time.monotonic() - began:.0f} s; every record, vote and coding of it is made up")


def run(storage: Storage, root: Path, before: Path, refresh: Callable[[str, str, datetime], Refreshed]) -> Refreshed:
    """The whole course, or what is left of it; ``before`` is the review until its codebook changed."""
    begun = storage.unfinished().get(REFRESH)
    if storage.live_id() is None or begun == SEARCHED:
        log.info("--- first refresh: everything awaits screening")
        refresh(str(before), str(root), SEARCHED)
    if begun != PUBLISHED:
        people_work(storage, root, before)
    log.info("--- last refresh: the map is published")
    return refresh(str(HERE), str(root), PUBLISHED)


def _recoded(storage: Storage) -> bool:
    """Whether an earlier run has come to today's codebook."""
    versions = [row["version"] for row in storage.log.read("config").to_pylist() if row["kind"] == "codebook"]
    return load(HERE).codebook.version in versions


def people_work(storage: Storage, root: Path, before: Path) -> None:
    """Rounds of work out and work in, until nobody is owed anything."""
    log.info("--- people screen, code and verify")
    if cut_short := storage.unfinished().get("ingest"):
        exchange.take_in(before if cut_short - TO_ANSWER < RECODED else HERE, root, cut_short)
    over = ((storage.latest() or SEARCHED) - SEARCHED - TO_ANSWER) // BETWEEN_ROUNDS
    as_of = SEARCHED + max(0, over) * BETWEEN_ROUNDS
    while True:
        as_of += BETWEEN_ROUNDS
        review = before if as_of < RECODED else HERE
        issued = exchange.issue(review, root, as_of)
        people.main(storage.worklists, storage.inbox, days=0, earlier=review != HERE)
        taken = exchange.take_in(review, root, as_of + TO_ANSWER)
        if not issued and not taken:
            return
        rows, refused = sum(one.rows for one in taken), sum(one.refused for one in taken)
        log.info(
            "%s  %7s rows handed out, %7s decisions taken, %s refused",
            as_of.date(),
            f"{sum(n for path, n in issued if path.suffix == '.csv'):,}",
            f"{rows:,}",
            refused,
        )


if __name__ == "__main__":
    main()
