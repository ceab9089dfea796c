"""Coding by workbook: yes/no columns and spare rows say the same as one cell and added rows in a CSV."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from tasks.formats.workbook import write
from tasks.formats.workbook_read import read
from tests.extraction.conftest import START
from tests.workbooks import filled

ONE = {"kind": "trial", "theme": "mentors; courts", "level": "family", "setting": "urban; rural", "year_code": "from 2001"}
TWO = {"theme": "meetings", "level": "child"}


def sent(world: Any) -> bytes:
    (file,) = world.send()
    return write(file, START)


def codes(taken: Any) -> set[tuple[Any, ...]]:
    rows = taken.logs["log.coding"].to_pylist()
    return {tuple(row[name] for name in ("reviewer", "role", "group", "dimension", "code", "quote", "page")) for row in rows}


def reasons(taken: Any) -> list[str]:
    return [one.reason for one in taken.refused]


def test_a_workbook_and_a_csv_are_one_coding(world: Any, new_world: Any, back: Any) -> None:
    data = sent(world)
    names = [cell.value for cell in load_workbook(io.BytesIO(data)).worksheets[0][1]]
    assert [name for name in names if ":" in name] == [
        "theme: mentors", "theme: meetings", "theme: courts", "setting: urban", "setting: rural"]  # fmt: skip
    said = {"1": ONE | {"quote": "They met.", "page": "3-5"}, "2": TWO}
    by_book = world.take(read(filled(data, lambda row: said.get(row["group"], {}))))
    other = new_world({"c1": ["r1"]})
    other.drawn("c1", double=False)
    (csv,) = other.send()
    added = {"citation_id": "c1", "group": "2", **TWO}
    by_csv = other.take(back(csv, {"group": "1", **said["1"]}, added=[added]))
    assert (by_book.refused, by_csv.refused) == ((), ())
    assert codes(by_book) == codes(by_csv)
    assert len(codes(by_book)) == 9


@pytest.mark.parametrize("yes", ["Yes", "y", "x", True, 1, "TRUE"])
def test_yes_as_people_and_programs_write_it(world: Any, yes: object) -> None:
    data = sent(world)
    cells = {"kind": "trial", "theme: mentors": yes, "theme: courts": "No", "theme: meetings": False}
    taken = world.take(read(filled(data, lambda row: cells if row["group"] == "1" else {})))
    assert {code for *_, dimension, code, _, _ in codes(taken) if dimension == "theme"} == {"mentors"}


def test_what_is_no_answer_sends_the_study_back_with_every_reason(world: Any) -> None:
    data = sent(world)
    cells = {"kind": "novel", "theme: mentors": "perhaps", "level": "street"}
    taken = world.take(read(filled(data, lambda row: cells if row["group"] == "1" else {})))
    assert taken.logs == {}
    first, *others = reasons(taken)
    assert "kind has no code 'novel'; the nearest is" in first
    assert "theme: mentors: 'perhaps' is neither yes nor no" in first
    assert "level has no code 'street'" in first
    assert others == ["another row of this study was refused"] * 2


def test_a_row_of_noes_is_work_that_is_not_passed_over(world: Any) -> None:
    data = sent(world)
    taken = world.take(read(filled(data, lambda row: {"theme": ""} if row["group"] == "1" else {})))
    assert reasons(taken)[0] == "kind is required, and empty; theme is required, and empty"


@pytest.fixture
def verifying(world: Any) -> Any:
    world.coded(
        "ann", "c1", {0: {"kind": "trial", "setting": "rural"}, 1: {"theme": "mentors; courts"}, 2: {"theme": "meetings"}}
    )
    return world


def test_a_coding_is_verified_in_a_workbook(verifying: Any) -> None:
    data = sent(verifying)
    shown = read(data)
    assert [row.values["group"] for row in shown.rows] == ["1", "2", "3", "4"]
    first = {name: text for name, text in shown.rows[0].values.items() if ":" in name and text}
    assert first == {"theme: mentors": "yes", "theme: courts": "yes", "setting: rural": "yes"}
    nothing = verifying.take(shown)
    assert (nothing.logs, nothing.refused) == ({}, ()), "nobody has come to it yet"
    odd = verifying.take(read(filled(data, lambda row: {"theme: meetings": "maybe"} if row["group"] == "1" else {})))
    assert "theme: meetings: 'maybe' is neither yes nor no" in reasons(odd)[0]
    agreed = verifying.take(read(filled(data, lambda row: {"verdict": "agree"} if row["group"] in "12" else {})))
    assert [one["verdict"] for one in agreed.logs["log.verification"].to_pylist()] == ["agree"]


def test_a_change_is_taken_with_its_reason(verifying: Any) -> None:
    data = sent(verifying)
    changes = {
        "1": {"verdict": "change", "note": "no court in it", "theme: courts": "no", "decided_on": date(2024, 5, 3)},
        "2": {"verdict": "agree"},
    }
    taken = verifying.take(read(filled(data, lambda row: changes.get(row["group"], {}))))
    assert taken.refused == ()
    assert {(group, code) for _, _, group, dimension, code, *_ in codes(taken) if dimension == "theme"} == {
        (1, "mentors"),
        (2, "meetings"),
    }


def test_two_codings_are_reconciled_in_a_workbook(double: Any) -> None:
    double.coded("ann", "c1", {0: {"kind": "trial", "setting": "rural"}, 1: {"theme": "mentors"}})
    double.coded("bob", "c1", {0: {"kind": "trial"}, 1: {"theme": "mentors"}})
    data = sent(double)
    assert read(data).rows[0].values["differs"] == "setting: rural | (nothing)"
    nothing = double.take(read(data))
    assert (nothing.logs, nothing.refused) == ({}, ())
    taken = double.take(read(filled(data, lambda row: {"setting": ""} if row["group"] == "1" else {})))
    assert {(role, dimension, code) for _, role, _, dimension, code, *_ in codes(taken)} == {
        ("reconciler", "kind", "trial"),
        ("reconciler", "theme", "mentors"),
    }, "no in every cell is an answer"
