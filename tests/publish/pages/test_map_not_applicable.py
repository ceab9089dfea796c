"""Cells whose codes do not go together: no gap, a sign of their own, and the reason for everybody, without the script too."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.publish.pages.map_page import map_page
from tests.publish.pages.browsing import ABSENT, REQUIRED, WHY
from tests.publish.pages.frame import MODEL_VIEWS, a_review
from tests.publish.pages.reader import Element, read
from tests.publish.pages.test_accessibility import DESK, PHONE, violations
from tests.publish.pages.test_map_print import WITHOUT, printed
from tests.publish.pages.world import Tables, World
from warehouse.configuration.protocol import View
from warehouse.review import Review

needs_chromium = pytest.mark.skipif(ABSENT, reason=WHY)

SUPERVISED = "By definition <b>supervision</b> acts on the organisation & nobody else"
NEVER = (
    {"theme": "supervision", "level": "family", "why": f"{SUPERVISED}."},
    {"theme": "worker-practice", "outcome": "re-entry", "emmie": "economic", "why": "Invented."},
    {"level": "community", "design": "rct", "why": "Communities are not drawn by lot"},
    {"level": "organisation", "theme": "skills-training", "why": "There are such studies all the same"},
)
VIEWS = (
    *MODEL_VIEWS,
    View(id="design-level", title="Designs and levels", rows=("design",), columns=("level",)),
    View(id="all-four", title="All", rows=("level", "theme"), columns=("outcome", "emmie")),
)
CELLS = """cells => cells.map(cell => [cell.dataset.key, {
    text: cell.innerText.replace(/\\s+/g, " ").trim(), name: cell.ariaLabel, classes: [...cell.classList],
}])"""


def with_mentors_within_practice(review: Review) -> Review:
    """What is said of a wider theme is said of those within it."""
    [theme] = [one for one in review.codebook.dimensions if one.id == "theme"]
    codes = [code for code in theme.codes if code.id != "mentors"]
    [mentors] = [code.model_copy(update={"within": "worker-practice"}) for code in theme.codes if code.id == "mentors"]
    codes.insert([code.id for code in codes].index("worker-practice") + 1, mentors)
    changed = theme.model_copy(update={"codes": tuple(codes)})
    dimensions = tuple(changed if one is theme else one for one in review.codebook.dimensions)
    return replace(review, codebook=review.codebook.model_copy(update={"dimensions": dimensions}))


@pytest.fixture(scope="module")
def review() -> Review:
    return with_mentors_within_practice(a_review(views=VIEWS, never=NEVER))


@pytest.fixture(scope="module")
def tables(review: Review) -> Tables:
    return World(review).tables()


@pytest.fixture(scope="module")
def mart(tables: Tables) -> list[dict[str, Any]]:
    rows = tables["marts.evidence_map"].to_pylist()
    declared = [row for row in rows if row["not_applicable"]]
    assert {row["not_applicable"].rstrip(".") for row in declared} == {one["why"].rstrip(".") for one in NEVER}
    assert any(row["studies"] for row in declared)
    assert any("mentors" in (row["code_1"], row["code_2"]) for row in declared if row["empty"] == "not_applicable")
    return rows


@pytest.fixture(scope="module")
def address(tables: Tables, review: Review, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("release") / "map.html"
    path.write_text(map_page(tables, review), encoding="utf-8")
    return path.as_uri()


def of_view(rows: list[dict[str, Any]], view: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["view"] == view]


def key_of(row: dict[str, Any]) -> str:
    [view] = [one for one in VIEWS if one.id == row["view"]]
    codes = [row[f"code_{n}"] for n in range(1, 5) if row[f"code_{n}"]]
    return f"{'.'.join(codes[: len(view.rows)])}/{'.'.join(codes[len(view.rows) :])}"


def cells_of(section: Element) -> list[Element]:
    rows = section.all("tbody")[0].all("tr")
    return [cell for row in rows for cell in row.all("td") if not {"total", "group-rest"} & set(classes(cell))]


def classes(cell: Element) -> list[str]:
    return (cell.attributes.get("class") or "").split()


def test_without_a_script_each_such_cell_leads_to_its_reason(
    tables: Tables, review: Review, mart: list[dict[str, Any]]
) -> None:
    page = read(map_page(tables, review))
    gaps = Counter((row["view"], row["kind"]) for row in tables["marts.gap"].to_pylist())
    for view in VIEWS:
        [section] = page.all("section", data_view=view.id)
        for cell, row in zip(cells_of(section), of_view(mart, view.id), strict=True):
            said = row["empty"] == "not_applicable"
            assert ("not_applicable" in classes(cell)) == said
            assert (cell.text() == "n/a") == said
            if said:
                [link] = cell.all("a")
                [reason] = section.all("li", id=(link.attributes["href"] or "").removeprefix("#"))
                assert reason.text().endswith(f": {row['not_applicable'].rstrip('.')}")
        text = section.text()
        assert f"Gaps: {gaps[view.id, 'absolute']} cells without any study, {gaps[view.id, 'synthesis']} with" in text
        told = {row["not_applicable"] for row in of_view(mart, view.id) if row["empty"] == "not_applicable"}
        assert ("n/a: not applicable, and no gap" in text) == bool(told)
        assert {one["why"] for one in NEVER if one["why"].rstrip(".") in text} == told
    assert not page.all("b", class_="supervision")
    assert "where it says n/a, nothing can be" in page.all("section", id="about")[0].text()


def test_a_review_that_declares_nothing_says_nothing_of_it(tables: Tables) -> None:
    assert "n/a" not in read(map_page(World(a_review()).tables(), a_review())).all("section", id="map")[0].text()


def shown(page: Any, hash_: str) -> dict[str, dict[str, Any]]:
    page.goto("about:blank")
    page.goto(hash_)
    return dict(page.eval_on_selector_all("#table tbody .cell:not(.total)", CELLS))


@needs_chromium
def test_with_the_script_each_view_is_the_mart(page: Any, address: str, mart: list[dict[str, Any]]) -> None:
    for view in VIEWS:
        cells = shown(page, f"{address}#View={view.id}&Style=numbers")
        rows = {key_of(row): row for row in of_view(mart, view.id)}
        assert cells.keys() == rows.keys()
        for key, cell in cells.items():
            row = rows[key]
            said = row["empty"] == "not_applicable"
            assert (row["empty"] or "cell") in cell["classes"]
            assert ("n/a" in cell["text"]) == said
            assert (f"not applicable, and no gap: {(row['not_applicable'] or '').rstrip('.')}: " in cell["name"]) == said
            if row["studies"]:
                assert cell["text"].split()[0].rstrip("†") == str(row["studies"])
        key = page.inner_text("#key")
        told = {row["not_applicable"] for row in rows.values() if row["empty"] == "not_applicable"}
        assert {one["why"] for one in NEVER if one["why"].rstrip(".") in key} == told
        assert f"Gaps: {sum(row['empty'] not in (None, 'not_applicable') for row in rows.values())} cells" in key


@needs_chromium
@pytest.mark.parametrize(
    ("axes", "wanted"),
    [
        ("Rows=theme&Columns=level", {"supervision/family"}),
        ("Rows=theme.emmie&Columns=outcome", {"worker-practice.economic/re-entry", "mentors.economic/re-entry"}),
        ("Rows=kind&Columns=theme.level", {f"{kind}/supervision.family" for kind in ("primary", "review")}),
        ("Rows=theme&Columns=kind", set()),
        ("Rows=level.theme&Columns=kind&Fold=family/", set()),
        ("Rows=theme&Columns=level.kind&Fold=/family", {"supervision/family"}),
    ],
)
def test_whatever_is_on_rows_and_columns(page: Any, address: str, axes: str, wanted: set[str]) -> None:
    cells = shown(page, f"{address}#{axes}")
    assert {key for key, cell in cells.items() if cell["text"] == "n/a"} >= wanted
    other = {key for key, cell in cells.items() if cell["text"] == "n/a"} - wanted
    assert all("organisation" in key and "skills-training" in key for key in other)  # cells of that pair without a study


@needs_chromium
def test_the_script_says_what_the_page_says_without_it(page: Any, browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(address)
    page.goto(f"{address}#View=level-theme")
    read_all = "cells => cells.map(cell => cell.textContent.replace(/\\s+/g, ''))"
    for part in ("thead > tr > *", "tr > th", "tr > td"):
        assert page.eval_on_selector_all(f"#table {part}", read_all) == bare.eval_on_selector_all(
            f".view[data-view=level-theme] {part}", read_all
        )
    bare.focus(".not_applicable a")
    bare.keyboard.press("Enter")
    assert bare.evaluate("document.querySelector(':target').innerText").endswith(SUPERVISED)
    context.close()


@needs_chromium
def test_the_keyboard_leads_to_the_reason(page: Any, address: str) -> None:
    page.goto(f"{address}#View=level-theme")
    page.focus("[data-key='family/supervision']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "studies-heading"
    assert page.inner_text("#studies-heading") == "No studies: Family; Supervision of social workers"
    assert page.inner_text("#nothing") == f"Not applicable, and no gap: {SUPERVISED}."
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.ariaLabel") == (
        f"no studies; not applicable, and no gap: {SUPERVISED}: Family; Supervision of social workers"
    )


@needs_chromium
@pytest.mark.skipif(not shutil.which("pdftotext") and not REQUIRED, reason=WITHOUT)
def test_paper_has_the_reason(page: Any, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}#View=level-theme")
    page.wait_for_selector("[data-key='family/supervision']")
    told = " ".join(" ".join(printed(page, tmp_path)).split())
    assert f"n/a, Supervision of social workers; Family: {SUPERVISED}" in told


@needs_chromium
@pytest.mark.parametrize(
    ("size", "state"),
    [
        (DESK, "View=level-theme&Style=heat&Cell=family/supervision"),
        (DESK, "View=level-theme&Style=segments"),
        (PHONE, "View=level-theme"),
    ],
)
def test_it_shuts_nobody_out(browser: Any, address: str, size: Any, state: str) -> None:
    assert violations(browser, f"{address}#{state}", [size]) == []


@needs_chromium
def test_it_shuts_nobody_out_without_the_script(browser: Any, tables: Tables, review: Review, tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    bare.write_text(re.sub(r"<script>.*?</script>", "", map_page(tables, review), flags=re.S), encoding="utf-8")
    assert violations(browser, bare.as_uri(), [DESK]) == []
