"""The map on paper: A4 across, every cell, and what is filtered in words."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.publish.pages.browsing import ABSENT, REQUIRED, WHY

WITHOUT = "no pdftotext (Debian: apt-get install poppler-utils)"
pytestmark = [
    pytest.mark.skipif(ABSENT, reason=WHY),
    pytest.mark.skipif(not shutil.which("pdftotext") and not REQUIRED, reason=WITHOUT),
]
SHOWN = [
    ("", "bubbles"),
    ("View=level-theme", "heat"),
    ("Rows=level.design&Columns=outcome", "segments"),
    ("Rows=design&Columns=Year&level=family", "bubbles"),
]


def printed(page: Any, folder: Path) -> list[str]:
    """The text of each sheet."""
    path = folder / "map.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    told = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True).stdout
    return told.split("\f")


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("\u00ad", "")))


@pytest.mark.parametrize(("hash_", "style"), SHOWN)
def test_every_cell_is_printed(page: Any, tmp_path: Path, hash_: str, style: str) -> None:
    page.evaluate("hash => { location.hash = hash; }", f"{hash_}&Style={style}".strip("&"))
    page.wait_for_selector(f"#table table.{style}")
    heading = page.inner_text("#studies-heading")
    sheets = printed(page, tmp_path)
    map_ends = next(n for n, sheet in enumerate(sheets) if heading in " ".join(sheet.split()))
    cells = page.eval_on_selector_all("#table td, #table tbody th", "cells => cells.map(cell => cell.innerText)")
    assert len(cells) > 10
    assert not words(" ".join(cells)) - words(" ".join(sheets[:map_ends]))


def test_paper_says_what_is_filtered(page: Any, tmp_path: Path) -> None:
    page.evaluate("() => { location.hash = 'design=rct&From=2001&Words=brandt'; }")
    page.wait_for_function("document.querySelector('#status').textContent.startsWith('Filter')")
    whole = " ".join(" ".join(printed(page, tmp_path)).split())
    assert "Filter: Design: Randomised controlled trial; words: brandt; from 2001." in whole


def test_paper_is_across(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "map.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True, text=True).stdout
    assert re.search(r"Page size:\s+841\.\d+ x 594\.\d+ pts|Page size:\s+842.* x 595", told)
