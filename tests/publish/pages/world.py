"""An invented release over that frame: marts are made by the pipeline's own SQL from invented staged rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from tasks.marts.build import READS_LOGS, marts
from tests.publish.pages.frame import DESIGNS, EMMIE, LEVELS, OUTCOMES, REASONS, SOURCES, THEMES
from warehouse.baseline import Baseline
from warehouse.review import Review
from warehouse.tables.catalogue import TABLES, table

Tables = dict[str, pa.Table]
STAGED = (
    "record",
    "citation",
    "citation_record",
    "screening",
    "removal",
    "synthesis",
    "consultation",
    "next_step",
    "citation_alias",
    "coding",
    "funnel",
    "study_report",
    "study_pair",
    "study_extraction",
    "study_coding",
    "search",
    "agreement_pair",
)
PAPERS = {
    "excluded": 190,
    "awaiting_screening": 12,
    "not_retrieved": 9,
    "awaiting_retrieval": 4,
    "report_excluded": 21,
    "awaiting_decision": 3,
    "awaiting_classification": 1,
    "ongoing": 2,
    "included": 41,
}
WORDS = ("families", "practice", "northern", "evaluation", "of", "services", "early", "help", "the", "county", "support", "and")
FAMILIES = ("Adeyemi", "Brandt", "Castell", "Dunmore", "Eriksen", "Fairley", "Goddard", "Hassan", "Iversen", "Jarrold")


class World:
    """Staged rows of an invented review: change them, then `tables` makes the marts from them."""

    def __init__(self, review: Review, included: int = PAPERS["included"], long: bool = False) -> None:
        """``long``: titles and summaries are as long as those of real studies, and no two are the same."""
        chance = random.Random(1704)
        self.review = review
        self.long = long
        self.baseline: Baseline | None = None
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in STAGED}
        for source in SOURCES:
            self.rows["search"].append(
                {
                    "search_id": f"search-{source.id}",
                    "source_id": source.id,
                    "database": source.database,
                    "platform": source.platform,
                    "box": source.box,
                    "arm": source.arm,
                    "searched_on": date(2018, 5, 3 + len(self.rows["search"])),
                    "files": [],
                }
            )
        for position, count in (PAPERS | {"included": included}).items():
            for _ in range(count):
                self.add(position, chance)

    def add(self, position: str, chance: random.Random) -> str:
        n = len(self.rows["citation"])
        study = f"c{n:04d}"
        source = chance.choices(SOURCES, (60, 30, 8, 4))[0]
        self.rows["citation"].append(self._paper(study, chance))
        self.rows["funnel"].append(
            {
                "citation_id": study,
                "arm": source.arm,
                "position": position,
                "reason": chance.choice([*REASONS]) if position == "report_excluded" else None,
            }
        )
        for copy in range(1 + (chance.random() < 0.3)):
            record = {
                "record_id": f"{study}-{copy}",
                "arm": source.arm,
                "database": source.database,
                "source_id": source.id,
                "box": source.box,
            }
            self.rows["record"].append(record)
            kept = {key: record[key] for key in ("record_id", "arm", "database", "box")}
            self.rows["citation_record"].append(kept | {"citation_id": study, "role": "duplicate" if copy else "kept"})
        if position == "included":
            settled = chance.random() < 0.92
            self.rows["study_extraction"].append(
                {"study_id": study, "double": False, "state": "verified" if settled else "coded_once", "settled": settled}
            )
        if position in ("included", "ongoing"):
            self.rows["study_report"].append({"citation_id": study, "study_id": study, "ongoing": position == "ongoing"})
            self._code(study, chance, position)
        return study

    def _paper(self, study: str, chance: random.Random) -> dict[str, Any]:
        families = chance.sample(
            FAMILIES,
            chance.choice((1, 2, 3, 7)),
        )
        doi = f"10.5555/made.up.{study}" if chance.random() < 0.7 else None
        title = f"A made-up study of {chance.choice([*THEMES.values()])} and {chance.choice([*OUTCOMES.values()])}"
        return {
            "citation_id": study,
            "founder": study,
            "records": 1,
            "type": chance.choice(("article", "report", "chapter")),
            "title": f"{title} in {' '.join(chance.sample(WORDS, 4))}, number {study}" if self.long else title,
            "authors": [f"{name}, {chance.choice('ABCDEFG')}." for name in families],
            "year": chance.randint(1991, 2017),
            "journal": "Journal of Invented Studies",
            "volume": "3",
            "doi": doi,
            "url": None if doi else f"https://northmoor.example/{study}",
            "abstract": "ABSTRACT-OF-A-DATABASE",
            "keywords": ["HEADING-OF-A-DATABASE"],
            "synthetic": True,
            "first_seen": datetime(2018, 5, 4),
        }

    def _code(self, study: str, chance: random.Random, position: str) -> None:
        def add(group: int, dimension: str, code: str) -> None:
            self.rows["study_coding"].append({"study_id": study, "group": group, "dimension": dimension, "code": code})

        if position == "included":
            add(0, "kind", "review" if chance.random() < 0.15 else "primary")
            more = f": {' '.join(chance.choices(WORDS, k=9))}" if self.long else ""
            add(0, "summary", f"What {study} did, in a sentence of the coder's own{more}.")
        add(0, "design", chance.choice([*DESIGNS]))
        for group in range(1, chance.choice((1, 1, 1, 2)) + 1):
            tied = chance.random() < 0.9
            add(group if tied else 0, "theme", chance.choices([*THEMES], (44, 43, 42, 42, 18, 16, 13, 10, 0))[0])
            add(group if tied else 0, "level", chance.choices([*LEVELS], (5, 8, 25, 40, 22))[0])
            add(group if tied else 0, "outcome", chance.choices([*OUTCOMES], (62, 12, 26))[0])
            for code in chance.sample([*EMMIE][: 4 if chance.random() < 0.9 else 5], chance.choice((1, 2, 3))):
                add(group if tied else 0, "emmie", code)

    def start_from(self, every: int = 2) -> None:
        """Makes a baseline that had one citation of ``every`` so many, and one study that is included no longer."""
        earlier = [row for n, row in enumerate(self.rows["funnel"]) if n % every == 0]
        place = {"citation_id": "gone", "position": "included"}
        records: dict[str, list[str]] = {"gone": ["gone"]}
        for row in self.rows["citation_record"]:
            records.setdefault(row["citation_id"], []).append(row["record_id"])
        said = {
            "published_citation": [{name: one[name] for name in ("citation_id", "position")} for one in (place, *earlier)],
            "published_study": [
                {"study_id": one["citation_id"], "kind": "ongoing" if one["position"] == "ongoing" else None,
                 "record_ids": records[one["citation_id"]]}
                for one in (place, *earlier) if one["position"] in ("included", "ongoing")
            ],
        }  # fmt: skip
        rows = {name: [self._complete(f"log.{name}", row) for row in listed] for name, listed in said.items()}
        self.baseline = Baseline(
            "1.0", datetime(2018, 6, 1), {name: table(f"log.{name}").of_rows(one) for name, one in rows.items()}
        )

    def tables(self) -> Tables:
        given = self._frame() | {f"staging.{name}": rows for name, rows in self.rows.items()}
        staged = {name: table(name).of_rows(self._complete(name, row) for row in _unique(rows)) for name, rows in given.items()}
        empty = {name: one.empty() for name, one in TABLES.items() if one.schema == "staging" or name in READS_LOGS}
        made = empty | staged | marts(empty | staged, self.review, baseline=self.baseline)
        release = {
            "review": "care",
            "release_id": "5e1ec7ed0badcafe",
            "title": self.review.protocol.title,
            "pipeline": "0.1.0",
            "protocol": "1.2",
            "codebook": "1.0",
            "as_of": datetime(2018, 11, 1, 9, 30),
            "compared": "This is the first release: there is none to compare it with.",
            "synthetic": self.review.protocol.release.synthetic,
        }
        made["meta.release"] = table("meta.release").of_rows([release])
        made["meta.quality_check"] = table("meta.quality_check").of_rows(
            [check("records.search.got_is_kept"), check("marts.prisma_flow.adds_up")]
        )
        return made

    def _frame(self) -> dict[str, list[dict[str, Any]]]:
        dimensions = list(enumerate(self.review.codebook.dimensions, 1))
        axes = [
            (view, n, axis, one)
            for n, view in enumerate(self.review.protocol.map.views, 1)
            for axis, one in enumerate((*view.rows, *view.columns), 1)
        ]
        return {
            "staging.dimension": [
                one.model_dump(include={"label", "definition", "role", "multiple", "grouped", "text"})
                | {"dimension": one.id, "position": n}
                for n, one in dimensions
            ],
            "staging.code": [
                {
                    "dimension": one.id,
                    "code": code.id,
                    "label": code.label,
                    "kind": code.kind,
                    "position": n,
                    "within": list(one.wider(code.id)),
                }
                for _, one in dimensions
                for n, code in enumerate(one.codes, 1)
            ],
            "staging.map_axis": [
                {
                    "view": view.id,
                    "title": view.title,
                    "view_position": n,
                    "axis": axis,
                    "place": "row" if axis <= len(view.rows) else "column",
                    "dimension": one,
                }
                for view, n, axis, one in axes
            ],
            "staging.not_applicable": [
                {"combination": n, "dimension": name, "code": code, "why": one.why}
                for n, one in enumerate(self.review.protocol.map.not_applicable, 1)
                for name, code in one.codes.items()
            ],
            "staging.reason": [
                {"reason": reason, "label": label, "position": n} for n, (reason, label) in enumerate(REASONS.items(), 1)
            ],
        }

    def _complete(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        blank = {"VARCHAR[]": [], "INTEGER": 0, "BIGINT": 0, "BOOLEAN": False, "VARCHAR": ""}
        missing = {column.name: None if column.nullable else blank.get(column.type) for column in table(name).columns}
        return missing | {"review": "care"} | row


def _unique(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen = set()
    for row in rows:
        if repr(row) not in seen:
            seen.add(repr(row))
            yield row


def check(name: str, **more: Any) -> dict[str, Any]:
    stage, table_name, _ = name.split(".")
    return {
        "review": "care",
        "check_id": name,
        "stage": stage,
        "table": f"staging.{table_name}",
        "meaning": f"What {name} says.",
        "severity": "stop",
        "passed": True,
        "failing": 0,
        "examples": None,
        "remedy": "Look at the rows.",
    } | more
