"""Whatever dimensions a reader puts on rows and columns, the numbers are those of the warehouse."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from tasks.publish.pages.map_page import map_page
from tests.publish.pages.browsing import ABSENT, WHY
from tests.publish.pages.frame import EMMIE, LEVELS, THEMES, a_review
from tests.publish.pages.world import Tables, World
from warehouse.configuration.protocol import View
from warehouse.engine import Engine
from warehouse.review import Review

pytestmark = pytest.mark.skipif(ABSENT, reason=WHY)

# Two codes hold together if they are of one group, or one of them is of the study as a whole.
PAIRS = """
    SELECT one.code AS row, two.code AS "column", study.kind, count(DISTINCT study_id) AS n
    FROM marts.study_code AS one
    JOIN marts.study_code AS two USING (study_id)
    JOIN marts.study AS study USING (study_id)
    WHERE one.dimension = $rows AND two.dimension = $columns
        AND (one."group" = two."group" OR one."group" = 0 OR two."group" = 0)
    GROUP BY ALL
"""
YEARS = """
    SELECT study_code.code AS row, study.year - study.year % 5 AS "column", study.kind, count(DISTINCT study_id) AS n
    FROM marts.study_code AS study_code
    JOIN marts.study AS study USING (study_id)
    WHERE study_code.dimension = $rows
    GROUP BY ALL
"""
READ = """async hash => {
    location.hash = hash;
    await new Promise(done => addEventListener("hashchange", done, { once: true }));
    const kinds = { primary: /^\\D*([\\d,]+) primary/, review: /([\\d,]+) review/, ongoing: /([\\d,]+) ongoing/ };
    return [...document.querySelectorAll("#table tbody .cell:not(.total)")].map(cell => {
        const said = cell.ariaLabel.split(":")[0];
        const shown = Object.entries(kinds).map(([kind, form]) => [kind, Number(said.match(form)?.[1] ?? 0)]);
        return [cell.dataset.key, Object.fromEntries(shown), Number(cell.querySelector(".n").textContent), cell.className];
    });
}"""


def pairs(review: Review) -> list[tuple[str, str]]:
    coded = [dimension.id for dimension in review.codebook.dimensions if not dimension.text]
    return list(combinations(coded, 2))


@pytest.fixture(scope="module")
def every_pair() -> Review:
    """A review whose protocol has a view for each pair of dimensions."""
    two = [View(id=f"{row}-{column}", title="A pair", rows=(row,), columns=(column,)) for row, column in pairs(a_review())]
    three = View(id="three", title="Three", rows=("level", "theme"), columns=("emmie",))
    return a_review(views=(*two, three))


@pytest.fixture(scope="module")
def world_of_pairs(every_pair: Review) -> Tables:
    return World(every_pair).tables()


@pytest.fixture(scope="module")
def opened(browser: Any, every_pair: Review, world_of_pairs: Tables, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("pairs") / "map.html"
    path.write_text(map_page(world_of_pairs, every_pair), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


def read(page: Any, rows: str, columns: str) -> dict[str, tuple[dict[str, int], str]]:
    """What the cells say by kind, and their classes; the number that is shown is that of primary studies."""
    page.goto(page.url.split("#")[0])
    shown = page.evaluate(READ, f"Rows={rows}&Columns={columns}")
    assert all(kinds["primary"] == number for _, kinds, number, _ in shown)
    return {key: (kinds, classes) for key, kinds, _, classes in shown}


@pytest.fixture(scope="module")
def shown(opened: Any, every_pair: Review) -> dict[tuple[str, str], dict[str, tuple[dict[str, int], str]]]:
    return {(row, column): read(opened, row, column) for row, column in pairs(every_pair)}


def counted(tables: Tables, sql: str, **values: str) -> dict[tuple[str, Any], dict[str, int]]:
    with Engine({name: tables[name] for name in ("marts.study", "marts.study_code")}) as engine:
        found: dict[tuple[str, Any], dict[str, int]] = {}
        for row in engine.rows(sql, **values):
            found.setdefault((row["row"], row["column"]), {"primary": 0, "review": 0, "ongoing": 0})[row["kind"]] = row["n"]
        return found


def test_every_pair_is_the_mart(shown: Any, world_of_pairs: Tables) -> None:
    mart = world_of_pairs["marts.evidence_map"].to_pylist()
    for (row, column), cells in shown.items():
        rows = [one for one in mart if one["view"] == f"{row}-{column}"]
        assert len(cells) == len(rows)
        for one in rows:
            kinds, classes = cells[f"{one['code_1']}/{one['code_2']}"]
            assert kinds == {"primary": one["studies"], "review": one["reviews"], "ongoing": one["ongoing"]}, one
            assert (one["empty"] or "cell") in classes.split()


def test_every_pair_is_a_count_over_the_codes(shown: Any, world_of_pairs: Tables) -> None:
    none = {"primary": 0, "review": 0, "ongoing": 0}
    for (row, column), cells in shown.items():
        found = counted(world_of_pairs, PAIRS, rows=row, columns=column)
        for key, (kinds, _) in cells.items():
            assert kinds == found.get(tuple(key.split("/")), none), (row, column, key)


def test_years_stand_in_bands(opened: Any, world_of_pairs: Tables) -> None:
    found = counted(world_of_pairs, YEARS, rows="theme")
    cells = read(opened, "theme", "Year")
    assert sum(kinds["primary"] for kinds, _ in cells.values()) == sum(kinds["primary"] for kinds in found.values()) > 0
    for key, (kinds, _) in cells.items():
        theme, band = key.split("/")
        assert kinds == found.get((theme, int(band.split("–")[0])), {"primary": 0, "review": 0, "ongoing": 0})


def test_segments_are_a_count_within_the_cell(opened: Any, world_of_pairs: Tables) -> None:
    mart = {
        (row["code_1"], row["code_2"], row["code_3"]): row["studies"]
        for row in world_of_pairs["marts.evidence_map"].to_pylist()
        if row["view"] == "three"
    }
    opened.goto(opened.url.split("#")[0])
    opened.evaluate(READ, "Rows=level&Columns=theme&Style=segments&Parts=emmie")
    cells = (
        "cells => cells.map(cell => [cell.dataset.key, cell.ariaLabel, cell.querySelectorAll('.bar-of-parts .part').length])"
    )
    shown = opened.eval_on_selector_all("#table tbody .cell:not(.total)", cells)
    assert len(shown) == len(LEVELS) * len(THEMES)
    for key, said, parts in shown:
        wanted = {label: mart[(*key.split("/"), code)] for code, label in EMMIE.items() if mart[(*key.split("/"), code)]}
        assert {label: int(n) for label, n in re.findall(r"(?<=; )([^;:]+): (\d+)", said) if label in EMMIE.values()} == wanted
        assert parts == len(wanted)
    assert any(parts > 2 for _, _, parts in shown)


def test_a_folded_head_counts_distinct_studies(page: Any, world_of_pairs: Tables) -> None:
    page.click("#table .fold[data-fold='/entry']")
    assert page.evaluate("location.hash") == "#Fold=/entry"
    assert page.get_attribute("#table .fold[data-fold='/entry']", "aria-expanded") == "false"
    assert page.evaluate("document.activeElement.dataset.fold") == "/entry"
    shown = page.eval_on_selector_all("#table tbody .cell", "cells => cells.map(cell => [cell.dataset.key, cell.innerText])")
    assert len(shown) == len(LEVELS) * (1 + 5 + 5 + 1)
    mart = [row for row in world_of_pairs["marts.evidence_map"].to_pylist() if row["view"] == "level-outcome"]
    counts = {f"{row['code_1']}/{row['code_2']}": row["studies"] for row in mart}
    folded = {key: int(text.split()[0].rstrip("†")) for key, text in shown if key.endswith("/entry")}
    assert folded == {key: n for key, n in counts.items() if key.endswith("/entry")}
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == ""


NARROW = {"mentors": "worker-practice", "supervision": "worker-practice", "family-finances": "system-structure"}


@pytest.fixture(scope="module")
def nested() -> Review:
    """A review in whose codebook some themes are within others."""
    review = a_review(views=(View(id="level-theme", title="Levels and themes", rows=("theme",), columns=("level",)),))
    [theme] = [one for one in review.codebook.dimensions if one.id == "theme"]
    wide = [code for code in theme.codes if code.id not in NARROW]
    codes = [
        one
        for code in wide
        for one in (
            code,
            *(more.model_copy(update={"within": code.id}) for more in theme.codes if NARROW.get(more.id) == code.id),
        )
    ]
    dimensions = tuple(
        one.model_copy(update={"codes": tuple(codes)}) if one is theme else one for one in review.codebook.dimensions
    )
    return replace(review, codebook=review.codebook.model_copy(update={"dimensions": dimensions}))


@pytest.mark.parametrize("complete", [True, False])
def test_codes_within_others_fold(browser: Any, nested: Review, tmp_path: Any, complete: bool) -> None:
    world = World(nested)
    for row in world.rows["study_extraction"] if complete else ():
        row |= {"state": "verified", "settled": True}
    tables = world.tables()
    (tmp_path / "map.html").write_text(map_page(tables, nested), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "map.html").as_uri())
    cells = page.evaluate(READ, "Style=numbers")
    mart = sorted(tables["marts.evidence_map"].to_pylist(), key=lambda row: row["cell"])
    assert [key for key, *_ in cells] == [f"{row['code_1']}/{row['code_2']}" for row in mart]
    for (_, kinds, _, classes), row in zip(cells, mart, strict=True):
        assert kinds == {"primary": row["studies"], "review": row["reviews"], "ongoing": row["ongoing"]}
        assert (row["empty"] or "cell") in classes.split()
    assert ("not_specified" in {row["empty"] for row in mart}) == complete
    page.click("#table .fold[data-fold='worker-practice/']")
    keys = page.eval_on_selector_all("#table tbody .total", "cells => cells.map(cell => cell.dataset.key)")
    assert "worker-practice/" in keys
    assert not {"mentors/", "supervision/"} & set(keys)
    assert page.evaluate("location.hash") == "#Style=numbers&Fold=worker-practice/"
    page.click("#filters summary")
    page.check("input[name=theme][value=mentors]")
    keys = page.eval_on_selector_all("#table tbody .total", "cells => cells.map(cell => cell.dataset.key)")
    assert keys == ["mentors/"], "a wider code that the filter leaves out closes nothing"
    page.close()


def test_a_reader_chooses_rows_and_columns(page: Any) -> None:
    selects = "selects => selects.map(select => [select.name, select.selectedOptions[0].textContent])"
    page.select_option("[name=Rows1]", label="Design")
    assert page.evaluate("location.hash") == "#Rows=design&Columns=outcome.emmie"
    assert page.inner_text("#table thead td") == "Design"
    assert page.locator("input[name=View]:checked").count() == 0
    page.select_option("[name=Columns1]", label="Design")  # it changes places with what stood there
    assert page.evaluate("location.hash") == "#Rows=outcome&Columns=design.emmie"
    page.select_option("[name=Rows2]", label="Year of publication")
    assert page.evaluate("location.hash") == "#Rows=outcome.Year&Columns=design.emmie"
    assert page.eval_on_selector_all("#axes select", selects) == [
        ["Rows1", "Outcome"],
        ["Rows2", "Year of publication"],
        ["Columns1", "Design"],
        ["Columns2", "Type of evidence (EMMIE)"],
    ]
    page.select_option("[name=Rows2]", label="– leave out –")
    page.select_option("[name=Rows1]", label="Level")
    page.select_option("[name=Columns1]", label="Outcome")
    assert page.evaluate("location.hash") == ""  # the protocol's first view
    assert page.is_checked("input[name=View][value=level-outcome]")


@pytest.mark.parametrize("hash_", ["Rows=level&Columns=level", "Rows=nothing&Columns=theme", "Rows=level", "Columns=.&Rows=."])
def test_an_address_of_other_axes_is_no_error(page: Any, address: str, hash_: str) -> None:
    page.goto("about:blank")
    page.requests.clear()
    page.goto(f"{address}#{hash_}")
    assert page.is_checked("input[name=View][value=level-outcome]")
