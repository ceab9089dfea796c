"""The example queries for analysts run, and answer their question."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tasks.marts.build import marts
from tests.marts.case import REVIEW, given
from warehouse.engine import Engine
from warehouse.tables.words import BOX

QUERIES = Path(__file__).parents[2] / "docs" / "queries"
ANSWERS = {
    "countries-by-theme": (
        "framework",
        [(theme, country, 1) for theme in ("Family courts", "Home visiting") for country in ("Kenya", "Wales")],
    ),
    "gaps-at-organisation-level": (
        "groups",
        [
            ("main", "Organisation level; Re-entry to care", "synthesis", 1, True),
            ("main", "Organisation level; Initial entry to care", "absolute", 0, True),
        ],
    ),
    "how-well-people-agree": (
        "verified",
        [
            ("Any dimension", None, None, None, 3, 2),
            ("Country", 1, 0, 0.0, 3, 1),
            *((name, 1, 1, None, 3, 0) for name in ("Design", "Level", "Outcome")),
            ("Sample", None, None, None, 3, 1),  # free text: two people never use the same words
            ("Intervention theme", 1, 1, None, 3, 1),
        ],
    ),
    "notices-on-the-map": (
        "notice",
        [
            ("One (no date)", "Retracted", "retracted: 10.1/n", "The searches", False),
            ("Two (no date)", "Corrected", "corrected: 10.1/m", "A check of the included papers made again", False),
        ],
    ),
    "one-row-a-study": (
        "groups",
        [
            (
                "s1",
                "Title of s1 (no date)",
                None,
                "Primary study",
                None,
                "Child level; Organisation level",
                "Initial entry to care; Re-entry to care",
                None,
            )
        ],
    ),
    "prisma-side-by-side": (
        "prisma-reasons",
        [
            *(
                (
                    label,
                    {"screened": 12, "excluded": 5, "sought": 7, "assessed": 7, "report_excluded": 7}.get(box, 0),
                    {"screened": 1, "sought": 1, "assessed": 1, "report_excluded": 1}.get(box, 0),
                    None,
                )
                for box, label in list(BOX.items())[:16]
            ),
            *((label, None, None, 0) for label in list(BOX.values())[16:]),
        ],
    ),
    "studies-by-theme": (
        "several-themes",
        [("Home visiting", 2, 0, 1, 3), ("Family courts", 1, 1, 0, 2), ("Cash transfers", 0, 0, 0, 0)],
    ),
    "studies-by-year-and-outcome": (
        "kinds",
        [
            (None, "Initial entry to care", "primary", 1),
            (None, "Initial entry to care", None, 1),
            (None, "Re-entry to care", "ongoing", 1),
            (None, "Re-entry to care", "primary", 2),
            (None, "Re-entry to care", "review", 1),
        ],
    ),
    "themes-at-a-time": (
        "history",
        [("Home visiting", 2, 1, 0, datetime(2018, 11, 1)), ("Family courts", 0, 0, 0, datetime(2018, 11, 1))],
    ),
    "studies-in-a-cell": (
        "groups",  # and not entry at organisation level, nor re-entry at child level
        [
            ("Child level", "Initial entry to care", "Primary study", "Title of s1 (no date)", "s1"),
            ("Organisation level", "Re-entry to care", "Primary study", "Title of s1 (no date)", "s1"),
        ],
    ),
    "themes-together": ("several-themes", [("Family courts", "Home visiting", 1)]),
    "waiting-work": (
        "prisma-waiting",
        [
            ("citations", "awaiting_classification", 7),
            ("citations", "awaiting_decision", 7),
            ("citations", "awaiting_retrieval", 3),
            ("citations", "awaiting_screening", 1),
            ("studies", "awaiting_appraisal", 1),
            ("studies", "awaiting_appraisal_reconciliation", 1),
            ("studies", "awaiting_recoding", 1),
            ("studies", "awaiting_reconciliation", 1),
            ("studies", "awaiting_verification", 1),
            ("studies", "coded_once", 1),
            ("studies", "uncoded", 1),
        ],
    ),
    "who-owes-what": (
        "work-queue",
        [
            ("Coding to verify", "", 1, date(2024, 3, 5), 0),
            ("Coding to verify", "bob", 1, date(2024, 3, 4), 1),
            ("Conflict at title and abstract", "cyd", 1, date(2024, 2, 10), 1),
            ("Full text to get", "", 1, date(2024, 1, 5), 0),
            ("Full text to get", "cyd", 1, date(2024, 2, 4), 1),
            ("Pair of records that may be one paper", "cyd", 1, date(2024, 1, 10), 1),
            ("Pair of reports that may be of one study", "", 1, date(2024, 3, 1), 0),
            ("Report of a coded study that no coder has seen", "", 1, date(2024, 1, 9), 0),
            ("Report that could not be classified yet", "", 1, date(2024, 1, 7), 0),
            ("Study to code", "", 2, date(2024, 1, 8), 0),
            ("Study to code", "bob", 1, date(2024, 2, 20), 1),
            ("Study to code", "cyd", 1, date(2024, 3, 2), 1),
            ("Two codings to reconcile", "", 1, date(2024, 3, 2), 0),
            ("Vote on full text", "", 2, date(2024, 2, 4), 0),
            ("Vote on title and abstract", "", 3, date(2024, 1, 1), 0),
            ("Vote on title and abstract", "ann", 2, date(2024, 1, 20), 2),
        ],
    ),
    "what-changed": (
        "tied-otherwise",
        [
            ("recoded", "Adeyemi (2001)", *["the same codes, tied together otherwise"] * 2, ""),
            ("view", "main", None, "4", ""),
            *(
                ("theme", name, None, f"primary {n}, reviews 0, ongoing 0", "")
                for name, n in {"The whole map": 1, "Home visiting": 1, "Family courts": 1, "Cash transfers": 0}.items()
            ),
            *(
                ("box", f"{name} (databases and registers)", "0", "1", "")
                for name in (
                    "Records screened",
                    "Reports sought for retrieval",
                    "Reports assessed for eligibility",
                    "Reports included",
                )
            ),
            ("box", "Studies included in the review", "0", "1", ""),
            ("box", "Reports of included studies", "0", "1", ""),
        ],
    ),
    "what-each-source-added": (
        "prisma-two-arms",
        [
            ("Medline", 2, 2, 1, 1, 0),
            ("NSPCC", 2, 2, 0, 1, 0),
            ("Experts", 1, 1, 0, 0, 0),
            ("PsycINFO", 1, 1, 0, 1, 0),
            ("Embase", 0, 0, 0, 0, 0),
        ],
    ),
}


ANSWERS["why-excluded"] = (
    "prisma-reasons",
    [
        ("Published before 1991", 3), ("Reason not given", 2), ("Not a study", 1), ("Not about children", 1), ("language", 1),
    ],
)  # fmt: skip


def test_every_query_is_tried_and_says_what_it_answers() -> None:
    found = {path.stem: path.read_text(encoding="utf-8") for path in QUERIES.glob("*.sql")}
    assert set(found) == set(ANSWERS)
    for name, text in found.items():
        assert text.startswith("-- "), name


@pytest.mark.fault(21)
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_query(name: str) -> None:
    case, answer = ANSWERS[name]
    tables = given(case)
    with Engine(tables | marts(tables, REVIEW)) as db:
        rows = db.rows(QUERIES / f"{name}.sql")
    assert sorted((tuple(row.values()) for row in rows), key=repr) == sorted(answer, key=repr)
    again = [tuple(row.values()) for row in rows]
    assert len(again) == len(set(again))
