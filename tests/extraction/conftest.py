"""A small review whose included studies, people and codings a test writes down in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tasks.extraction.draw import draw
from tasks.extraction.returned import Taken, take
from tasks.extraction.stand import stand
from tasks.extraction.worklists import worklists
from tasks.formats.worklist import Row, Sheet, Worklist, read, write
from tasks.records.frame import frame
from warehouse.configuration.amendments import Amendments
from warehouse.configuration.codebook import Codebook
from warehouse.configuration.protocol import Protocol
from warehouse.configuration.searches import Searches
from warehouse.review import Review
from warehouse.tables.catalogue import table

START = datetime(2024, 3, 1, 6)
TEAM = {"ann": "coder", "bob": "coder", "cat": "coder", "jo": "adjudicator", "rev": "reviewer"}
CODEBOOK: list[dict[str, Any]] = [
    {"id": "kind", "label": "Kind", "role": "kind", "codes": [
        {"id": "trial", "label": "Trial", "kind": "primary"}, {"id": "synthesis", "label": "Review", "kind": "review"}]},
    {"id": "theme", "label": "Theme", "role": "theme", "multiple": True, "grouped": True, "codes": [
        {"id": "mentors", "label": "Mentoring"}, {"id": "meetings", "label": "Family meetings"},
        {"id": "courts", "label": "Family courts"}]},
    {"id": "level", "label": "Level", "grouped": True, "required": False, "codes": [
        {"id": "family", "label": "Family"}, {"id": "child", "label": "Child"}]},
    {"id": "setting", "label": "Setting", "multiple": True, "required": False, "codes": [
        {"id": "urban", "label": "Urban"}, {"id": "rural", "label": "Rural"}]},
    {"id": "year", "label": "Year of data", "text": True, "required": False},
]  # fmt: skip

Groups = Mapping[int, Mapping[str, str]]


def review_of(people: Mapping[str, str], extraction: Mapping[str, Any], codebook: Mapping[str, Any]) -> Review:
    protocol = Protocol.model_validate(
        {
            "review": "demo",
            "version": "1.0",
            "title": "Demo",
            "question": "What?",
            "people": [{"id": one, "roles": roles.split()} for one, roles in people.items()],
            "sources": [{"id": "medline", "database": "MEDLINE"}],
            "extraction": dict(extraction),
            "map": {"views": [{"id": "main", "title": "Main", "rows": ["level"], "columns": ["theme"]}]},
        }
    )
    return Review(Path("demo"), protocol, Codebook.model_validate(codebook), Amendments(), Searches())


@dataclass
class World:
    """``papers`` are the citations of today with their records; what people do is added line by line, a minute apart."""

    papers: dict[str, list[str]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=lambda: dict(TEAM))
    extraction: dict[str, Any] = field(default_factory=lambda: {"double_share": 0})
    codebook: list[dict[str, Any]] = field(default_factory=lambda: [dict(one) for one in CODEBOOK])
    version: str = "3.0"
    changes: list[dict[str, Any]] = field(default_factory=list)
    described: dict[str, dict[str, Any]] = field(default_factory=dict)  # other columns of staging.citation
    elsewhere: dict[str, str] = field(default_factory=dict)  # positions of citations that are not included
    aliases: dict[str, str] = field(default_factory=dict)
    logs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    found: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # what de-duplication says of pairs
    minutes: int = 0

    @property
    def review(self) -> Review:
        codebook = {"version": self.version, "dimensions": self.codebook, "changes": self.changes}
        return review_of(self.people, self.extraction, codebook)

    def now(self) -> datetime:
        self.minutes += 1
        return START + timedelta(minutes=self.minutes)

    def add(self, log: str, citation: str, **columns: Any) -> None:
        as_of = columns.pop("as_of", None) or self.now()
        shown = {"review": "demo", "citation_id": citation, "record_ids": list(self.papers[citation]), "as_of": as_of}
        self.logs.setdefault(log, []).append(shown | columns)

    def drawn(self, citation: str, double: bool, batch: int = 1) -> None:
        self.add("log.draw", citation, batch=batch, stratum="all", double=double, seed=1)

    def coded(
        self, who: str, citation: str, groups: Groups, *, role: str = "coder", raw: str = "", as_of: datetime | None = None
    ) -> str:
        """Somebody's coding of a study as one file, as `take` would log it: ``{1: {"theme": "mentors; courts"}}``."""
        when = as_of or self.now()
        raw = raw or f"file-{self.minutes:03}-{who}"
        for group, codes in groups.items():
            for dimension, said in codes.items():
                for code in said.split("; "):
                    row = {
                        "reviewer": who,
                        "role": role,
                        "group": group,
                        "dimension": dimension,
                        "code": code,
                        "codebook": "3.0",
                    }
                    self.add("log.coding", citation, raw=raw, as_of=when, **row)
        return raw

    def verified(self, who: str, citation: str, coder: str, verdict: str = "agree", groups: Groups | None = None) -> None:
        when = self.now()
        raw = self.coded(who, citation, groups or {}, role="verifier", as_of=when)
        self.add("log.verification", citation, verifier=who, coder=coder, verdict=verdict, raw=raw, as_of=when)

    def tied(self, one: str, other: str, verdict: str = "same", by: str = "jo") -> None:
        """What somebody said of two reports, as `tasks.extraction.reports.returned.take` would log it."""
        when, (a, b) = self.now(), sorted((one, other))
        sides = {"citation_a": a, "record_ids_a": list(self.papers[a]), "citation_b": b, "record_ids_b": list(self.papers[b])}
        row = {"review": "demo", **sides, "verdict": verdict, "by": by, "raw": f"file-{self.minutes:03}", "as_of": when}
        self.logs.setdefault("log.study_link", []).append(row)

    def studies(self) -> dict[str, str]:
        """The study of each report."""
        return {row["citation_id"]: row["study_id"] for row in self.stand()["staging.study_report"].to_pylist()}

    def tables(self) -> dict[str, pa.Table]:
        citations = [
            {
                "review": "demo", "citation_id": one, "founder": records[0], "arm": "databases", "records": len(records),
                "title": f"Title of {one}", "authors": ["Doe, J", "Roe, R"], "year": 2020, "keywords": [], "first_seen": START,
                "synthetic": True, **self.described.get(one, {}),
            }
            for one, records in self.papers.items()
        ]  # fmt: skip
        records = [
            {
                "review": "demo",
                "record_id": record,
                "citation_id": one,
                "arm": "databases",
                "box": "database",
                "database": "M",
                "role": "kept",
            }
            for one, listed in self.papers.items()
            for record in listed
        ]
        funnel = [
            {"review": "demo", "citation_id": one, "arm": "databases", "position": self.elsewhere.get(one, "included")}
            for one in self.papers
        ]
        aliases = [{"review": "demo", "alias": one, "citation_id": now} for one, now in self.aliases.items()]
        made = {
            "staging.citation": citations,
            "staging.citation_record": records,
            "staging.citation_alias": aliases,
            "staging.funnel": funnel,
            "log.draw": [], "log.coding": [], "log.verification": [], "log.worklist": [],
        } | self.logs | self.found  # fmt: skip
        return {name: table(name).of_rows(rows) for name, rows in made.items()} | frame(self.review)

    def draw(self) -> dict[str, bool]:
        """Draws what is new, remembers it, and says of each new study whether it is double-coded."""
        rows = draw(self.tables(), self.review, self.now()).to_pylist()
        self.logs.setdefault("log.draw", []).extend(rows)
        return {row["citation_id"]: row["double"] for row in rows}

    def stand(self) -> dict[str, pa.Table]:
        return stand(self.tables(), self.review)

    def stands(self, citation: str = "c1") -> tuple[str, set[tuple[int, str, str]]]:
        """The state of a study, and what stands of it: (group, dimension, code)."""
        tables = self.stand()
        study, codes = (tables[f"staging.{name}"].to_pylist() for name in ("study_extraction", "study_coding"))
        state = next(row["state"] for row in study if row["study_id"] == citation)
        return state, {(row["group"], row["dimension"], row["code"]) for row in codes if row["study_id"] == citation}

    def state(self, citation: str = "c1") -> str:
        return self.stands(citation)[0]

    def codes(self, citation: str = "c1") -> set[tuple[int, str, str]]:
        return self.stands(citation)[1]

    def send(self, as_of: datetime | None = None) -> list[Worklist]:
        """Issues what is owed, and remembers it as the log would."""
        files, issued = worklists(self.tables(), self.review, as_of or self.now())
        self.logs.setdefault("log.worklist", []).extend(issued.to_pylist())
        return files

    def take(self, sheet: Sheet, raw: str = "") -> Taken:
        """Takes a sheet, remembers what it adds."""
        when = self.now()
        taken = take(sheet, raw or f"returned-{self.minutes:03}", self.tables(), self.review, when)
        for name, rows in taken.logs.items():
            self.logs.setdefault(name, []).extend(rows.to_pylist())
        return taken

    def merge(self, kept: str, gone: str) -> None:
        self.papers[kept] = [*self.papers[kept], *self.papers.pop(gone)]
        self.aliases[gone] = kept


def sheet_of(worklist: Worklist, *edits: Mapping[str, str], added: Iterable[Mapping[str, str]] = ()) -> Sheet:
    """The file as it comes back: ``edits`` change its rows in order (the last one, all that follow); ``added`` come after."""
    sheet = read(write(worklist))
    changes = [*edits, *[edits[-1] if edits else {}] * len(sheet.rows)]
    rows = [Row(row.line, row.values | dict(change)) for row, change in zip(sheet.rows, changes, strict=False)]
    empty = dict.fromkeys(sheet.columns, "")
    more = [Row(rows[-1].line + number, empty | dict(one)) for number, one in enumerate(added, 1)]
    return Sheet(sheet.columns, (*rows, *more))


@pytest.fixture
def world() -> World:
    """One included study, coded by one person and verified by another."""
    world = World({"c1": ["r1"]})
    world.drawn("c1", double=False)
    return world


@pytest.fixture
def double() -> World:
    """One included study, coded by two people."""
    world = World({"c1": ["r1"]})
    world.drawn("c1", double=True)
    return world


@pytest.fixture
def new_world() -> type[World]:
    return World


@pytest.fixture
def back() -> Any:
    return sheet_of
