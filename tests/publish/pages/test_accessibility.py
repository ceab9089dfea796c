"""The pages of a release are open to people who see little, see no colour, or use no mouse: axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tasks.publish.pages.quality_page import quality_page
from tasks.publish.pages.report_page import report_page
from tasks.publish.pages.search_report import search_report
from tests.publish.pages.browsing import ABSENT, WHY
from tests.publish.pages.world import Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

pytestmark = pytest.mark.skipif(ABSENT, reason=WHY)

VIEWS = {
    "first": "",
    "heat": "Style=heat",
    "numbers": "Style=numbers&View=level-theme",
    "segments": "Style=segments",
    "segments by evidence": "View=level-theme&Style=segments&Parts=emmie",
    "nested, folded": "View=all-four&Fold=family/",
    "own axes": "Rows=design.Year&Columns=kind",
    "filtered": "level=family,child&design=rct&From=1995&Words=study",
    "nothing left": "Words=nothing-has-this",
    "cell": "Cell=family/entry.effectiveness",
}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1300, "height": 900}
FOUND = {"resultTypes": ["violations"]}  # to write down all that is well takes most of the time of a large page
SCHEMES = (("light", FOUND), ("dark", FOUND | {"runOnly": ["color-contrast", "link-in-text-block"]}))
OTHERS: dict[str, Callable[[Tables, Review], str]] = {
    "report": report_page,
    "quality": quality_page,
    "search report": search_report,
}


def violations(browser: Any, address: str, screens: Sequence[dict[str, int]], *, filters_open: bool = False) -> list[str]:
    """What axe-core finds, with the first element of each; in the dark, what it says of colours, for nothing else is another.

    Its script is let in where the page's own policy would not.
    """
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    if filters_open:
        page.eval_on_selector("#filters", "filters => { filters.open = true; }")
    found = []
    for screen in screens:
        page.set_viewport_size(screen)
        for scheme, rules in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            of_it = Axe().run(page, options=rules).response["violations"]
            found += [f"{scheme}: {one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in of_it]
    context.close()
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_the_map_shuts_nobody_out(browser: Any, address: str, view: str) -> None:
    assert violations(browser, f"{address}#{VIEWS[view]}", [DESK], filters_open=True) == []


@pytest.mark.parametrize("view", ["first", "filtered", "cell"])
def test_the_map_on_a_phone_shuts_nobody_out(browser: Any, address: str, view: str) -> None:
    assert violations(browser, f"{address}#{VIEWS[view]}", [PHONE]) == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_pages_shut_nobody_out(browser: Any, tables: Tables, review: Review, tmp_path: Path, name: str) -> None:
    path = tmp_path / "page.html"
    others = ("staging.search_line", "staging.quarantine", "staging.asked", "staging.known_paper")
    path.write_text(OTHERS[name]({one: table(one).empty() for one in others} | tables, review), encoding="utf-8")
    assert violations(browser, path.as_uri(), [DESK, PHONE]) == []


def test_axe_finds_what_is_wrong(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    style = "<style>@media (prefers-color-scheme: dark) { h1 { color: #ccc } }</style>"
    body = f"{style}<main><h1>A heading</h1><img src=data:,></main>"
    path.write_text(f"<!doctype html><html lang=en><title>x</title>{body}", encoding="utf-8")
    found = [one.split(": ")[:2] for one in violations(browser, path.as_uri(), [DESK])]
    assert found == [["light", "image-alt"], ["dark", "color-contrast"]]


def tab_to(page: Any, selector: str) -> None:
    """Tab, as often as it takes, until the focus is there."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_the_keyboard_alone_filters_opens_a_cell_reads_it_and_comes_back(page: Any) -> None:
    tab_to(page, "#filters summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[name=level][value=family]")
    page.keyboard.press("Space")
    assert "Level: Family" in page.inner_text("#status")
    tab_to(page, "#table .cell")
    page.keyboard.press("ArrowRight")
    key = page.evaluate("document.activeElement.dataset.key")
    number = page.evaluate("Number(document.activeElement.querySelector('.n').textContent)")
    assert key == "family/entry.mechanisms"
    assert number > 0
    page.keyboard.press("Enter")
    heading = page.evaluate("document.activeElement.textContent")
    assert heading.startswith(f"{number} primary stud")
    tab_to(page, "#list a")
    assert "Level: Family" in page.evaluate("document.activeElement.closest('li').innerText")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.key") == key
