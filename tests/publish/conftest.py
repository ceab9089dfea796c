"""An invented release on disk, with hostile text in it, and the bundle that is made of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tasks.publish.bundle import PAGES, fill
from tasks.publish.release import describe
from tests.publish.pages.frame import a_review
from tests.publish.pages.world import World
from warehouse import files
from warehouse.configuration.codebook import Code
from warehouse.described import described
from warehouse.review import Review
from warehouse.storage import Published
from warehouse.tables.catalogue import table

HOSTILE = (
    '=HYPERLINK("http://evil.example","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "'=1", "＝1",
    "<script>alert(1)</script>", "javascript:alert(1)", "\u202egnirts\u202c", "NUL\x00byte", "Title " * 1700,
    'a "quoted", title\nover two lines', "<r>bold</r>",
)  # fmt: skip


@pytest.fixture(scope="session")
def wide_review() -> Review:
    """The review of the pages, with a code within another."""
    review = a_review()
    levels = review.codebook.dimension("level")
    narrow = Code(id="nursery", label="Nursery", within=levels.codes[-1].id)
    wide = levels.model_copy(update={"codes": (*levels.codes, narrow)})
    dimensions = tuple(wide if one.id == "level" else one for one in review.codebook.dimensions)
    return replace(review, codebook=review.codebook.model_copy(update={"dimensions": dimensions}))


@pytest.fixture(scope="session")
def release(wide_review: Review, tmp_path_factory: pytest.TempPathFactory) -> Published:
    world = World(wide_review)
    included = [one["citation_id"] for one in world.rows["funnel"] if one["position"] == "included"]
    by_id = {one["citation_id"]: one for one in world.rows["citation"]}
    for citation, title in zip(included, HOSTILE, strict=False):
        by_id[citation] |= {"title": title, "authors": ["=Formula, A", title[:40]]}
        by_id[citation] |= {"abstract": "SECRET ABSTRACT", "keywords": ["SECRET HEADING"], "notices": ["retracted: 10.1000/x"]}
    made = world.tables()
    inputs = SimpleNamespace(release_id="5e1ec7ed0badcafe", pipeline="0.1.0", predecessor=None)
    build = SimpleNamespace(review=wide_review, as_of=lambda: made["meta.release"].to_pylist()[0]["as_of"])
    made |= describe(build, inputs)
    folder = tmp_path_factory.mktemp("releases") / "5e1ec7ed0badcafe"
    for name, data in made.items():
        declared = table(name)
        data = described(declared.conform(data), declared, wide_review)
        files.write(folder / f"{name.replace('.', '/')}.parquet", files.parquet_bytes(data))
    for page in PAGES:
        files.write(folder / page, f"<p>{page}</p>".encode())
    files.write(folder / "quality" / "index.html", b"for the team")
    return Published(folder.name, folder, json.loads('{"as_of": "2018-11-01T09:30:00"}'))


@pytest.fixture(scope="session")
def home(release: Published, wide_review: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the bundle."""
    folder = tmp_path_factory.mktemp("bundle") / "care-5e1ec7ed0badcafe"
    fill(folder, release, wide_review)
    return folder
