"""The worklist of pairs that may be one paper: two records side by side, for a person to say whether they are the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.formats.pairs import Pair, Pairs, by_person, counted
from tasks.formats.question import Choice, Question
from tasks.formats.worklist import Owed, Worklist
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

TASK = "duplicates"
READS = ("log.override", "log.worklist", "staging.record", "staging.record_pair", "staging.citation_record")
QUESTIONS = (
    Question("answer", "one", "Whether the two records are of one paper.", (
        Choice("same", "same", "one paper: they are merged"),
        Choice("different", "different", "two papers, be they of one study: they stay apart for ever"),
    )),
    Question("note", "text", "Anything that others should know."),
)  # fmt: skip
GUIDE = (
    "Each row shows two records that may be one paper, the likeliest first: say whether they are the same.",
    "Fill in the yellow columns. A row left empty stays open: return the file as often as you like.",
    "A row whose ids and titles were moved apart is not taken and comes back with the reason.",
)
PAIRS = Pairs(
    TASK, "record_id", "record", ("title", "authors", "year", "place", "doi", "database", "abstract"),
    {"same": "merge", "different": "apart"},
    QUESTIONS, GUIDE,
)  # fmt: skip
_HERE = Path(__file__).parent


def owed(tables: Tables, review: Review) -> list[Owed]:
    """The pairs that people owe an answer on, sent or not."""
    return counted(TASK, by_person(_to_check(tables, review)[0], _who(review)))


def worklists(
    tables: Tables, review: Review, as_of: datetime, only: Collection[tuple[str, str]] | None = None
) -> tuple[list[Worklist], pa.Table]:
    """The files of those who look at duplicates, with all that they owe, and the rows of log.worklist for what is new in them.

    ``only`` has the tasks and people to make files for; without it, those for whom there is something new.
    """
    found, known = _to_check(tables, review)
    return PAIRS.worklists(by_person(found, _who(review)), known, review.id, as_of, only)


def _to_check(tables: Tables, review: Review) -> tuple[list[Pair], set[str]]:
    """The pairs, and the ids of all lists so far."""
    given: dict[str, Handle] = {name: tables.get(name, table(name).empty()) for name in READS}
    people = [person.id for person in review.protocol.people]
    with Engine(given) as engine:
        pairs: list[Pair] = list(engine.rows(_HERE / "to_check.sql", people=people))
        known = {str(one["worklist_id"]) for one in engine.rows("SELECT DISTINCT worklist_id FROM log.worklist")}
    return pairs, known


def _who(review: Review) -> str | None:
    """The first librarian; without one the first who settles conflicts, else the first reviewer."""
    for role in ("librarian", "adjudicator", "reviewer"):
        for person in review.protocol.people:
            if role in person.roles:
                return person.id
    return None
