"""The quality page gives the verdict first, then what failed and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tasks.publish.pages.quality_page import quality_page
from tests.publish.pages.reader import Element, read
from tests.publish.pages.world import Tables
from warehouse.review import Review

FAILED = {"passed": False, "failing": 3, "remedy": "Do this."}


def verdict(page: Element) -> str:
    return " ".join(page.all("p", class_="verdict")[0].text().split())


def test_all_held(tables: Tables, review: Review) -> None:
    page = read(quality_page(tables, review))
    assert verdict(page) == "May be published. All 2 checks held."
    assert not page.all("section", class_="failure")


def test_what_stops_comes_before_what_is_reported(checks: Callable[..., Tables], review: Review) -> None:
    tables = checks(
        dedup__pair__known=FAILED | {"severity": "report"},
        records__record__kept=FAILED | {"examples": json.dumps([{"id": "r1", "n": 2}, {"id": None, "why": ["a"]}])},
        marts__gap__fine={},
    )
    page = read(quality_page(tables, review))
    assert verdict(page) == "Not to be published. 1 of 3 checks failed that stop a release; 1 more is reported."
    stop, report = page.all("section", class_="failure")
    assert "Do this." in stop.text()
    assert [cell.text() for cell in stop.all("td")] == ["r1", "2", "–", "–", "–", '["a"]']
    assert "2 of 3 are shown" in stop.text()
    assert "Reported" in report.text()
    stages = [head.text().split()[0] for head in page.all("h3")[2:]]
    assert stages == ["records", "dedup", "marts"]


def test_reports_alone_stop_nothing(checks: Callable[..., Tables], review: Review) -> None:
    page = read(quality_page(checks(dedup__pair__known=FAILED | {"severity": "report"}), review))
    assert verdict(page).startswith("May be published. Nothing that stops a release failed; 1 of 1")


def test_no_checks_is_no_verdict(checks: Callable[..., Tables], review: Review) -> None:
    assert verdict(read(quality_page(checks(), review))).startswith("Nothing was checked.")


@pytest.mark.fault(52, 53)
def test_examples_are_text_whatever_they_are(checks: Callable[..., Tables], review: Review) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    for examples in (
        json.dumps([{hostile: hostile}]),
        f"not JSON {hostile}",
        json.dumps({"a": hostile}),
        json.dumps([1, hostile]),
    ):
        text = quality_page(checks(dedup__pair__known=FAILED | {"examples": examples, "meaning": hostile}), review)
        assert not read(text).all("script")
        assert "alert(1)" in text
        assert "\u202e" not in text


def test_the_page_is_a_pure_function_of_its_rows(checks: Callable[..., Tables], review: Review) -> None:
    tables = checks(records__record__kept=FAILED, marts__gap__fine={}, dedup__pair__known={})
    data = tables["meta.quality_check"]
    assert quality_page(tables | {"meta.quality_check": data.take([2, 0, 1])}, review) == quality_page(tables, review)
