"""What everybody owes, whether it was sent or not: one answer for the files that go out, the week and the status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import tasks.dedup.worklists as duplicates
import tasks.extraction.reports.worklists as reports
import tasks.extraction.worklists as coding
import tasks.screening.worklists as screening
from tasks.formats.worklist import Owed
from warehouse.engine import Tables
from warehouse.review import Review

PARTS = (duplicates, screening, reports, coding)
"""Whose worklists there are; each says what people owe, and makes their files."""
BATCHED = ("title_abstract", "full_text", "coding", "appraisal", "verification")  # tasks that can wait for more of the kind


def owed(tables: Tables, review: Review, as_of: datetime) -> list[Owed]:
    """What everybody owes who is there on that day, by person and task."""
    there = review.without_the_absent(as_of.date())
    found = [one for part in PARTS for one in part.owed(tables, there)]
    return sorted(found, key=lambda one: (one.reviewer, one.task))


def goes_out(one: Owed, review: Review, whole: bool = False) -> bool:
    """Whether what is new goes out: if not ``whole``, a short list of some tasks waits for more (exchange.minimum)."""
    least = 1 if whole or one.whole or one.task not in BATCHED else review.protocol.exchange.minimum
    return one.new >= least


def out(owed: Iterable[Owed]) -> list[tuple[object, ...]]:
    """Of what is owed that which was sent, as rows of (who, what, since, how many)."""
    return [(one.reviewer, one.task.replace("_", " "), one.since.date(), one.sent) for one in owed if one.since is not None]
