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
    made = marts(case.given(name), case.REVIEW)
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
