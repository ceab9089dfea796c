"""The example review: its configuration loads, and its made-up records add up to what is published and say what they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from tasks.formats.detect import read
from tests.reviews.conftest import REVIEW, SCRIPTS
from warehouse.review import load

PUBLISHED = [44, 43, 42, 42, 18, 16, 13, 10, 3]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    other_order = {**os.environ, "PYTHONHASHSEED": "4711"}  # sets in an order of their own
    subprocess.run([sys.executable, SCRIPTS / "make.py", folder], check=True, capture_output=True, env=other_order)
    return folder


@pytest.fixture
def review(tmp_path, made):
    folder = tmp_path / "review"
    shutil.copytree(REVIEW, folder, ignore=shutil.ignore_patterns("synthetic", "demo.py"))
    shutil.copytree(made, folder / "imports" / "synthetic")
    return load(folder)


def test_every_run_writes_the_same_bytes(made, script):
    here = {export.name: hashlib.sha256(export.data).hexdigest() for export in script["exports"].exports()}
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made.iterdir()} == here


def test_the_review_loads_and_names_every_file(review, made):
    named = [name for search in review.searches.searches for name in search.files]
    assert sorted(named) == [f"synthetic/{path.name}" for path in sorted(made.iterdir())]
    assert {search.source for search in review.searches.searches} == {source.id for source in review.protocol.sources}


def test_hits_are_the_records_of_each_source(review, script):
    held = script["records"].records()
    broken = Counter()
    for export in script["exports"].exports():
        broken[export.source] += export.broken
    hits = {search.source: search.hits for search in review.searches.searches if search.hits is not None}
    assert hits == {source: len(some) + broken[source] for source, some in held.items() if source != "experts"}


def test_the_frame_of_the_scripts_is_that_of_the_codebook_and_protocol(review, script):
    frame, minds = script["frame"], script["minds"]
    dimensions = {dimension.id: dimension for dimension in review.codebook.dimensions}
    assert {name: tuple(code.id for code in one.codes) for name, one in dimensions.items() if not one.text} == frame.CODES
    assert {name for name, one in dimensions.items() if one.grouped} == set(frame.GROUPED)
    assert {name for name, one in dimensions.items() if one.multiple} == set(frame.MULTIPLE)
    assert {reason.id for reason in review.protocol.screening.full_text.reasons} == set(frame.EXCLUDED)
    became = {(one.dimension, one.code): set(one.becomes) for change in review.codebook.changes for one in change.codes}
    assert became == {
        (dimension, old): {new for (name, new), names in frame.FORMER.items() if name == dimension and old in names}
        for (dimension, _), olds in frame.FORMER.items()
        for old in olds
    }
    assert tuple(minds.REVIEWERS) == review.protocol.with_role("reviewer")
    assert review.protocol.with_role("coder") == minds.CODERS


def test_more_than_17000_are_identified_and_170_included(script):
    assert sum(len(some) for some in script["records"].records().values()) == 17_410
    fates = Counter(paper.fate for paper in script["papers"].papers())
    assert fates["included"] == 170
    assert (fates["ongoing"], fates["awaiting_classification"], fates["not_retrieved"]) == (2, 1, 139)
    assert sum(fates.values()) - fates["irrelevant"] == 702


def test_themes_add_up_as_published(script):
    studies = [paper.study for paper in script["papers"].papers() if paper.study]
    themes = Counter(theme for study in studies for theme in {one for group in study.groups for one in group.theme})
    assert [themes[theme] for theme in script["frame"].THEME_TOTALS] == PUBLISHED
    assert sum(study.study_kind == "review" for study in studies) == 14
    primary = Counter(
        theme
        for study in studies
        if study.study_kind == "primary"
        for theme in {one for group in study.groups for one in group.theme}
    )
    assert [theme for theme, count in primary.items() if count < 5] == ["supervision"]


def test_no_title_belongs_to_two_papers(script):
    key, owner = script["papers"].key, {}
    for some in script["records"].records().values():
        for record in some:
            assert owner.setdefault(key(record.title), record.paper.number) == record.paper.number


def test_every_abstract_and_doi_says_that_it_is_synthetic(script):
    for paper in script["papers"].papers():
        assert paper.abstract.endswith(script["vocabulary"].SYNTHETIC)
        assert paper.doi is None or paper.doi.startswith("10.5555/")


def test_every_export_is_read_whole(script):
    for export in script["exports"].exports():
        parsed = read(export.data)
        assert (parsed.starts, len(parsed.rejected)) == (export.starts, export.broken), export.name
        assert all(one.doi is None or one.doi.startswith("10.5555/") for one in parsed.references)
        assert all(one.abstract is None or "synthetic" in one.abstract for one in parsed.references)
        assert all(one.title and one.year for one in parsed.references)
    assert sum(export.broken for export in script["exports"].exports()) == 4
