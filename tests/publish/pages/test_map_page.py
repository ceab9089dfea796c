"""The map page says what the marts say, in a file that asks nobody for anything."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tasks.publish.pages.counting import count, groups_of
from tasks.publish.pages.map_page import map_page
from tests.publish.pages.frame import SYNTHETIC, VIEWS, a_review
from tests.publish.pages.reader import Element, read
from tests.publish.pages.world import Tables, World
from warehouse.review import Review
from warehouse.tables.catalogue import table


@pytest.fixture(scope="module")
def page(tables: Tables, review: Review) -> Element:
    return read(map_page(tables, review))


def shown(cell: Element) -> dict[str, int]:
    """The numbers of a cell by kind, as they are written in it."""
    numbers = {"studies": int(str(cell.children[0]).strip().rstrip("†").replace(",", "")), "reviews": 0, "ongoing": 0}
    for more in cell.all("small"):
        n, _, kind = more.text().partition(" ")
        if n not in ("none", "no"):  # words for gaps
            numbers["ongoing" if kind == "ongoing" else "reviews"] = int(n.lstrip("+"))
    return numbers


def data_of(page: str) -> dict[str, Any]:
    """What the script of the page counts from."""
    [data] = read(page).all("script", id="data")
    said: dict[str, Any] = json.loads(data.text())
    return said


def view_of(page: Element, view: str) -> Element:
    [section] = page.all("section", data_view=view)
    return section


def lines(section: Element) -> list[list[Element]]:
    """The cells of each line of the table, its total at the end; a head of lines has a total alone."""
    found = [row.all("td") for row in section.all("tbody")[0].all("tr")]
    return [[cell for cell in row if "group-rest" not in (cell.attributes.get("class") or "")] for row in found]


def test_every_cell_of_every_view_is_the_mart(page: Element, tables: Tables) -> None:
    for view in VIEWS:
        cells = [cell for line in lines(view_of(page, view.id)) for cell in line[:-1]]
        rows = [row for row in tables["marts.evidence_map"].to_pylist() if row["view"] == view.id]
        for cell, row in zip(cells, sorted(rows, key=lambda row: row["cell"]), strict=True):
            assert shown(cell) == {kind: row[kind] for kind in ("studies", "reviews", "ongoing")}, row
            assert ("none" in cell.text()) == (row["empty"] is not None)
            assert ("no review" in cell.text()) == (row["studies"] > 0 and row["reviews"] == 0)
            assert ("†" in cell.text()) == (row["ungrouped"] > 0)


def test_a_cell_whose_studies_are_of_no_stated_kind_is_not_empty(world: World, review: Review) -> None:
    world.rows["study_coding"] = [row for row in world.rows["study_coding"] if row["dimension"] != "kind"]
    tables = world.tables()
    outcome = {row["study_id"] for row in tables["marts.study_code"].to_pylist() if row["code"] == "reunification"}
    wanted = [row for row in tables["marts.study"].to_pylist() if row["study_id"] in outcome and row["kind"] is None]
    within = [cell for line in lines(view_of(read(map_page(tables, review)), "plain-pair")) for cell in line[:-1]]
    assert wanted
    assert any("of no stated kind" in cell.text() for cell in within)


def test_counting_follows_the_rule_of_the_mart(tables: Tables) -> None:
    kinds = {row["study_id"]: row["kind"] for row in tables["marts.study"].to_pylist() if row["mapped"]}
    groups = groups_of(tables["marts.study_code"].to_pylist())
    for view in VIEWS:
        counts = count(view, groups, kinds)
        for row in tables["marts.evidence_map"].to_pylist():
            if row["view"] == view.id:
                codes = tuple(row[f"code_{n}"] for n in range(1, 5) if row[f"code_{n}"])
                one = counts.get((codes[: len(view.rows)], codes[len(view.rows) :]))
                got = (one.primary, one.review, one.ongoing) if one else (0, 0, 0)
                assert got == (row["studies"], row["reviews"], row["ongoing"])


def test_a_total_counts_a_study_once(page: Element, tables: Tables) -> None:
    kinds = {row["study_id"]: row["kind"] for row in tables["marts.study"].to_pylist() if row["mapped"]}
    placed = {
        row["study_id"]
        for row in tables["marts.study_code"].to_pylist()
        if row["dimension"] == "level" and row["code"] == "family" and kinds[row["study_id"]] == "primary"
    }
    [heads] = [row for row in view_of(page, "level-theme").all("tbody")[0].all("tr") if row.all("th")[0].text() == "Family"]
    *cells, total = heads.all("td")
    assert shown(total)["studies"] == len(placed) <= sum(shown(cell)["studies"] for cell in cells)


def test_heads_span_what_is_below_them(page: Element) -> None:
    section = view_of(page, "all-four")
    outer, inner = section.all("thead")[0].all("tr")
    assert [head.attributes.get("colspan") for head in outer.all("th", scope="colgroup")] == ["5", "5", "5"]
    assert len(inner.all("th", scope="col")) == 15
    assert len(section.all("th", scope="rowgroup")) == 5
    assert len(section.all("tbody")[0].all("th", scope="row")) == 45


def test_a_gap_says_whether_all_is_coded(world: World, review: Review) -> None:
    assert "none yet" in read(map_page(world.tables(), review)).all("table")[0].text()
    for row in world.rows["study_extraction"]:
        row |= {"state": "verified", "settled": True}
    text = read(map_page(world.tables(), review)).all("table")[0].text()
    assert "none" in text
    assert "none yet" not in text


def test_all_is_coded_only_where_no_study_waits_for_its_coding(world: World, review: Review) -> None:
    """A review whose cells are all filled may still have studies that nobody has coded."""
    for row in world.rows["study_extraction"]:
        row |= {"state": "verified", "settled": True}
    assert data_of(map_page(world.tables(), review))["complete"]
    world.rows["study_extraction"][0] |= {"state": "coded_once", "settled": False}
    tables = world.tables()
    full = [row | {"empty": None} for row in tables["marts.evidence_map"].to_pylist()]
    said = data_of(map_page(tables | {"marts.evidence_map": table("marts.evidence_map").of_rows(full)}, review))
    assert (said["uncoded"], said["complete"]) == (1, False)


def test_headline_numbers_and_what_waits(page: Element, tables: Tables) -> None:
    text = " ".join(page.all("ul", class_="headline")[0].text().split())
    number = {row["box"]: 0 for row in tables["marts.prisma_flow"].to_pylist()}
    for row in tables["marts.prisma_flow"].to_pylist():
        number[row["box"]] += 0 if row["detail"] else row["n"]
    assert f"{number['studies']} studies included" in text
    assert f"{number['mapped']} of them on the map" in text
    waits = page.all("p", class_="waits")[0].text()
    assert f"{number['awaiting_screening']} records await screening" in waits
    assert f"{number['awaiting_coding']} included studies await coding" in waits


def test_themes_and_their_readiness(page: Element, tables: Tables) -> None:
    rows = page.all("table", class_="themes")[0].all("tbody")[0].all("tr")
    reasons = {row["theme"]: row["reason"] for row in tables["marts.synthesis_readiness"].to_pylist()}
    themes = sorted(tables["marts.theme"].to_pylist(), key=lambda row: row["position"])
    for row, theme in zip(rows, themes, strict=True):
        assert row.all("th")[0].text() == theme["label"]
        assert [int(cell.text()) for cell in row.all("td", class_="n")] == [
            theme["studies"],
            theme["reviews"],
            theme["ongoing"],
        ]
        assert reasons[theme["theme"]] in row.text()


def test_each_source_tells_its_latest_search(tables: Tables, review: Review) -> None:
    later = tables["staging.search"].to_pylist()[0] | {"search_id": "again", "searched_on": date(2019, 2, 1)}
    searches = [row for row in tables["staging.search"].to_pylist() if row["source_id"] != "experts"]
    page = map_page(tables | {"staging.search": table("staging.search").of_rows([*searches, later])}, review)
    text = read(page).all("section", id="found")[0].all("table")[0].text()
    assert "1 February 2019" in text
    assert "not searched yet" in text


def test_the_headline_date_is_that_of_the_oldest_source(page: Element, tables: Tables, review: Review) -> None:
    headline = " ".join(page.all("ul", class_="headline")[0].text().split())
    # not "and screened": some records wait for it
    assert headline.startswith("3 May 2018 searched to: the oldest of 4 sources")
    one = [row for row in tables["staging.search"].to_pylist() if row["source_id"] == "assia"]
    text = read(map_page(tables | {"staging.search": table("staging.search").of_rows(one)}, review)).text()
    assert "4 May 2018 searched to: the oldest of 1 source; 3 were not searched yet" in " ".join(text.split())


@pytest.mark.parametrize(("every", "due"), [(0, False), (181, True), (182, False), (30, True)])
def test_a_source_that_is_overdue_is_named(tables: Tables, review: Review, every: int, due: bool) -> None:
    first, *rest = review.protocol.sources  # searched on 3 May 2018; the release is as of 1 November, 182 days later
    protocol = review.protocol.model_copy(update={"sources": (first.model_copy(update={"every_days": every}), *rest)})
    page = read(map_page(tables, replace(review, protocol=protocol)))
    said = " ".join(page.all("header")[0].text().split())
    assert ("Due to be searched again: PsycINFO." in said) == due
    [row] = [row for row in page.all("section", id="found")[0].all("tr") if "PsycINFO" in row.text()]
    assert (f"overdue: to be searched every {every} days" in row.text()) == due


def test_the_reviews_own_cautions_are_shown(tables: Tables) -> None:
    said = "Fewer children in care is not by itself good."
    assert said in read(map_page(tables, a_review(cautions=(said,)))).all("section", id="about")[0].text()


@pytest.mark.parametrize("allowed", [True, False])
def test_abstracts_are_shown_where_the_protocol_says_so(tables: Tables, allowed: bool) -> None:
    page = map_page(tables, a_review(abstracts=allowed))
    assert ("ABSTRACT-OF-A-DATABASE" in page) == allowed
    assert "HEADING-OF-A-DATABASE" not in page
    assert bool(read(page).all("ol", id="list")[0].all("details")) == allowed


def test_about_says_what_a_citation_needs(page: Element) -> None:
    text = page.all("section", id="about")[0].text()
    for said in ("scoping review", "Websites were added.", "5e1ec7ed0badcafe", "1 November 2018", "CC0-1.0", "0.1.0", "1.2",
                 "maps@northmoor.example", "The invented review", "not what it found"):  # fmt: skip
        assert said in text


def test_what_a_review_leaves_unsaid_is_no_error(tables: Tables, unsaid: Review) -> None:
    assert "not stated" in map_page(tables, unsaid)


def test_synthetic_data_says_so_before_anything_else(tables: Tables, page: Element, altered: Callable[..., Tables]) -> None:
    assert SYNTHETIC in page.all("p", class_="synthetic")[0].text()
    assert "Synthetic: made up" in page.all("style")[0].text()
    real = altered("meta.release", lambda row: row | {"synthetic": None})
    text = map_page(real, a_review(synthetic=None))
    assert not read(text).all("p", class_="synthetic")
    assert "made up, not evidence" not in text


def test_a_page_is_a_pure_function_of_its_rows(tables: Tables, review: Review) -> None:
    first = map_page(tables, review)
    assert map_page(tables, review) == first
    chance = random.Random(5)
    shuffled = {name: table(name).of_rows(chance.sample(data.to_pylist(), data.num_rows)) for name, data in tables.items()}
    assert map_page(shuffled, review) == first


def test_nothing_is_asked_for_outside(page: Element) -> None:
    for element in page.all():
        for name in ("src", "action", "data", "poster", "srcset", "background", "xlink:href"):
            assert name not in element.attributes, element
        assert element.name not in ("link", "iframe", "object", "embed", "img", "base")
        if href := element.attributes.get("href"):
            assert (
                href == "report.html"
                or href.startswith("#")
                or (element.name == "a" and href.startswith(("https://doi.org/", "https://northmoor.example/")))
            )
    [policy] = [meta for meta in page.all("meta") if meta.attributes.get("http-equiv")]
    assert (policy.attributes["content"] or "").startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in (policy.attributes["content"] or "")
    assert not [element for element in page.all() if "style" in element.attributes]


def test_only_public_columns_are_published(tables: Tables, review: Review) -> None:
    page = map_page(tables, review)
    assert "ABSTRACT-OF-A-DATABASE" not in page
    assert "HEADING-OF-A-DATABASE" not in page
    assert "/review" not in page


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.fault(52)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", HOSTILE),
        ("title", "\u202eesreveR\u2066 \x00\x1b[31m title"),
        ("title", "word" * 2500),
        ("reference", HOSTILE),
        ("journal", HOSTILE),
        ("authors", [HOSTILE]),
        ("url", "javascript:alert(1)"),
        ("url", "https://x.example/\"onclick='alert(1)'"),
        ("url", "//evil.example/x"),
        ("url", "https://[bad"),
        ("doi", '10.1/"><script>alert(1)</script>'),
    ],
    ids=[
        "title",
        "direction",
        "length",
        "reference",
        "journal",
        "authors",
        "script address",
        "quote",
        "no scheme",
        "bad host",
        "doi",
    ],
)
def test_hostile_text_is_inert_and_legible(altered: Callable[..., Tables], review: Review, field: str, value: Any) -> None:
    change = {field: value} | ({"doi": None} if field == "url" else {})
    text = map_page(altered("marts.study", lambda row: row | change), review)
    page = read(text)
    assert len(page.all("script")) == 2
    assert not page.all("img")
    for element in page.all():
        assert not [name for name in element.attributes if name.startswith("on")]
        href = element.attributes.get("href") or "#"
        assert href.startswith(("#", "report.html", "https://doi.org/", "https://x.example/", "https://northmoor.example/"))
    assert not set("\u202e\u2066\x00\x1b") & set(text)
    for item in page.all("ol", id="list")[0].all("li"):
        assert 0 < len(item.all("b")[0].text()) < 700
        assert all((link.attributes["href"] or "").startswith("https://") for link in item.all("a"))


@pytest.mark.fault(52)
def test_hostile_words_of_the_review_are_inert(tables: Tables) -> None:
    review = a_review(about=HOSTILE, cite_as=HOSTILE, contact=HOSTILE, licence=HOSTILE)
    page = read(map_page(tables, review))
    assert len(page.all("script")) == 2
    assert not page.all("img")
