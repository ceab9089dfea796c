"""Whatever dimensions a reader puts on rows and columns, the numbers are those of the warehouse."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tasks.publish.pages.map_page import map_page
from tests.publish.pages.browsing import ABSENT, WHY
from tests.publish.pages.frame import a_review
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
    return a_review(views=tuple(two))


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
