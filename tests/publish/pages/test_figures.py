"""Figures draw the numbers of the marts, tell them in words and as a table, and hold nothing but shapes and text."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from tasks.publish.pages import drawing
from tasks.publish.pages.figures.figure import cut
from tasks.publish.pages.figures.releases import of_releases
from tasks.publish.pages.rendering import TEMPLATES
from tasks.publish.pages.report_page import report_page
from tests.publish.pages.reader import Element, read
from tests.publish.pages.world import Tables, World
from tests.shared import ROOT
from warehouse.review import Review

PALETTE = {
    drawing.INK,
    drawing.QUIET,
    drawing.LINE,
    drawing.PALE,
    drawing.PAPER,
    drawing.PRIMARY,
    drawing.REVIEW,
    drawing.ONGOING,
}
HOSTILE = "<script>alert(1)</script> \" ' ] [0] \u202e \x07 {{x}} " + "w" * 400


@pytest.fixture(scope="module")
def page(tables: Tables, review: Review) -> Element:
    return read(report_page(tables, review))


def figure(page: Element, name: str) -> Element:
    [found] = [one for one in page.all("figure") if one.attributes["id"] == f"figure-{name}"]
    return found


def numbers(found: Element) -> dict[str, list[str]]:
    """The table of a figure: cells by the head of the row."""
    return {row.all("th")[0].text(): [cell.text() for cell in row.all("td")] for row in found.all("tr") if row.all("td")}


def drawn(found: Element) -> set[str]:
    return {text.text() for text in found.all("svg")[0].all("text")}


def test_themes_are_drawn_by_kind(page: Element, tables: Tables) -> None:
    found = figure(page, "themes")
    for row in tables["marts.theme"].to_pylist():
        assert numbers(found)[row["label"]] == [str(row[kind]) for kind in ("studies", "reviews", "ongoing")]
        assert {row["label"], str(row["studies"]), str(row["reviews"])} <= drawn(found)


def test_years_are_those_of_the_first_dimension_in_columns(page: Element, tables: Tables, review: Review) -> None:
    dimension = review.protocol.map.views[0].columns[0]
    study = {row["study_id"]: row for row in tables["marts.study"].to_pylist() if row["mapped"]}
    wanted: dict[tuple[str, str], set[str]] = {}
    for row in tables["marts.study_code"].to_pylist():
        if row["dimension"] == dimension and study.get(row["study_id"], {}).get("kind") == "primary":
            wanted.setdefault((row["label"], str(study[row["study_id"]]["year"])), set()).add(row["study_id"])
    shown = {}
    for row in figure(page, "years").all("tr"):
        if cells := [cell.text() for cell in row.all("td")]:
            shown[row.all("th")[0].text(), cells[0]] = int(cells[1])
    assert {place: n for place, n in shown.items() if n} == {place: len(its) for place, its in wanted.items()}


def test_sets_of_sources_add_up_to_all_papers_and_studies(page: Element, tables: Tables) -> None:
    for what, total in (("citations", tables["staging.citation"].num_rows), ("studies", 41)):
        found = figure(page, f"overlap-{what}")
        assert sum(int(cells[0].replace(",", "")) for cells in numbers(found).values()) == total
        for row in tables["marts.source_yield"].to_pylist():
            alone = numbers(found).get(row["database"], ["0"])
            assert alone == [str(row[f"{what}_alone"])]
            assert str(row[what]) in drawn(found)


def test_agreement_is_drawn_with_its_interval(page: Element, world: World, review: Review) -> None:
    assert not [one for one in page.all("figure") if one.attributes["id"] == "figure-agreement"], "nobody voted"
    for n in range(40):
        world.rows["agreement_pair"].append(
            {"citation_id": f"c{n:04d}", "stage": "title_abstract", "round": 1 + n % 2, "reviewer_a": "a", "reviewer_b": "b",
             "include_a": n < 20, "include_b": n < 18, "voters": 2, "includers": (n < 20) + (n < 18)}
        )  # fmt: skip
    tables = world.tables()
    found = figure(read(report_page(tables, review)), "agreement")
    for row in tables["marts.agreement"].to_pylist():
        cells = numbers(found)[f"title and abstract, round {row['round']}"]
        assert cells == [str(row["n"]), *(f"{row[one]:.2f}" for one in ("kappa", "kappa_low", "kappa_high"))]
    assert {"title and abstract, round 1", "title and abstract, round 2", "fair", "good", "excellent"} <= drawn(found)


def history(*releases: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"number": number, "as_of": datetime(2024, number, 3), "box": box, "n": n}
        for number, boxes in enumerate(releases, start=1)
        for box, n in boxes.items()
    ]


def test_the_funnel_is_drawn_over_releases_once_there_are_two() -> None:
    first = {"identified": 900, "screened": 400, "assessed": 90, "studies": 20, "mapped": 11}
    assert of_releases(history(first)) is None
    found = of_releases(history(first, first | {"identified": 1900, "studies": 35}))
    assert found is not None
    assert found.rows[1] == (2, "3 February 2024", 1900, 400, 90, 35, 11)
    assert "from 900 to 1,900, studies included from 20 to 35" in found.says
    texts = {text.text for text in ElementTree.fromstring(found.svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"1,900", "35", "3 January 2024", "3 February 2024", "Studies included"} <= texts


def test_pictures_are_shapes_and_text_alone_and_have_a_name(page: Element) -> None:
    pictures = [one.all("svg")[0] for one in page.all("figure")]
    assert len(pictures) == 4
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert picture.all("title")[0].attributes["id"] == picture.attributes["aria-labelledby"]
        for element in picture.all():
            assert element.name in ("title", "g", "path", "rect", "line", "text", "tspan", "circle")
            assert not {"style", "class", "href", "role", "onclick"} & set(element.attributes)
    assert not [one for one in page.all() if "style" in one.attributes], "the policy of the page would not apply it"


def test_every_colour_has_one_for_the_dark(page: Element) -> None:
    styles = (TEMPLATES / "figures.css").read_text()
    used = set()
    for one in page.all("figure"):
        for element in one.all("svg")[0].all():
            used |= {element.attributes.get(name) for name in ("fill", "stroke")} - {None, "none", "transparent"}
    assert used <= PALETTE
    for colour in PALETTE:
        assert f'[fill="{colour}"]' in styles
        assert f'[stroke="{colour}"]' in styles


def test_names_that_would_do_harm_are_text(altered: Callable[..., Tables], review: Review) -> None:
    tables = altered("marts.theme", lambda row: row | {"label": HOSTILE if row["position"] == 1 else row["label"]})
    tables |= altered("marts.source_yield", lambda row: row | {"label": HOSTILE[:30] + row["label"]}) | {
        "marts.theme": tables["marts.theme"]
    }
    page = read(report_page(tables, review))
    assert not page.all("script")
    text = figure(page, "themes").all("svg")[0].text()
    assert "<script>alert(1)</script> \" ' ] [0] {{x}} ww" in text
    assert "\u202e" not in text
    assert "…" in text, "a name that is too long for the axis is cut there; the table has it whole"


def test_a_figure_is_the_same_each_time(tables: Tables, review: Review) -> None:
    spec = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    code = f"import vl_convert; print(vl_convert.vegalite_to_svg({spec}))"
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    import vl_convert

    assert again.strip() == vl_convert.vegalite_to_svg(spec).strip(), "another process draws the same bytes"
    assert report_page(tables, review) == report_page(tables, review)


def test_a_review_without_studies_has_a_report_without_pictures(world: World, review: Review) -> None:
    for rows in world.rows.values():
        rows.clear()
    assert not read(report_page(world.tables(), review)).all("figure")


def test_other_commands_do_not_load_the_library() -> None:
    loaded = "import sys, tasks.publish.release; print('vl_convert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


def test_a_label_that_is_cut_ends_so() -> None:
    assert re.fullmatch(r"w+…", cut("w" * 400, 100))
    assert cut("short", 100) == "short"
