"""Framework matrices: what people coded, with their quotes, a workbook for each theme."""

from __future__ import annotations

import io

import openpyxl
import pytest

from flows.faults import BadInput
from flows.matrix import matrices
from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, agreeable, work

QUOTE = '=HYPERLINK("http://x.example") قالت الأم'


def quoting(task, reviewer, row):
    said = agreeable(task, reviewer, row)
    return said | {"quote": QUOTE, "page": "4-5"} if task == "coding" else said


def cells(path):
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return [[cell.value for cell in row] for row in book["matrix"].iter_rows()], book


def test_each_theme_has_its_studies_with_codes_and_quotes_which_are_the_teams_alone(begun, direct):
    review, root = begun
    assert matrices(review, root) == []
    work(review, root, quoting)
    live = refresh(review, root, FEBRUARY)
    made = matrices(review, root)
    assert [(path.name, n) for path, n in made] == [("first.xlsx", 13), ("second.xlsx", 1)]
    assert {path.parent for path, _ in made} == {root / review.name / "synthesis"}
    (head, kinship), book = cells(made[1][0])
    assert head[:3] == ["study", "reference", "title"]
    said = dict(zip(head, kinship, strict=True))
    assert said["title"] == "Kinship placements in coastal towns: an invented study"
    assert said["Outcome"] == f"One outcome\n“{QUOTE}” (p. 4-5)"
    assert all(cell.data_type in ("s", "n") for row in book["matrix"].iter_rows() for cell in row), "no formula"
    assert live.release in book["guide"]["A1"].value
    before = [path.read_bytes() for path, _ in made]
    matrices(review, root)
    assert [path.read_bytes() for path, _ in made] == before
    pages = [path for path in live.folder.rglob("*") if path.suffix in (".html", ".svg", ".csv")]
    assert pages
    assert not [path for path in pages if "قالت" in path.read_text()]


def test_without_a_release_it_says_what_to_do(tmp_path):
    from tests.flows.small import make_review

    review = make_review(tmp_path / "small")
    with pytest.raises(BadInput, match="no release yet; evimap refresh"):
        matrices(review, tmp_path / "data")
