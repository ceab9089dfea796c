"""What holds of any two releases: nothing differs from itself, and a comparison turned round says the same the other way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tasks.marts.build import compare, marts
from tests.marts.case import REVIEW, of_rows
from tests.marts.world import world
from warehouse.account import NOTHING, Named, account
from warehouse.tables.catalogue import table

MIRROR = {
    "included": "no_longer_included", "on_the_map": "off_the_map", "notice": "notice_withdrawn", "gap_closed": "gap_opened",
    "joined": "divided",
    "not_applicable": "applicable",
}  # fmt: skip
MIRROR |= {turned: one for one, turned in MIRROR.items()}


def said(citations: int, seed: int) -> dict[str, pa.Table]:
    """A made-up release; that of the other seed declares other cells not applicable."""
    given = world(citations, seed)
    declared = given["staging.not_applicable"]
    given["staging.not_applicable"] = declared.filter(pc.not_equal(declared["combination"], seed))
    return account({**NOTHING, **given, **marts(given, REVIEW)}, "care", Named(f"r{seed}", None, datetime(2026, 1, seed)))


@pytest.fixture(scope="module")
def two() -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    return said(60, 1), said(90, 2)


def rows(before: dict[str, pa.Table], after: dict[str, pa.Table]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    changes, citations = compare(before, after, "care")
    return changes.to_pylist(), citations.to_pylist()


def test_a_release_is_not_different_from_itself(two: tuple[dict[str, pa.Table], ...]) -> None:
    assert rows(two[0], two[0]) == ([], [])


def test_turned_round_each_change_has_its_mirror(two: tuple[dict[str, pa.Table], ...]) -> None:
    there, moved = rows(*two)
    back, moved_back = rows(*reversed(two))
    assert {row["what"] for row in there} >= {"included", "on_the_map", "recoded", "gap_closed", "gap_opened", "theme", "box"}
    assert {row["what"] for row in there} >= {"not_applicable", "applicable"}

    def plain(row: dict[str, Any]) -> tuple[Any, ...]:
        return (row["what"], row["id"], row["before"], row["after"], row["n_before"], row["n_after"], tuple(row["studies"]))

    def mirrored(row: dict[str, Any]) -> tuple[Any, ...]:
        what = MIRROR.get(row["what"], row["what"])
        return (what, row["id"], row["after"], row["before"], row["n_after"], row["n_before"], tuple(row["studies"]))

    assert sorted(map(plain, there), key=repr) == sorted(map(mirrored, back), key=repr)
    way = {"in": "out", "out": "in", "moved": "moved"}
    assert [(row["citation_id"], row["what"], row["before"], row["after"]) for row in moved] == [
        (row["citation_id"], way[row["what"]], row["after"], row["before"]) for row in moved_back
    ]


def test_a_gap_names_the_studies_that_came_into_its_cell_or_left_it(two: tuple[dict[str, pa.Table], ...]) -> None:
    before, after = ({(row["view"], *row["codes"]): row for row in one["published_cell"].to_pylist()} for one in two)
    gaps = [row for row in rows(*two)[0] if row["what"] in ("gap_closed", "gap_opened")]
    assert gaps
    for row in gaps:
        view, codes = row["id"].split(": ", 1)
        cell = (view, *codes.split("; "))
        assert set(row["studies"]) >= set(before[cell]["studies"]) ^ set(after[cell]["studies"])
        assert before[cell]["gap"] != after[cell]["gap"]


def test_without_a_release_before_nothing_is_different(two: tuple[dict[str, pa.Table], ...]) -> None:
    nothing = {name.removeprefix("log."): rows for name, rows in NOTHING.items() if isinstance(rows, pa.Table)}
    assert rows(nothing, two[0]) == ([], [])


STUDIES_THEN = [
    ("a", ["ra"], []),
    ("b", ["rb"], ["retracted"]),
    ("c2", ["rc2"], ["updated"]),
    ("d", ["rd", "rd2"], []),
    ("e", ["re"], []),
]
STUDIES_NOW = [
    ("a", ["ra", "rb"], ["retracted"]),
    ("c1", ["rc1", "rc2"], ["corrected"]),
    ("d", ["rd"], []),
    ("d2", ["rd2"], []),
]
"""b was found to be of the study of a, which takes over its notice; of c a report was found that came first and gives the study
its name; d2 turned out to be a study apart from d; e went."""


def release(studies: list[tuple[str, list[str], list[str]]], gap: str | None) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, Any]]] = {
        "study": [
            {
                "study_id": one,
                "reference": one.upper(),
                "kind": "primary",
                "mapped": True,
                "record_ids": records,
                "notices": told,
            }
            for one, records, told in studies
        ],
        "code": [{"study_id": one, "dimension": "level", "code": "child"} for one, _, _ in studies if one[0] in "ac"],
        "cell": [
            {"view": "main", "dimensions": ["level"], "codes": ["child"], "gap": gap, "studies": [one for one, _, _ in studies]}
        ],
        "box": [{"arm": "both", "box": "studies", "n": 4}],
    }
    return {
        name.removeprefix("log."): of_rows(table(name), rows.get(name.removeprefix("log.published_"), []))
        for name, data in NOTHING.items()
        if isinstance(data, pa.Table)
    }


def test_a_study_is_known_again_by_its_reports_whatever_it_is_called() -> None:
    then, now = release(STUDIES_THEN, "synthesis"), release(STUDIES_NOW, None)
    there = [(row["what"], row["id"], row["before"], row["after"], row["studies"]) for row in rows(then, now)[0]]
    assert there == [
        ("no_longer_included", "e", "primary", None, []),
        ("joined", "b", "primary", "A", ["a"]),
        ("divided", "d2", "D", "primary", ["d"]),
        ("off_the_map", "e", "primary", None, []),
        ("notice", "c1", None, "corrected", []),
        ("notice_withdrawn", "c1", "updated", None, []),
        ("gap_closed", "main: child", "synthesis", None, ["b", "d2", "e"]),
    ]
    back = [(MIRROR[row["what"]], row["after"], row["before"]) for row in rows(now, then)[0]]
    assert sorted(back, key=repr) == sorted(((what, before, after) for what, _, before, after, _ in there), key=repr)
