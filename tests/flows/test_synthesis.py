"""What people write on a theme: from the review folder into the report, and flagged when its studies change."""

from __future__ import annotations

import shutil

import pytest

from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, MARCH
from warehouse.engine import Engine
from warehouse.storage import Storage
from warehouse.yaml import ConfigurationError


def texts(storage):
    live = storage.current()
    with Engine({"marts.synthesis_text": live.path("marts.synthesis_text")}) as engine:
        return {row["theme"]: row for row in engine.rows("SELECT * FROM marts.synthesis_text")}


def test_a_text_goes_into_the_report_and_follows_its_studies(mapped, direct):
    from flows.refresh import rebuild

    review, root = mapped
    storage = Storage(root, review.name)
    with Engine({"marts.study_code": storage.current().path("marts.study_code")}) as engine:
        first = engine.rows("SELECT DISTINCT study_id FROM marts.study_code WHERE code = 'first' ORDER BY study_id")
    cited = "; ".join(f"@{row['study_id']}" for row in first)
    (review / "synthesis").mkdir()
    (review / "synthesis" / "first.md").write_text(f"# In short\n\nMuch is known [{cited}].")
    (review / "synthesis" / "second.md").write_text("Little is known.")
    done = refresh(review, root, MARCH)
    assert done.published
    found = texts(storage)
    assert (found["first"]["up_to_date"], found["second"]["up_to_date"], len(found["second"]["uncited"])) == (True, False, 1)
    page = (done.folder / "report.html").read_text()
    assert "<h4>In short</h4>" in page
    assert page.count('class="flag"') == 1
    assert not refresh(review, root, MARCH).published, "nothing has changed"
    assert rebuild(str(review), str(root)) == (done.release, [])
    assert "synthesis_is_up_to_date" in (done.folder / "quality" / "index.html").read_text()

    shutil.rmtree(review / "synthesis")
    taken = refresh(review, root, MARCH.replace(day=2))
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


CONSULTATION = """
consultations:
  - {id: first, themes: [first], people: [a1, r1], asked_on: 2026-02-01, how: by letter,
     question: What is missing, said: SAID-IN-PRIVATE,
     public_words: WORDS-FOR-THE-PUBLIC, consent: {by: [a1, r1], given_on: 2026-02-02}}
"""
STEPS = "next_steps:\n  - {id: one, themes: [second], kind: project, title: Devolved budgets}\n"


def test_consultations_and_next_steps_go_into_the_report_and_words_leave_it_when_consent_is_withdrawn(begun, direct):
    from flows.refresh import rebuild

    review, root = begun
    (review / "consultation.yaml").write_text(CONSULTATION)
    (review / "next_steps.yaml").write_text(STEPS)
    done = refresh(review, root, FEBRUARY)
    page = (done.folder / "report.html").read_text()
    assert "Devolved budgets" in page
    assert "WORDS-FOR-THE-PUBLIC" in page
    assert "SAID-IN-PRIVATE" not in page
    assert not refresh(review, root, FEBRUARY).published, "nothing has changed"
    assert rebuild(str(review), str(root)) == (done.release, [])

    (review / "consultation.yaml").write_text(CONSULTATION.replace("consent: {by: [a1, r1]", "consent: {by: [a1]"))
    (review / "next_steps.yaml").unlink()
    withdrawn = refresh(review, root, FEBRUARY)  # at the same moment by the clock, and the later word all the same
    assert withdrawn.published
    for path in withdrawn.folder.rglob("*"):
        if path.suffix in (".html", ".svg", ".csv"):
            assert b"WORDS-FOR-THE-PUBLIC" not in path.read_bytes(), path
    with Engine(
        {f"marts.{name}": withdrawn.folder / "marts" / f"{name}.parquet" for name in ("consultation", "next_step")}
    ) as engine:
        [asked] = engine.rows("SELECT public_words, said FROM marts.consultation")
        assert (asked["public_words"], asked["said"]) == (None, "SAID-IN-PRIVATE")
        assert engine.rows("FROM marts.next_step") == []


def test_words_that_nobody_agreed_to_stop_the_refresh(begun):
    from tasks.sources.next_steps import log_next_steps
    from warehouse.review import load

    review, root = begun
    log = Storage(root, review.name).log
    (review / "consultation.yaml").write_text(CONSULTATION)
    assert log_next_steps(load(review), log, FEBRUARY)
    (review / "consultation.yaml").write_text(CONSULTATION.replace("WORDS-FOR-THE-PUBLIC", "OTHER-WORDS"))
    with pytest.raises(ConfigurationError, match=r"consultation.yaml: consultation first: public_words have changed since"):
        log_next_steps(load(review), log, MARCH)
    assert "OTHER-WORDS" not in str(log.read("consultation").to_pylist()), "nothing is logged"
    (review / "consultation.yaml").write_text(CONSULTATION)
    assert log_next_steps(load(review), log, MARCH) == [], "the words that they agreed to may stay"
