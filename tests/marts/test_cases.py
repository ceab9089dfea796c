from __future__ import annotations

import pytest

from tasks.marts.build import ORDER, SQL, marts
from tests.marts import case
from warehouse.contract import Stage
from warehouse.tables.catalogue import written_by


@pytest.mark.parametrize("name", case.names())
def test_case(name: str) -> None:
    expected = case.expected(name)
    assert expected, "a case expects something"
    given = case.given(name)
    made = marts(given, case.REVIEW, baseline=case.baseline(given))
    for mart, wanted in expected.items():
        assert wanted.of(made[mart]) == wanted.rows, mart


def test_every_declared_mart_is_made_and_has_a_case() -> None:
    declared = [table.qualified for table in written_by(Stage.MARTS)]
    assert list(marts(case.given("groups"), case.REVIEW)) == [f"marts.{mart}" for mart in ORDER]
    assert sorted(declared) == sorted(f"marts.{mart}" for mart in ORDER)
    assert set(declared) == {mart for name in case.names() for mart in case.expected(name)}
    assert sorted(path.stem for path in SQL.glob("*.sql")) == sorted(ORDER)


@pytest.mark.parametrize("name", ["groups", "prisma-two-arms", "study-state"])
def test_the_review_is_the_first_part_of_every_key(name: str) -> None:
    for mart, data in marts(case.given(name), case.REVIEW).items():
        assert set(data.column("review").to_pylist()) <= {"care"}, mart


def test_labels_beside_codes_are_those_of_the_codebook_and_of_the_closed_lists() -> None:
    made = marts(case.given("groups"), case.REVIEW)
    cell = made["marts.evidence_map"].to_pylist()[0]
    assert (cell["view_title"], cell["dimension_1_label"], cell["code_1_label"]) == ("Main", "Level", "Organisation level")
    assert (cell["dimension_2_label"], cell["code_2_label"]) == ("Outcome", "Re-entry to care")
    assert [cell[f"{name}_{n}_label"] for n in (3, 4) for name in ("dimension", "code")] == [None] * 4
    assert {row["kind"]: row["kind_label"] for row in made["marts.gap"].to_pylist()} == {
        "absolute": "No study of any kind", "synthesis": "Primary studies, and no review of them",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["prisma-two-arms", "prisma-reasons"])
def test_a_whole_box_of_the_diagram_is_called_by_the_name_of_its_code(name: str) -> None:
    rows = marts(case.given(name), case.REVIEW)["marts.prisma_flow"].to_pylist()
    whole = [row for row in rows if not row["detail"]]
    assert whole
    assert all(row["label"] == row["box_label"] for row in whole)
