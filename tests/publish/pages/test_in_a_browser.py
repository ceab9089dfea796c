"""The map page in Chromium: what the keyboard, the filters and the address do, and that nothing is asked for."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.publish.pages.browsing import ABSENT, WHY
from tests.publish.pages.world import Tables

FOCUSED = "document.activeElement.dataset.key ?? document.activeElement.id"

pytestmark = pytest.mark.skipif(ABSENT, reason=WHY)


def go(page: Any, address: str, hash_: str) -> None:
    page.goto("about:blank")
    page.requests.clear()
    page.goto(f"{address}#{hash_}")


def numbers(page: Any) -> dict[str, str]:
    """What the visible cells say, by key."""
    read = "cells => cells.map(cell => [cell.dataset.key, cell.innerText.replace(/\\s+/g, ' ').trim()])"
    return dict(page.eval_on_selector_all("#table .cell", read))


def test_the_script_counts_what_the_page_says_without_it(page: Any, browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(address)
    read = "cells => cells.map(cell => cell.textContent.replace(/\\s+/g, ''))"
    for view in ("level-outcome", "level-theme", "all-four", "plain-pair"):
        page.check(f"input[name=View][value={view}]", force=True)
        section = f".view[data-view={view}]"
        for part in ("thead > tr > *", "tr > th", "tr > td"):
            assert page.eval_on_selector_all(f"#table {part}", read) == bare.eval_on_selector_all(f"{section} {part}", read)
    assert bare.is_hidden("#controls")
    context.close()


def test_the_list_of_studies_is_there_without_the_script(browser: Any, address: str, tables: Tables) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(address)
    mapped = [row for row in tables["marts.study"].to_pylist() if row["mapped"]]
    assert bare.locator("#list > li").count() == len(mapped)
    for row in mapped:
        item = bare.inner_text(f"#list > #{row['study_id']}")
        assert row["title"] in item
        assert f"({row['year']})" in item
    context.close()


def test_arrows_lead_to_a_cell_and_enter_to_its_studies(page: Any) -> None:
    page.focus("#table .cell[tabindex='0']")
    assert page.evaluate(FOCUSED) == "community/entry.effectiveness"
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert page.evaluate(FOCUSED) == "family/entry.mechanisms"
    assert page.locator("#table .cell[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "studies-heading"
    heading = page.inner_text("#studies-heading")
    assert heading.endswith("studies: Family; Initial entry to care; Mechanisms of change")
    assert page.locator("#list > li").count() == int(heading.split()[0])
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "family/entry.mechanisms"


def test_home_and_end_lead_to_the_ends(page: Any) -> None:
    page.focus("[data-key='family/entry.effectiveness']")
    page.keyboard.press("End")
    assert page.evaluate(FOCUSED) == "family/"
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == "family/entry.effectiveness"
    page.keyboard.press("Control+End")
    assert page.evaluate(FOCUSED) == "/"


def test_up_and_down_pass_over_head_rows(page: Any) -> None:
    page.check("input[name=View][value=all-four]", force=True)
    page.focus("[data-key='community.supervision/entry.effectiveness']")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "policy.skills-training/entry.effectiveness"


def test_the_address_keeps_the_state(page: Any, address: str) -> None:
    page.check("input[name=View][value=level-theme]", force=True)
    page.check("input[name=Style][value=heat]", force=True)
    page.click("#filters summary")
    page.check("input[name=level][value=family]")
    page.check("input[name=level][value=child]")
    page.fill("input[name=From]", "1995")
    page.click("[data-key='family/worker-practice']")
    before = numbers(page)
    heading = page.inner_text("#studies-heading")
    hash_ = page.evaluate("location.hash")
    assert hash_ == "#View=level-theme&Style=heat&level=family,child&From=1995&Cell=family/worker-practice"
    go(page, address, hash_[1:])
    assert numbers(page) == before
    assert page.inner_text("#studies-heading") == heading
    assert page.locator(".cell[aria-selected=true]").get_attribute("data-key") == "family/worker-practice"
    page.reload()
    assert page.evaluate("location.hash") == hash_


EVERYTHING = (
    "Rows=design.level&Columns=theme.Year&Style=segments&Parts=emmie&theme=mentors,supervision&level=family,child&outcome=entry"
    "&emmie=effectiveness,mechanisms&kind=primary&design=rct,cohort&From=1990&To=2016&Words=study&Fold=rct/&Cell=rct.family/mentors"
)
CONTROLS = "() => [...form.elements].map(one => [one.name, one.value, one.checked, one.selectedIndex])"


def test_a_shared_link_restores_every_control(page: Any, browser: Any, address: str) -> None:
    go(page, address, EVERYTHING)
    named = set(page.eval_on_selector_all("#controls [name]", "all => all.map(one => one.name)"))
    assert named - {re.sub(r"[12]$", "", part.split("=")[0]) for part in EVERYTHING.split("&")} == {
        "View", "Rows1", "Rows2", "Columns1", "Columns2",
    }  # fmt: skip
    page.fill("input[name=To]", "2015")
    shared = page.evaluate("location.href")
    assert shared == f"{address}#{EVERYTHING.replace('2016', '2015')}"
    other = browser.new_page()
    other.goto(shared)
    assert other.evaluate(CONTROLS) == page.evaluate(CONTROLS)
    assert numbers(other) == numbers(page)
    assert other.inner_text("#studies-heading") == page.inner_text("#studies-heading")
    other.close()


def test_an_address_of_something_else_is_no_error(page: Any, address: str) -> None:
    go(page, address, "View=nothing&level=unknown&From=abc&Cell=a/b&Style=loud&__proto__=x")
    assert page.inner_text("#studies-heading").endswith("on the map")


def test_a_filter_counts_within_groups(page: Any, address: str, tables: Tables) -> None:
    go(page, address, "theme=mentors")
    kinds = {row["study_id"]: row["kind"] for row in tables["marts.study"].to_pylist()}
    held: dict[tuple[str, int], set[tuple[str, str]]] = {}
    rows = tables["marts.study_code"].to_pylist()
    for study, group in {(row["study_id"], row["group"]) for row in rows}:
        held[study, group] = {
            (row["dimension"], row["code"]) for row in rows if row["study_id"] == study and row["group"] in (0, group)
        }
    shown = numbers(page)
    for level in ("policy", "organisation", "family", "child"):
        for outcome in ("entry", "re-entry", "reunification"):
            wanted = {("theme", "mentors"), ("level", level), ("outcome", outcome), ("emmie", "effectiveness")}
            found = {study for (study, _), codes in held.items() if wanted <= codes and kinds[study] == "primary"}
            assert int(shown[f"{level}/{outcome}.effectiveness"].split()[0].rstrip("†")) == len(found)
    assert "Theme: Mentors" in page.inner_text("#status")


def test_a_filter_on_an_axis_leaves_its_other_rows_and_columns_out(page: Any, address: str) -> None:
    go(page, address, "level=family&outcome=entry,reunification")
    assert {key.split("/")[0] for key in numbers(page)} == {"family", ""}
    assert len(numbers(page)) == 2 * 11
    heads = page.eval_on_selector_all("#table th[scope=colgroup]", "heads => heads.map(head => head.colSpan)")
    assert heads == [5, 5]
    page.click("#clear")
    assert len(numbers(page)) == 6 * 16
    assert page.evaluate("location.hash") == ""


def test_a_filter_that_hides_the_open_cell_closes_it(page: Any, address: str) -> None:
    go(page, address, "Cell=family/entry.effectiveness")
    page.click("#filters summary")
    page.check("input[name=level][value=child]")
    assert page.evaluate("location.hash") == "#level=child"
    assert page.inner_text("#studies-heading").endswith("shown")


def test_words_find_whole_texts_whatever_their_accents(page: Any, address: str) -> None:
    go(page, address, "Words=ERÍKSEN%20invented")
    found = page.locator("#list > li").all_text_contents()
    assert found
    assert all("Eriksen" in text for text in found)


def test_words_find_the_same_studies_whatever_was_listed_before(page: Any, address: str) -> None:
    """The codes that the script lists with a study are no words of the study."""
    go(page, address, "Words=effectiveness")
    before = page.inner_text("#studies-heading")
    go(page, address, "")
    assert "Effectiveness" in page.inner_text("#list > li >> nth=0")
    page.click("#filters summary")
    page.fill("input[name=Words]", "effectiveness")
    assert page.inner_text("#studies-heading") == before


def test_downloads_are_what_is_listed(page: Any, address: str) -> None:
    go(page, address, "Cell=family/entry.effectiveness")
    listed = page.locator("#list > li").count()
    with page.expect_download() as caught:
        page.click("#csv")
    assert caught.value.suggested_filename == "care-5e1ec7ed0badcafe-studies.csv"
    rows = list(csv.DictReader(io.StringIO(Path(caught.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == listed
    assert all(row["synthetic"] == "true" and "Family" in row["Level"] for row in rows)
    with page.expect_download() as caught:
        page.click("#ris")
    ris = Path(caught.value.path()).read_text(encoding="utf-8")
    assert ris.count("TY  - ") == ris.count("ER  - ") == ris.count("SYNTHETIC") == listed


HARMLESS = ("A study of 3 − 1", "'Quoted' title", "mother-in-law", "")
FORMULAS = ("=1+1", "+1", "-1", "@x", "  =1", "'=1", "\t=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x")


@pytest.mark.fault(54)
def test_no_text_of_a_download_is_a_formula(page: Any) -> None:
    wanted = [f'"{text}"' for text in HARMLESS] + [f'"\'{text}"' for text in FORMULAS]
    assert page.evaluate("texts => texts.map(text => csvValue(text))", [*HARMLESS, *FORMULAS]) == wanted


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scroll_of_the_page(browser: Any, address: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


def test_a_badge_stands_apart_from_the_title(page: Any) -> None:
    apart = page.eval_on_selector_all(
        "#list .badge", "badges => badges.map(one => parseFloat(getComputedStyle(one).marginRight))"
    )
    assert apart
    assert min(apart) > 3


def test_further_studies_come_on_demand_and_all_when_printed(page: Any, tables: Tables) -> None:
    assert page.locator("#list > li").count() == 25
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#list > li").count() == sum(row["mapped"] for row in tables["marts.study"].to_pylist())
    assert page.is_hidden("#further")
