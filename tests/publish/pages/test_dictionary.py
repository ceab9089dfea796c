"""The dictionary has every table and column of the release and nothing else, the documentation all that are declared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.publish.pages.dictionary import dictionary
from tests.publish.pages.reader import Element, read
from warehouse.contract import Audience
from warehouse.review import Review
from warehouse.tables.catalogue import TABLES, table
from warehouse.tables.document import document

DOCUMENT = Path(__file__).parents[3] / "docs" / "tables.md"


@pytest.fixture(scope="module")
def page(tables, review: Review) -> Element:
    return read(dictionary(tables, TABLES.values(), review))


def test_every_table_and_column_has_a_link_of_its_own(page: Element, tables) -> None:
    named = {element.attributes["id"] for element in page.all() if "id" in element.attributes}
    here = [one for name, one in TABLES.items() if name in tables and one.schema != "log"]
    assert named == {
        *(one.schema for one in here),
        *(one.qualified for one in here),
        *(f"{one.qualified}.{column.name}" for one in here for column in one.columns),
    }
    links = {link.attributes["href"].removeprefix("#") for link in page.all("a")}
    assert links <= named, "every link leads somewhere on the page"


def test_a_column_is_told_with_its_meaning_and_its_codes(page: Element) -> None:
    [row] = [row for row in page.all("tr") if row.all(id="marts.gap.kind")]
    told = " ".join(row.text().split())
    assert "absolute: no study at all; synthesis: studies, but no review." in told
    assert [" ".join(code.text().split()) for code in row.all("li")] == [
        "absolute No study of any kind", "synthesis Primary studies, and no review of them",
    ]  # fmt: skip


def test_the_rows_of_each_table_are_counted(page: Element, tables) -> None:
    for name in ("marts.study", "marts.theme"):
        [section] = page.all("section", **{"aria-labelledby": name})
        assert f"{tables[name].num_rows} rows; key: " in " ".join(section.text().split())


@pytest.mark.fault(52)
def test_words_of_a_review_are_no_markup(tables, review: Review) -> None:
    protocol = review.protocol.model_copy(update={"title": "<script>alert(1)</script>"})
    html = dictionary(tables, [table("marts.study")], replace(review, protocol=protocol))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_only_the_tables_that_are_asked_for_are_told(tables, review: Review) -> None:
    public = replace(table("marts.study"), columns=tuple(
        one for one in table("marts.study").columns if table("marts.study").audience_of(one) is Audience.PUBLIC))  # fmt: skip
    html = dictionary(tables, [public], review)
    assert "marts.study.title" in html
    assert "marts.study.abstract" not in html
    assert "staging" not in html


def test_the_page_of_the_documentation_is_that_of_the_declared_tables() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `make tables`"
