"""A dimension that asks for a number with a unit: from the form to what stands, and what cannot be taken."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

import expectations
from tasks.formats.workbook import write
from tasks.formats.workbook_read import read as read_workbook
from tests.extraction.conftest import START
from tests.workbooks import filled
from warehouse.configuration import number
from warehouse.configuration.codebook import Codebook, Dimension
from warehouse.engine import Engine
from warehouse.tables.catalogue import table

UNITS = ("weeks", "months", "calendar months")
NUMBERS = [
    {"id": "length", "label": "Length of follow-up", "required": False, "not_reported": True, "number": {"units": UNITS}},
    {"id": "waves", "label": "Follow-ups at", "required": False, "multiple": True, "number": {"units": ("weeks", "months")}},
    {"id": "took_part", "label": "How many took part", "required": False, "number": {}},
    {"id": "share", "label": "Share of girls", "required": False, "number": {"units": ("%",)}},
]
CODES = {"kind": "trial", "theme": "mentors"}


@pytest.fixture
def numbers(world: Any) -> Any:
    world.codebook = [*world.codebook, *NUMBERS]
    return world


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("12 months", "12 months"),
        ("12.50 Months", "12.5 months"),
        ("0,125 weeks", "0.125 weeks"),
        ("+1e2 weeks", "100 weeks"),
        ("12weeks", "12 weeks"),
        ("\u22123 months", "-3 months"),
        ("1 200 weeks", "1200 weeks"),
        ("1\u00a0200,5 weeks", "1200.5 weeks"),
        ("0.0 weeks", "0 weeks"),
        ("007 calendar  months", "7 calendar months"),
        ("1200 weeks", "1200 weeks"),
        ("1.234 weeks", "1.234 weeks"),
    ],
)
def test_a_number_is_kept_in_one_form(given: str, kept: str) -> None:
    assert number.read(given, UNITS) == kept
    assert number.read(kept, UNITS) == kept
    assert number.is_valid(kept, UNITS)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("a year", "is no number"),
        ("months", "is no number"),
        ("1,200 weeks", "could be 1200 or 1.2; write"),
        ("1,000 weeks", "could be 1000 or 1; write"),
        ("1.200 weeks", "could be 1200 or 1.2; write"),
        ("1,234 weeks", "could be 1234 or 1.234; write"),
        ("1.2.3 weeks", "is no number"),
        ("1,234,567 weeks", "is no number"),
        ("12", "it has no unit; its units are weeks, months, calendar months"),
        ("12 years", "'years' is not one of its units: weeks, months, calendar months"),
        ("12-18 weeks", "not one of its units"),
        ("9" * 31 + " weeks", "more than 30 digits"),
        ("not reported", "is no number"),
        ("", "is no number"),
        ("1e99 weeks", "digits"),
    ],
)
def test_what_is_no_number_with_its_unit_is_told(given: str, why: str) -> None:
    with pytest.raises(number.NoNumber, match=why):
        number.read(given, UNITS)
    assert not number.is_valid(given, UNITS)


@holds_for(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9), st.sampled_from(UNITS)
)
def test_any_number_comes_back_as_it_was(value: Any, unit: str) -> None:
    kept = number.read(f"{value} {unit}", UNITS)
    count, of = number.parts(kept)
    assert (float(count), of) == (float(value), unit)
    assert number.read(kept, UNITS) == kept


def test_a_workbook_asks_for_number_and_unit_side_by_side_and_both_come_back(numbers: Any) -> None:
    (file,) = numbers.send()
    data = write(file, START)
    sheet = load_workbook(io.BytesIO(data))["worklist"]
    heads = [cell.value for cell in sheet[1]]
    at = heads.index("length")
    assert heads[at : at + 6] == ["length", "length: unit", "waves", "waves: unit", "took_part", "share"]
    cell = sheet.cell(2, at + 2)
    assert not cell.protection.locked
    (rule,) = [one for one in sheet.data_validations.dataValidation if cell.coordinate in one.sqref]
    assert rule.type == "list"
    answers = CODES | {"length": "12", "length: unit": "Months", "waves": "6; 1", "waves: unit": "months", "took_part": "1 200"}
    back = read_workbook(filled(data, lambda row: answers | {"share": "48,5"} if row["group"] == "1" else {}))
    assert numbers.take(back).refused == ()
    said = {(row["dimension"], row["code"]) for row in numbers.logs["log.coding"]}
    assert said >= {
        ("length", "12 months"), ("waves", "6 months"), ("waves", "1 months"), ("took_part", "1200"), ("share", "48.5 %")
    }  # fmt: skip


def test_a_verifier_gets_what_was_coded_and_agrees_with_it_in_a_workbook(numbers: Any) -> None:
    for number_, waves in ((1, "6 months; 12 months"), (2, "6 weeks; 1 months")):
        one = f"c{number_}"
        numbers.papers[one] = [f"r{number_}"]
        numbers.coded(
            "ann", one, {0: {"kind": "trial", "length": "7 calendar months", "waves": waves}, 1: {"theme": "mentors"}}
        )
    files = [file for file in numbers.send() if file.task == "verification"]
    shown = {row["citation_id"]: (row["waves"], row["length"]) for file in files for row in file.rows}
    assert shown == {"c1": ("6 months; 12 months", "7 calendar months"), "c2": ("1 months; 6 weeks", "7 calendar months")}
    for file in files:
        data = filled(write(file, START), lambda row: {"verdict": "agree"} if row["kind"] else {})
        cells = [
            (row.values["waves"], row.values["waves: unit"], row.values["length"], row.values["length: unit"])
            for row in read_workbook(data).rows
            if row.values["kind"]
        ]
        assert set(cells) <= {("6; 12", "months", "7", "calendar months"), ("1 months; 6 weeks", "", "7", "calendar months")}
        assert numbers.take(read_workbook(data)).refused == ()
    assert {numbers.state("c1"), numbers.state("c2")} == {"verified"}
    assert (0, "waves", "6 weeks") in numbers.codes("c2")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"length": "12"}, "length: it has no unit"),
        ({"length": "a few weeks"}, "'a few weeks' is no number"),
        ({"length": "12 years"}, "'years' is not one of its units"),
        ({"length": "6 weeks; 12 weeks"}, "takes one number, not 2"),
        ({"length": "not reported; 12 weeks"}, "is no number"),
        ({"took_part": "12 people"}, "asked without a unit"),
        ({"took_part": "not reported"}, "is no number"),
    ],
)
def test_a_row_that_says_none_comes_back(numbers: Any, back: Any, cells: dict[str, str], why: str) -> None:
    (file,) = numbers.send()
    taken = numbers.take(back(file, CODES | cells))
    assert taken.logs == {}
    assert why in taken.refused[0].reason


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"length: unit": "months"}, "'months' is no number"),
        ({"length": "12 weeks", "length: unit": "months"}, "weeks months"),
        ({"length": "12", "length: unit": "lunar months"}, "not one of its units"),
        ({"length": "not reported", "length: unit": "months"}, "is no number"),
    ],
)
def test_a_unit_beside_that_does_not_fit_comes_back(numbers: Any, cells: dict[str, str], why: str) -> None:
    (file,) = numbers.send()
    data = filled(write(file, START), lambda row: CODES | cells if row["group"] == "1" else {})
    taken = numbers.take(read_workbook(data))
    assert taken.logs == {}
    assert why in taken.refused[0].reason


def test_two_coders_agree_in_number_and_unit_and_differ_in_either(new_world: Any) -> None:
    world = new_world({f"c{at}": [f"r{at}"] for at in range(3)})
    world.codebook = [*world.codebook, *NUMBERS]
    for one, said in (("c0", "12 months"), ("c1", "12 weeks"), ("c2", "11 months")):
        world.drawn(one, double=True)
        world.coded("ann", one, {0: {"kind": "trial", "length": "12 months"}, 1: {"theme": "mentors"}})
        world.coded("bob", one, {0: {"kind": "trial", "length": said}, 1: {"theme": "mentors"}})
    assert [world.state(f"c{at}") for at in range(3)] == ["reconciled", "awaiting_reconciliation", "awaiting_reconciliation"]
    (file,) = [one for one in world.send() if one.task == "reconciliation"]
    assert {row["citation_id"]: row["differs"] for row in file.rows} == {
        "c1": "length: 12 months | 12 weeks", "c2": "length: 12 months | 11 months"
    }  # fmt: skip


def test_not_reported_is_an_answer_and_an_empty_cell_is_none(numbers: Any, back: Any) -> None:
    (file,) = numbers.send()
    numbers.take(back(file, CODES | {"length": "Not  reported"}))
    said = [(row["dimension"], row["code"]) for row in numbers.logs["log.coding"]]
    assert ("length", "not reported") in said
    assert "took_part" not in {dimension for dimension, _ in said}


def test_a_unit_that_is_renamed_is_read_in_todays_words_in_logs_and_in_forms(numbers: Any, back: Any) -> None:
    numbers.papers["c2"] = ["r2"]
    old, *_ = numbers.send()
    numbers.coded("ann", "c1", {0: {"kind": "trial", "length": "12 weeks"}, 1: {"theme": "mentors"}})
    numbers.verified("bob", "c1", "ann")
    numbers.codebook[-4] = NUMBERS[0] | {"number": {"units": ("wk", "months")}}
    numbers.version = "3.1"
    numbers.changes = [{"to": "3.1", "units": [{"dimension": "length", "unit": "weeks", "becomes": "wk"}]}]
    assert (0, "length", "12 wk") in numbers.codes("c1")
    assert numbers.take(back(old, CODES | {"length": "3 weeks"})).refused == ()
    assert [row["code"] for row in numbers.logs["log.coding"] if row["dimension"] == "length"][-1] == "3 wk"
    book = numbers.review.codebook
    assert book.untold("3.0", "length", "12 weeks") is None
    assert book.untold("3.0", "length", "12 calendar months") == (
        "'12 calendar months' of length is no number with a unit of version 3.1"
    )


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"number": {"units": ["weeks", "Weeks"]}}, "weeks"),
        ({"number": {"units": ["12 weeks"]}}, "units"),
        ({"number": {"units": ["a; b"]}}, "units"),
        ({"number": {}, "text": True}, "just one of these"),
        ({"number": {}, "role": "theme"}, "is no number"),
        ({}, "just one of these"),
    ],
)
def test_a_number_in_the_codebook_is_no_code_no_text_and_has_units_that_can_be_told_apart(
    more: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        Dimension.model_validate({"id": "length", "label": "Length"} | more)
    assert Codebook.model_validate({"version": "1", "dimensions": [NUMBERS[0]]})


def test_a_number_that_stands_has_to_be_one_of_the_codebook(numbers: Any) -> None:
    said = {
        "length": ("12 months", "-1.5 calendar months", "12", "12 years", "months", "1,5 months", "not reported"),
        "took_part": ("1200", "1200 people", "not reported"), "share": ("48.5 %",),
    }  # fmt: skip
    rows = [
        {"review": "demo", "study_id": "c1", "group": 0, "dimension": dimension, "code": code}
        for dimension, codes in said.items()
        for code in codes
    ]
    law = Path(expectations.__file__).with_name("laws") / "code_is_in_the_codebook.sql"
    with Engine(numbers.tables() | {"staging.study_coding": table("staging.study_coding").of_rows(rows)}) as engine:
        broken = {(row["dimension"], row["code"]) for row in engine.rows(law)}
    assert broken == {
        ("length", "12"), ("length", "12 years"), ("length", "months"), ("length", "1,5 months"), ("took_part", "1200 people"),
        ("took_part", "not reported"),
    }  # fmt: skip
