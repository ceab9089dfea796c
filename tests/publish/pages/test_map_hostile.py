"""What somebody has planted in imported texts does nothing on the map page or in its downloads, and leaves them legible."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tasks.publish.pages.map_page import map_page
from tests.publish.pages.browsing import ABSENT, WHY
from tests.publish.pages.world import Tables
from warehouse.review import Review

pytestmark = pytest.mark.skipif(ABSENT, reason=WHY)

MARKUP = "</script></ol><script>window.planted = 1</script><img src=x onerror='window.planted = 1'>"
TITLES = {
    "markup": MARKUP,
    "formula": '=cmd|"/c calc"!A1',
    "sum": "+1",
    "minus": "-1",
    "at": "@SUM(A1)",
    "after space": "  =1",
    "direction": "\u202eesreveR\u2066 \x00\x1b[31m title",
    "length": "word" * 2500,
    "lines": "One line\r\nTY  - JOUR\nER  - \n",
    "right to left": "דוח על משפחות",
    "untitled": "",
}
UNSEEN = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b")


@pytest.fixture
def planted(altered: Callable[..., Tables], review: Review, browser: Any, tmp_path: Path) -> Any:
    """The page of a review in which each text is planted in some of the studies."""
    texts = cycle(TITLES.values())

    def plant(row: dict[str, Any]) -> dict[str, Any]:
        text = next(texts)
        return row | {"title": text, "reference": text, "journal": text, "authors": [text, "Doe, J."], "doi": None,
                      "url": "javascript:window.planted=1", "volume": text}  # fmt: skip

    path = tmp_path / "map.html"
    path.write_text(map_page(altered("marts.study", plant), review), encoding="utf-8")
    page = browser.new_page(accept_downloads=True, viewport={"width": 390, "height": 800})
    page.goto(path.as_uri())
    yield page
    page.close()


def downloaded(page: Any, button: str) -> str:
    with page.expect_download() as caught:
        page.click(button)
    return Path(caught.value.path()).read_bytes().decode("utf-8-sig")


@pytest.mark.fault(52)
def test_nothing_planted_runs_or_hides(planted: Any) -> None:
    assert planted.evaluate("window.planted") is None
    assert planted.locator("#list a").count() == 0
    shown = planted.inner_text("#list")
    assert not UNSEEN & set(shown)
    for text in TITLES.values():
        seen = "".join(one for one in text if one not in UNSEEN).split()
        assert " ".join(seen)[:500] in " ".join(shown.split())
    assert planted.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.fault(52)
def test_downloads_stay_whole(planted: Any) -> None:
    count = planted.evaluate("studies.length")
    head, *rows = csv.reader(io.StringIO(downloaded(planted, "#csv")))
    assert len(rows) == count
    assert {len(row) for row in rows} == {len(head)}
    assert not [value for row in rows for value in row if value.strip()[:1] in tuple("=+-@")]
    assert all(not UNSEEN & set(value) for row in rows for value in row)
    lines = downloaded(planted, "#ris").split("\r\n")
    assert [line[:6] for line in lines].count("TY  - ") == [line[:6] for line in lines].count("ER  - ") == count
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)


@pytest.mark.fault(55)
def test_a_link_is_to_the_web_or_is_none(altered: Callable[..., Tables], review: Review, browser: Any, tmp_path: Path) -> None:
    def plant(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"doi": '10.1/"><script>window.planted = 1</script>', "url": "javascript:window.planted=1"}

    path = tmp_path / "map.html"
    path.write_text(map_page(altered("marts.study", plant), review), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    addresses: Iterator[str] = page.eval_on_selector_all("#list a", "links => links.map(link => link.href)")
    assert all(address.startswith("https://doi.org/10.1/") and '"' not in address for address in addresses)
    assert page.evaluate("window.planted") is None
    page.close()
