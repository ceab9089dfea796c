"""What people write on a theme: from the review folder into the report, and flagged when its studies change."""

from __future__ import annotations

import shutil

import pytest

from tests.flows.small import FEBRUARY, MARCH, work
from warehouse.engine import Engine
from warehouse.storage import Storage
from warehouse.yaml import ConfigurationError


def texts(storage):
    live = storage.current()
    with Engine({"marts.synthesis_text": live.path("marts.synthesis_text")}) as engine:
        return {row["theme"]: row for row in engine.rows("SELECT * FROM marts.synthesis_text")}


def test_a_text_goes_into_the_report_and_follows_its_studies(begun, prefect):
    from flows.refresh import rebuild, refresh

    review, root = begun
    storage = Storage(root, review.name)
    work(review, root)
    refresh(str(review), str(root), FEBRUARY)
    with Engine({"marts.study_code": storage.current().path("marts.study_code")}) as engine:
        first = engine.rows("SELECT DISTINCT study_id FROM marts.study_code WHERE code = 'first' ORDER BY study_id")
    cited = "; ".join(f"@{row['study_id']}" for row in first)
    (review / "synthesis").mkdir()
    (review / "synthesis" / "first.md").write_text(f"# In short\n\nMuch is known [{cited}].")
    (review / "synthesis" / "second.md").write_text("Little is known.")
    done = refresh(str(review), str(root), MARCH)
    assert done.published
    found = texts(storage)
    assert (found["first"]["up_to_date"], found["second"]["up_to_date"], len(found["second"]["uncited"])) == (True, False, 1)
    page = (done.folder / "report.html").read_text()
    assert "<h4>In short</h4>" in page
    assert page.count('class="flag"') == 1
    assert not refresh(str(review), str(root), MARCH).published, "nothing has changed"
    assert rebuild(str(review), str(root)) == (done.release, [])
    assert "synthesis_is_up_to_date" in (done.folder / "quality" / "index.html").read_text()

    shutil.rmtree(review / "synthesis")
    taken = refresh(str(review), str(root), MARCH.replace(day=2))
    assert taken.published
    assert texts(storage) == {}


def test_a_text_on_no_theme_stops_before_anything_runs(begun):
    from warehouse.review import load

    review, _ = begun
    (review / "synthesis").mkdir()
    (review / "synthesis" / "frist.md").write_text("Text.")
    (review / "synthesis" / "first.md").write_bytes(b"caf\xe9")
    with pytest.raises(ConfigurationError) as failure:
        load(review)
    assert "first.md: not UTF-8 at byte 3" in str(failure.value)
    assert "frist.md: no theme 'frist' in codebook.yaml (there are first, second)" in str(failure.value)
