"""A small review whose papers, people and logs a test writes down in a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tasks.formats.worklist import Row, Sheet, Worklist, read, write
from tasks.screening.pilot import draw, still_open
from tasks.screening.returned import Taken, take
from tasks.screening.stand import stand
from tasks.screening.worklists import worklists
from warehouse.configuration.amendments import Amendments
from warehouse.configuration.codebook import Codebook
from warehouse.configuration.leave import Leaves
from warehouse.configuration.protocol import Person, Protocol
from warehouse.configuration.searches import Searches
from warehouse.review import Review
from warehouse.tables.catalogue import table

START = datetime(2024, 3, 1, 6)
_STOOD: dict[str, dict[str, pa.Table]] = {}


def review(people: Iterable[Person], amendments: Amendments, **screening: dict[str, Any]) -> Review:
    rules = {"title_abstract": {}, "full_text": {}} | screening
    rules["full_text"] = {
        "reasons": [{"id": "population", "label": "Wrong population"}, {"id": "design", "label": "Wrong design"}]
    } | rules["full_text"]
    protocol = Protocol.model_validate(
        {
            "review": "demo",
            "version": "1.0",
            "title": "Demo",
            "question": "What?",
            "people": [person.model_dump() for person in people],
            "sources": [{"id": "medline", "database": "MEDLINE"}],
            "eligibility": {"version": "2.1"},
            "screening": rules,
            "map": {"views": [{"id": "main", "title": "Main", "rows": ["level"], "columns": ["kind"]}]},
        }
    )
    codebook = Codebook.model_validate(
        {"version": "1.0", "dimensions": [{"id": "level", "label": "Level", "codes": [{"id": "family", "label": "Family"}]}]}
    )
    return Review(Path("demo"), protocol, codebook, amendments, Searches())


TEAM = (
    Person(id="ann"),
    Person(id="bob"),
    Person(id="cat"),
    Person(id="jo", roles=("adjudicator",)),
    Person(id="lib", roles=("librarian",)),
)


@dataclass
class World:
    """``papers`` are the citations of today with their records; what was said is added line by line, a minute apart."""

    people: tuple[Person, ...] = TEAM
    rules: dict[str, Any] = field(default_factory=dict)
    amendments: list[dict[str, Any]] = field(default_factory=list)
    papers: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    logs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sent: pa.Table | None = None
    ranking: pa.Table | None = None
    aliases: dict[str, str] = field(default_factory=dict)
    away: tuple[str, ...] = ()
    minutes: int = 0
    as_of: datetime = datetime(2024, 6, 1)

    @property
    def review(self) -> Review:
        return review(self.people, Amendments.model_validate({"amendments": self.amendments}), **self.rules)

    @property
    def review_today(self) -> Review:
        """The review for handing out work: without those who are away."""
        leave = [{"person": who, "since": date(2000, 1, 1), "until": date(2100, 1, 1)} for who in self.away]
        return replace(self.review, leaves=Leaves.model_validate({"leave": leave})).without_the_absent(self.as_of.date())

    def _say(self, log: str, citation: str, row: dict[str, Any], on: date | None, raw: str, as_of: datetime | None) -> None:
        self.minutes += 1
        shared = {
            "review": "demo",
            "citation_id": citation,
            "record_ids": self.papers[citation],
            "decided_on": on,
            "raw": raw or f"file-{self.minutes:03}",
            "as_of": as_of or START + timedelta(minutes=self.minutes),
        }
        self.logs.setdefault(log, []).append(shared | row)

    def vote(
        self, who: str, citation: str, decision: str, reason: str | None = None, *, stage: str = "title_abstract",
        round: int = 1, on: date | None = None, raw: str = "", as_of: datetime | None = None,
    ) -> None:  # fmt: skip
        row = {"reviewer": who, "stage": stage, "round": round, "decision": decision, "reason": reason, "eligibility": "2.1"}
        self._say("log.vote", citation, row, on, raw, as_of)

    def resolve(
        self, citation: str, decision: str, reason: str | None = None, *, stage: str = "title_abstract", round: int = 1,
        as_of: datetime | None = None, raw: str = "",
    ) -> None:  # fmt: skip
        row = {"stage": stage, "round": round, "decision": decision, "reason": reason, "how": "third", "by": ["jo"]}
        self._say("log.resolution", citation, row, None, raw, as_of)

    def outcome(
        self, citation: str, decision: str, reason: str | None = None, *, stage: str = "title_abstract", raw: str = ""
    ) -> None:
        self._say("log.outcome", citation, {"stage": stage, "decision": decision, "reason": reason}, None, raw, None)

    def retrieve(self, citation: str, status: str) -> None:
        self._say("log.retrieval", citation, {"status": status, "by": "lib"}, None, "", None)

    def remove(self, citation: str, decision: str, tool: str | None = None, note: str | None = None) -> None:
        self._say("log.removal", citation, {"decision": decision, "tool": tool, "by": "lib", "note": note}, None, "", None)

    def tool_vote(self, citation: str, decision: str, tool: str = "robot", *, round: int = 1) -> None:
        row = {"stage": "title_abstract", "round": round, "tool": tool, "decision": decision, "by": "lib"}
        self._say("log.tool_vote", citation, row, None, "", None)

    def both(self, citation: str, decision: str, reason: str | None = None, *, stage: str = "title_abstract") -> None:
        for who in ("ann", "bob"):
            self.vote(who, citation, decision, reason, stage=stage)

    def arrived(self, citation: str) -> None:
        self.both(citation, "include")
        self.retrieve(citation, "arrived")

    def tables(self) -> dict[str, pa.Table]:
        citations = [
            {
                "review": "demo", "citation_id": one, "founder": records[0], "arm": "databases", "records": len(records),
                "title": self.titles.get(one, f"Title of {one}"), "authors": ["Doe, J", "Roe, R"], "year": 2020,
                "keywords": [], "first_seen": START, "synthetic": True,
            }
            for one, records in self.papers.items()
        ]  # fmt: skip
        records = [
            {
                "review": "demo", "record_id": record, "citation_id": one, "arm": "databases", "box": "database",
                "database": "MEDLINE", "role": "kept" if record == listed[0] else "duplicate",
            }
            for one, listed in self.papers.items()
            for record in listed
        ]  # fmt: skip
        aliases = [{"review": "demo", "alias": alias, "citation_id": one} for alias, one in self.aliases.items()]
        reasons = [
            {"review": "demo", "reason": reason.id, "label": reason.label, "position": position}
            for position, reason in enumerate(self.review.protocol.screening.full_text.reasons)
        ]
        made = {
            "staging.citation": citations,
            "staging.citation_record": records,
            "staging.citation_alias": aliases,
            "staging.reason": reasons,
        } | self.logs
        sent = table("log.worklist").empty() if self.sent is None else self.sent
        return {name: table(name).of_rows(rows) for name, rows in made.items()} | {"log.worklist": sent}

    def stand(self) -> dict[str, pa.Table]:
        """What stands now; the same world is looked at once in a test run, since `stand` is a pure function."""
        sent = None if self.sent is None else self.sent.to_pylist()
        key = repr((self.people, self.rules, self.amendments, self.as_of, self.papers, self.logs, sent))
        if key not in _STOOD:
            _STOOD[key] = stand(self.tables(), self.review, self.as_of)
        return _STOOD[key]

    def state(self, citation: str, stage: str = "title_abstract") -> dict[str, Any]:
        """Its row of staging.screening; empty if it has not reached the stage."""
        rows = self.stand()["staging.screening"].to_pylist()
        return next((row for row in rows if (row["citation_id"], row["stage"]) == (citation, stage)), {})

    def position(self, citation: str) -> tuple[str, str | None]:
        rows = self.stand()["staging.funnel"].to_pylist()
        return next((row["position"], row["reason"]) for row in rows if row["citation_id"] == citation)

    def send(self, as_of: datetime = START) -> list[Worklist]:
        """Issues what is owed, and remembers it as the log would."""
        drawn = draw(self.tables() | self.stand(), self.review_today, as_of).to_pylist()
        if drawn:
            self.logs.setdefault("log.pilot", []).extend(drawn)
        ranking = {} if self.ranking is None else {"staging.ranking": self.ranking}
        files, issued = worklists(self.tables() | self.stand() | ranking, self.review_today, as_of)
        self.sent = issued if self.sent is None else pa.concat_tables([self.sent, issued])
        return files

    def pilot(self) -> list[tuple[str, str, int]]:
        return still_open(self.tables() | self.stand(), self.review_today)

    def take(self, sheet: Sheet, raw: str = "returned", as_of: datetime = datetime(2024, 3, 9)) -> Taken:
        return take(sheet, raw, self.tables() | self.stand(), self.review, as_of)

    def append(self, taken: Taken) -> None:
        for name, rows in taken.logs.items():
            self.logs.setdefault(name, []).extend(rows.to_pylist())


def filled(worklist: Worklist, **cells: str) -> Sheet:
    """The sheet as it comes back with the same cells filled in on every row."""
    sheet = read(write(worklist))
    return Sheet(sheet.columns, tuple(Row(row.line, row.values | cells) for row in sheet.rows))


@pytest.fixture
def world() -> World:
    return World(papers={"c1": ["r1"]})


@pytest.fixture(scope="session")
def fill() -> Callable[..., Sheet]:
    return filled


@pytest.fixture(scope="session")
def new_world() -> type[World]:
    return World
