"""The report has the numbers of the marts, and people's texts as text: whatever they contain, they only can be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tasks.publish.pages.map_page import map_page
from tasks.publish.pages.prisma import prisma_csv, prisma_svg
from tasks.publish.pages.prose import prose
from tasks.publish.pages.report_page import report_page
from tests.publish.pages.reader import Element, read
from tests.publish.pages.world import Tables, World
from warehouse.contract import Audience
from warehouse.review import Review
from warehouse.tables.catalogue import table

HOSTILE = """# Heading <script>alert(1)</script>

[bad](javascript:alert(1)) [worse](data:text/html;base64,PHNjcmlwdD4=) <img src=x onerror=alert(1)> ![pic](https://x.example/p.png)

[good](https://x.example/)

| a | b |
|---|---|
| 1 | 2 |
"""


def table_of(page: Element, caption: str) -> dict[str, list[str]]:
    """The cells of a table by the head of their row."""
    [found] = [one for one in page.all("table") if one.all("caption") and one.all("caption")[0].text().startswith(caption)]
    rows = [row for row in found.all("tr") if row.all("td")]
    return {row.all("th")[0].text(): [cell.text().strip() for cell in row.all("td")] for row in rows}


def test_the_order_of_screening_is_told_and_that_it_decides_nothing(tables: Tables, review: Review) -> None:
    assert 'id="order"' not in report_page(tables, review), "none was asked for"
    said = "This informs, and decides nothing: every paper is owed the same decisions of people as without it."
    model: dict[str, Any] = {"review": "care", "ranked": 1200, "included": 30, "excluded": 470, "seed": 1}
    recall: dict[str, Any] = {
        "review": "care",
        "citations": 1700,
        "unsorted": 50,
        "in_order": 450,
        "included": 30,
        "target": 0.95,
    }
    terms = [{"review": "care", "term": term, "weight": weight} for term, weight in (("zyzzyva", 2.5), ("quokka", -2.0))]

    def told(**more: dict[str, Any]) -> str:
        made = {
            "staging.ranking_model": [model | more["model"]],
            "staging.recall": [recall | more["recall"]],
            "staging.ranking_term": terms,
        }
        page = read(report_page(tables | {name: table(name).of_rows(rows) for name, rows in made.items()}, review))
        return " ".join(page.text().split())

    learnt = {"library": "scikit-learn 1.9.1"}
    page = told(model=learnt, recall={"p": 0.0314159, "at_least": 0.96})
    assert "has learnt from 30 papers that passed and 470 that did not. 1,200 wait." in page
    assert not [term for term in ("zyzzyva", "quokka") if term in page], "what the model learnt of abstracts is the team's"
    assert "p is 0.031 for the hypothesis that less than 95 % of the relevant papers are found;" in page
    assert "at 95 % confidence at least 96 % are." in page
    assert said in page
    assert "p is below 0.001 for" in told(model=learnt, recall={"p": 0.0})
    page = told(model={"unranked": "no paper was left out yet"}, recall={"undefined": "no paper was sent by rank"})
    assert "There is none yet, as no paper was left out yet" in page
    assert "is not told: no paper was sent by rank. This informs" in page


def test_numbers_are_those_of_the_marts(tables: Tables, review: Review) -> None:
    page = read(report_page(tables, review))
    study = {row["study_id"]: row for row in tables["marts.study"].to_pylist() if row["mapped"]}
    for dimension in review.codebook.dimensions:
        if dimension.text:
            continue
        shown = table_of(page, dimension.label)
        for code in dimension.codes:
            its = {
                row["study_id"]
                for row in tables["marts.study_code"].to_pylist()
                if (row["dimension"], row["code"]) == (dimension.id, code.id)
            }
            kinds = [study[one]["kind"] for one in its if one in study]
            assert shown[code.label] == [str(kinds.count(kind)) for kind in ("primary", "review", "ongoing")]
    years = table_of(page, "Year of publication")
    assert sum(int(cells[0]) for cells in years.values()) == sum(row["kind"] == "primary" for row in study.values())
    verified = {row["dimension_label"]: row for row in tables["marts.verification"].to_pylist()}
    coding = table_of(page, "Coding:")
    assert {name: int(cells[3]) for name, cells in coding.items()} == {name: row["studies"] for name, row in verified.items()}
    sources = {row["database"]: row for row in tables["marts.source_yield"].to_pylist()}
    assert {name: int(cells[1].replace(",", "")) for name, cells in table_of(page, "What each source").items()} == {
        name: row["citations"] for name, row in sources.items()
    }
    flow = table_of(page, "Identification of studies via databases")
    identified = [row for row in tables["marts.prisma_flow"].to_pylist() if row["box"] == "identified" and not row["detail"]]
    assert flow["Records identified from databases and registers"] == [f"{identified[0]['n']:,}"]


def test_the_page_asks_nobody_for_anything(tables: Tables, review: Review) -> None:
    page = read(report_page(tables, review))
    assert not page.all("script")
    for element in page.all():
        assert not {"src", "srcset", "action", "data"} & set(element.attributes)
        href = element.attributes.get("href", "#")
        assert href in ("map.html", "prisma.svg", "prisma.csv") or href.startswith("#")


def test_the_same_rows_give_the_same_page(tables: Tables, review: Review) -> None:
    shuffled = {
        name: data.take(list(reversed(range(data.num_rows)))) if data.num_rows else data for name, data in tables.items()
    }
    assert report_page(shuffled, review) == report_page(tables, review)


def test_a_text_stands_under_its_theme_with_its_studies_named(world: World, review: Review) -> None:
    first = world.tables()
    [theme] = [one for one in review.codebook.dimensions if one.role == "theme"]
    codes = first["marts.study_code"].to_pylist()
    its = sorted({row["study_id"] for row in codes if (row["dimension"], row["code"]) == (theme.id, theme.codes[0].id)})
    name = {row["study_id"]: row["reference"] for row in first["marts.study"].to_pylist()}
    cites = "; ".join(f"@{one}" for one in its)
    world.rows["synthesis"].append(
        {"theme": theme.codes[0].id, "text": f"It *helped* [{cites}]; see [@cffff].", "as_of": datetime(2099, 1, 1)}
    )
    page = read(report_page(world.tables(), review))
    [section] = [one for one in page.all("section", class_="theme") if one.all("div", class_="prose")]
    assert section.all("h3")[0].text() == theme.codes[0].label
    said = section.all("div", class_="prose")[0].text()
    assert "It helped (" + "; ".join(name[one] for one in its) + "); see (a study that is not in this release)." in said
    assert "1 that it cites is no longer on the map with this theme" in section.all("p", class_="flag")[0].text()


@pytest.mark.fault(52, 55)
def test_hostile_prose_is_inert() -> None:
    page = read(f"<!doctype html><body>{prose(HOSTILE, {})}</body>")
    assert not page.all("script")
    assert not page.all("img")
    assert {one.attributes["href"] for one in page.all("a")} == {"https://x.example/", "https://x.example/p.png"}
    assert not [name for one in page.all() for name in one.attributes if name.startswith("on")]
    assert [one.text() for one in page.all("h4")] == ["Heading <script>alert(1)</script>"]
    assert len(page.all("table")) == 1


def test_a_table_of_a_text_is_aligned_without_a_style(tables: Tables, review: Review) -> None:
    """The policy of the page lets no style into an element."""
    text = "|a|b|c|\n|--:|:-:|---|\n|1|2|3|"
    page = read(f"<!doctype html><body>{prose(text, {})}</body>")
    assert [one.attributes.get("class") for one in page.all("td")] == ["right", "center", None]
    assert not [one for one in page.all() if "style" in one.attributes]
    assert all(f".prose .{name}{{text-align:{name}" in report_page(tables, review) for name in ("right", "center"))


@pytest.mark.parametrize("name", ["<b>Doe</b> (2001)", "*Doe* [x](javascript:alert(1)) (2001)", "Doe_and_Roe `x` (2001)"])
def test_a_name_is_text_whatever_is_in_it(name: str) -> None:
    page = read(f"<!doctype html><body>{prose('As told [@c1].', {'c1': name})}</body>")
    assert page.all("p")[0].text() == f"As told ({name})."
    assert not [one for one in page.all() if one.name in ("a", "b", "em", "code")]


def test_where_nothing_is_decided_the_page_says_so(altered: Callable[..., Tables], tables: Tables, review: Review) -> None:
    none: dict[str, Any] = {name: tables[name].slice(0, 0) for name in ("marts.agreement", "marts.decision_basis")}
    assert "Nothing is decided yet." in report_page(tables | none, review)


def asked(**more: Any) -> dict[str, Any]:
    return {
        "consultation_id": "c", "themes": ["mentors"], "people": ["PERSON-1", "PERSON-2"], "asked_on": date(2018, 9, 3),
        "how": "by letter", "question": "What is missing?", "said": "SAID-IN-PRIVATE", "changed": "A search was added.",
        "public_words": "WORDS-FOR-THE-PUBLIC", "consent_by": ["PERSON-1", "PERSON-2"], "consented_on": date(2018, 9, 9),
        "gone": False, "as_of": datetime(2018, 10, 1),
    } | more  # fmt: skip


def test_what_comes_next_stands_beside_the_readiness_of_its_theme(world: World, review: Review) -> None:
    world.rows["next_step"] += [
        {"step_id": name, "themes": ["mentors"], "kind": "project", "title": f"<i>{name}</i>", "state": "under_way",
         "description": None, "url": url, "gone": False, "as_of": datetime(2018, 10, 1)}
        for name, url in (("one", "https://one.example/"), ("two", None))
    ]  # fmt: skip
    world.rows["consultation"] += [asked(), asked(consultation_id="all", themes=[])]
    page = read(report_page(world.tables(), review))
    [section] = [one for one in page.all("section", class_="theme") if one.all("ul", class_="planned")]
    assert section.all("h3")[0].text() == "Mentors"
    steps = section.all("ul", class_="planned")[0].all("li")
    assert [step.text() for step in steps] == ["<i>one</i> Project, under way", "<i>two</i> Project, under way"]
    assert [link.attributes["href"] for link in section.all("ul", class_="planned")[0].all("a")] == ["https://one.example/"]
    said = section.all("ul", class_="consulted")[0].text()
    for told in (
        "3 September 2018",
        "by letter (2 people asked): What is missing?",
        "WORDS-FOR-THE-PUBLIC",
        "A search was added.",
    ):
        assert told in said
    assert len(page.all("ul", class_="consulted")) == 2
    assert "Whom the review was talked over with" in page.text()


def test_whom_the_whole_review_was_talked_over_with_is_told_before_there_are_themes(world: World, review: Review) -> None:
    world.rows["consultation"].append(asked(consultation_id="all", themes=[]))
    tables = world.tables()
    page = read(report_page(tables | {"marts.theme": tables["marts.theme"].slice(0, 0)}, review))
    assert "WORDS-FOR-THE-PUBLIC" in page.all("ul", class_="consulted")[0].text()
    assert not page.all("h2", id="themes")


@pytest.mark.parametrize("agreed", [[], ["PERSON-1"], ["PERSON-1", "PERSON-2"]])
def test_words_without_consent_are_in_no_page_and_no_public_column(world: World, review: Review, agreed: list[str]) -> None:
    world.rows["consultation"].append(asked(consent_by=agreed, consented_on=date(2018, 9, 9) if agreed else None))
    tables = world.tables()
    public = [report_page(tables, review), map_page(tables, review), prisma_svg(tables, review), prisma_csv(tables).decode()]
    for name, data in tables.items():
        declared = table(name)
        public += [
            repr(data.column(column.name).to_pylist())
            for column in declared.columns
            if (column.audience or declared.audience) is Audience.PUBLIC
        ]
    told = "\n".join(public)
    assert "What is missing?" in told
    assert ("WORDS-FOR-THE-PUBLIC" in told) == (len(agreed) == 2)
    assert "SAID-IN-PRIVATE" not in told
    assert "PERSON-1" not in told


def test_readiness_is_summed_up_above_the_themes(tables: Tables, review: Review) -> None:
    page = read(report_page(tables, review))
    shown = table_of(page, "Studies and readiness by theme")
    ready = {row["label"]: row["ready"] for row in tables["marts.synthesis_readiness"].to_pylist()}
    for row in tables["marts.theme"].to_pylist():
        assert shown[row["label"]][0] == str(row["all_kinds"])
        assert shown[row["label"]][-1] == ("ready" if ready[row["label"]] else "not yet")
    mapped = next(row["n"] for row in tables["marts.prisma_flow"].to_pylist() if row["box"] == "mapped")
    unready = [label for label, is_ready in ready.items() if not is_ready]
    assert f"{mapped} studies in 9 themes:" in page.text()
    assert unready
    assert all(label in page.text().partition("Not yet ready: ")[2].partition(".")[0] for label in unready) or len(unready) == 9


def test_the_funnel_over_releases_is_that_of_the_history(tables: Tables, review: Review) -> None:
    now = tables["marts.flow_history"].to_pylist()
    assert {row["number"] for row in now} == {1}
    later = [row | {"number": 2, "n": row["n"] + 7, "as_of": datetime(2030, 1, 1)} for row in now]
    page = read(report_page(tables | {"marts.flow_history": table("marts.flow_history").of_rows([*now, *later])}, review))
    studies = {row["number"]: row["n"] for row in [*now, *later] if row["box"] == "studies"}
    assert [cells[4] for cells in table_of(page, "The funnel over releases").values()] == [str(n) for n in studies.values()]
