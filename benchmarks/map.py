"""Measures the map page at size: ``python -m benchmarks.map [STUDIES …]``.

Maps of made-up studies, with titles and summaries as long as those of real ones, are opened from disk in headless Chromium.
Told are the bytes of the page, the time from its opening to the first view (the table painted, with all controls at work), and
how long the slowest of several filters takes until its table is painted. Each time is the least of several, since other work on
the machine can only add to it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tasks.publish.pages.map_page import map_page
from tests.publish.pages.browsing import CHROMIUM, FLAGS
from tests.publish.pages.frame import MODEL_VIEWS, a_review
from tests.publish.pages.world import World

STUDIES = (200, 5_000)
TARGETS = {200: (200_000, 1_000, 100), 5_000: (4_000_000, 3_000, 100)}  # bytes, ms to the first view, ms of a filter
TIMES = 5  # that each thing is measured
FILTERS = (
    "design=rct",
    "theme=mentors,supervision",
    "level=family&emmie=effectiveness",
    "From=2000&To=2010",
    "Words=invented%20brandt",
)
# Two frames after the change its table is on the screen.
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
SET = f"""async hash => {{
    const told = new Promise(done => addEventListener("hashchange", done, {{ once: true }}));
    const began = performance.now();
    location.hash = hash;
    await told;
    return await {PAINTED} - began;
}}"""


def main() -> None:
    """Prints what each size took, and ends with 1 where a target was missed."""
    parser = argparse.ArgumentParser(description="Measure the map page at size.")
    parser.add_argument("studies", nargs="*", type=int, default=STUDIES)
    missed = False
    for studies in parser.parse_args().studies:
        began = time.perf_counter()
        page = made(studies)
        built = time.perf_counter() - began
        size, view, filter_ = measured(page)
        print(f"{studies:>6,} studies: {size:>9,} bytes, built in {built:.1f} s; ", end="")
        print(f"first view {view:,.0f} ms, filter {filter_:,.0f} ms")
        if studies in TARGETS:
            missed |= any(got > most for got, most in zip((size, view, filter_), TARGETS[studies], strict=True))
    raise SystemExit(int(missed))


def made(studies: int) -> str:
    """The map of a made-up review of so many included studies."""
    review = a_review(views=MODEL_VIEWS)
    return map_page(World(review, included=studies, long=True).tables(), review)


def measured(page: str) -> tuple[int, float, float]:
    """Bytes, ms to the first view, and ms of the slowest filter."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "map.html"
        path.write_text(page, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        views = [first_view(browser, path.as_uri()) for _ in range(TIMES)]
        filters = [filtered(browser, path.as_uri(), one) for one in FILTERS]
        browser.close()
    return len(page.encode()), min(views), max(filters)


def first_view(browser: Any, address: str) -> float:
    """ms from the start of the navigation to the painted table."""
    page = browser.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#table .cell")
    took = float(page.evaluate(PAINTED))
    page.close()
    return took


def filtered(browser: Any, address: str, filters: str) -> float:
    """ms from setting these filters, in a page without any, to the painted table."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector("#table .cell")
    times = []
    for _ in range(TIMES):
        times.append(page.evaluate(SET, filters))
        page.evaluate(SET, "")
    page.close()
    return float(min(times))


if __name__ == "__main__":
    main()
