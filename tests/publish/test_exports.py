"""Other programs get each study once, with its codes: what comes back out of the files is what the marts hold."""

from __future__ import annotations

import io
import json
from collections import defaultdict

import openpyxl
import pyarrow.parquet as pq
import pytest

from tasks.formats import eppi_reviewer, ris
from tasks.publish.exports import FORMS, NEEDED
from tests.publish.conftest import HOSTILE


@pytest.fixture(scope="module")
def exported(release, wide_review):
    tables = {name: release.path(name) for name in NEEDED}
    return {form: make(tables, wide_review) for form, (_, make) in FORMS.items()}


@pytest.fixture(scope="module")
def studies(release):
    return {row["study_id"]: row for row in pq.read_table(release.path("marts.study")).to_pylist()}


@pytest.fixture(scope="module")
def given(release):
    """Names of the codes that each study was given, by dimension."""
    found = defaultdict(set)
    for row in pq.read_table(release.path("marts.study_code")).to_pylist():
        if not row["implied"]:
            found[row["study_id"], row["dimension_label"]].add(row["label"])
    return found


def test_our_reader_of_eppi_reviewer_gets_back_the_studies_on_the_map_with_their_codes(exported, studies, given) -> None:
    data = json.loads(exported["eppi-mapper"])
    mapped = {one: row for one, row in studies.items() if row["mapped"]}
    assert [one["OldItemId"] for one in data["References"]] == list(
        dict.fromkeys(one["OldItemId"] for one in data["References"])
    )
    assert {one["OldItemId"]: one["Title"] for one in data["References"]} == {one: row["title"] for one, row in mapped.items()}
    back, counted = defaultdict(set), {}
    for texts, name, path, _ in eppi_reviewer.codes(data):
        heading = path.split("\\")[1]
        if heading == "Counted as":
            counted[texts["OldItemId"]] = name
        else:
            back[texts["OldItemId"], heading].add(name)
    texts = {label for _, label in given if label == "Summary"}
    assert texts, "a dimension of free text is no code"
    assert back == {key: codes for key, codes in given.items() if key[1] not in texts}
    assert counted == {one: row["kind_label"] for one, row in mapped.items()}


def test_an_export_for_eppi_mapper_makes_up_no_decision(exported) -> None:
    assert list(eppi_reviewer.decisions(json.loads(exported["eppi-mapper"]))) == []


def test_a_code_within_another_stands_under_it(exported) -> None:
    [code_set] = json.loads(exported["eppi-mapper"])["CodeSets"]
    headings = code_set["Attributes"]["AttributesList"]
    assert [one["AttributeName"] for one in headings][:3] == ["Counted as", "Theme", "Level"]
    assert {one["AttributeType"] for one in headings} == {"Not selectable (no checkbox)"}
    wide = headings[2]["Attributes"]["AttributesList"][-1]
    assert [one["AttributeName"] for one in wide["Attributes"]["AttributesList"]] == ["Nursery"]
    assert "release 5e1ec7ed0badcafe" in code_set["SetDescription"]
    assert "Synthetic." in code_set["SetDescription"]


def test_our_reader_of_ris_gets_back_every_study(exported, studies, given) -> None:
    parsed = ris.parse(exported["ris"])
    assert not parsed.rejected
    assert {one.accession for one in parsed.references} == set(studies)
    assert len(parsed.references) == len(studies)
    for one in parsed.references:
        row = studies[one.accession]
        assert one.title == (" ".join(row["title"].replace("\0", "").split()) or None)
        assert (one.year, one.doi, one.journal) == (row["year"], row["doi"], row["journal"])
        assert one.abstract is None
        codes = {word.split(": ", 1)[1] for word in one.keywords if word.startswith("Level: ")}
        assert codes == given.get((one.accession, "Level"), set())
    noticed = {one.accession for one in parsed.references if "retracted: 10.1000/x" in one.notices}
    assert noticed == {one for one, row in studies.items() if row["notices"]}


@pytest.mark.fault(54)
def test_a_workbook_has_one_row_a_study_and_no_formula(exported, studies, given) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported["xlsx"]))
    head, *rows = book["studies"].iter_rows()
    columns = [cell.value for cell in head]
    assert columns[:6] == ["study", "reference", "kind", "coding", "title", "authors"]
    assert [row[0].value for row in rows] == list(dict.fromkeys(row[0].value for row in rows))
    assert {row[0].value for row in rows} == set(studies)
    for row in rows:
        assert all(cell.data_type in ("s", "n", "inlineStr") and cell.hyperlink is None for cell in row)
        told = dict(zip(columns, (cell.value for cell in row), strict=True))
        assert set((told["Level"] or "").split("; ")) - {""} == given.get((told["study"], "Level"), set())
        assert told["kind"] == studies[told["study"]]["kind_label"]
        assert "abstract" not in columns
    titles = {row[columns.index("title")].value for row in rows}
    assert {title for title in HOSTILE if "\0" not in title} - titles == {"<r>bold</r>"}, "and that with a space after it"
    assert "<r>bold</r> " in titles
    about = [row[0] for row in book["about"].iter_rows(values_only=True)]
    assert any(line.startswith("Synthetic.") for line in about)
    assert "Licence: CC0-1.0." in about


@pytest.mark.parametrize("form", FORMS)
def test_the_same_release_gives_the_same_bytes_whatever_the_order_of_its_rows(form, release, wide_review, exported) -> None:
    tables = {name: pq.read_table(release.path(name)) for name in NEEDED}
    shuffled = {name: data.take(list(reversed(range(data.num_rows)))) for name, data in tables.items()}
    assert FORMS[form][1](shuffled, wide_review) == exported[form]
