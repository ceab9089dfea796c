"""The report, the diagram and its rows in Chromium: nothing is asked for, text is where it belongs, in light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.publish.pages.prisma import prisma_svg
from tasks.publish.pages.prisma_rows import prisma_rows
from tasks.publish.pages.report_page import counts_of, report_page
from tests.publish.pages.world import Tables
from warehouse.review import Review

CHROMIUM = Path("/usr/bin/chromium")
REQUIRED = "chromium" in os.environ.get("EVIMAP_REQUIRE", "").split(",")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PAGES = ("report.html", "prisma.svg", "prisma/index.html")
# texts of the diagram that are not within the frame that they stand in
OUTSIDE = """() => [...document.querySelectorAll('.prisma g[id]')].flatMap(box => {
    const frame = box.querySelector('rect').getBBox();
    return [...box.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()])
        .filter(([, place]) => place.x < frame.x || place.x + place.width > frame.x + frame.width
            || place.y < frame.y || place.y + place.height > frame.y + frame.height).map(([words]) => words)})"""
# texts of a figure that its picture would cut off
CUT = """() => [...document.querySelectorAll('.figure svg')].flatMap(picture => {
    const frame = picture.getBoundingClientRect();
    return [...picture.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()])
        .filter(([, place]) => place.left < frame.left - 12 || place.right > frame.right + 12).map(([words]) => words)})"""
INK = "() => getComputedStyle(document.querySelector('.prisma .words, .figure text')).fill"

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not REQUIRED, reason="no /usr/bin/chromium (Debian: apt-get install chromium)"
)


@pytest.fixture(scope="module")
def release(tables: Tables, review: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    (folder / "report.html").write_text(report_page(tables, review), encoding="utf-8")
    (folder / "prisma.svg").write_text(prisma_svg(tables, review, counts_of, alone=True), encoding="utf-8")
    (folder / "prisma").mkdir()
    for name, data in prisma_rows(tables, review).items():
        (folder / name).write_bytes(data)
    return folder


def opened(browser: Any, path: Path, scheme: str, width: int) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    requests: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(path.as_uri())
    yield page
    assert faults == [], "what the policy of the page refuses is told in the console"
    assert requests == [path.as_uri()]
    context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1300), ("dark", 390)])
def test_pages_are_legible_and_ask_for_nothing(browser: Any, release: Path, name: str, scheme: str, width: int) -> None:
    for page in opened(browser, release / name, scheme, width):
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(CUT) == []
        assert page.evaluate(INK) == {"light": "rgb(27, 31, 36)", "dark": "rgb(232, 237, 242)"}[scheme]
        if name.endswith(".html"):
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_box_leads_to_its_rows_and_back_by_keyboard(browser: Any, release: Path) -> None:
    for page in opened(browser, release / "prisma" / "index.html", "light", 1300):
        page.keyboard.press("Tab")  # the warehouse
        page.keyboard.press("Tab")  # the frame of the diagram
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.getAttribute('href')") == "#databases-identified"
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.querySelector(':target h3').textContent").startswith("Records identified")
