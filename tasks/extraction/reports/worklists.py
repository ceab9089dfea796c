"""The worklist of reports that may be of one study: two of them side by side, for somebody to say whether they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.extraction.standing import link, with_logs
from tasks.formats.pairs import Pair, Pairs, by_person, counted
from tasks.formats.question import Choice, Question
from tasks.formats.worklist import Owed, Worklist
from warehouse.engine import Engine, Tables
from warehouse.review import Review

TASK = "same_study"
QUESTIONS = (
    Question("answer", "one", "Whether the two reports are of one study.", (
        Choice("same", "same", "one study: they are coded together and counted once"),
        Choice("different", "different", "two studies, be they of one programme or by the same people"),
    )),
    Question("note", "text", "Anything that others should know."),
)  # fmt: skip
GUIDE = (
    "Each row shows two reports that may be of one study: the same people took part, and the same data were gathered.",
    "Until somebody has answered they count as two studies.",
    "Fill in the yellow columns. A row left empty stays open: return the file as often as you like.",
)
PAIRS = Pairs(
    TASK,
    "citation_id",
    "report",
    ("title", "authors", "year", "journal", "doi", "abstract"),
    {"same": "same", "different": "different"},
    QUESTIONS, GUIDE,
)  # fmt: skip
_HERE = Path(__file__).parent


def owed(tables: Tables, review: Review) -> list[Owed]:
    """The pairs that people owe an answer on, sent or not."""
    return counted(TASK, by_person(_to_ask(tables, review)[0], _who(review)))


def worklists(
    tables: Tables, review: Review, as_of: datetime, only: Collection[tuple[str, str]] | None = None
) -> tuple[list[Worklist], pa.Table]:
    """The files of those who are asked, with all that they owe, and the rows of log.worklist for what is new in them.

    ``only`` has the tasks and people to make files for; without it, those for whom there is something new.
    """
    found, known = _to_ask(tables, review)
    return PAIRS.worklists(by_person(found, _who(review)), known, review.id, as_of, only)


def _to_ask(tables: Tables, review: Review) -> tuple[list[Pair], set[str]]:
    """The pairs, and the ids of all lists so far."""
    with Engine(with_logs(tables)) as engine:
        link(engine)
        pairs: list[Pair] = list(engine.rows(_HERE / "to_ask.sql", **review.protocol.waited_for))
        known = {str(one["worklist_id"]) for one in engine.rows("SELECT DISTINCT worklist_id FROM log.worklist")}
    return pairs, known


def _who(review: Review) -> str | None:
    """The first who settles codings; without one the first coder, else the first reviewer."""
    return next(iter(review.protocol.waited_for["tying"]), None)
