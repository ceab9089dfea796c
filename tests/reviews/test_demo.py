"""The demo that was cut short: what is left of its course, and people who do not answer what nobody has taken in."""

from __future__ import annotations

import importlib.util
import sys
from datetime import timedelta

import pytest

from tests.reviews.conftest import REVIEW, SCRIPTS
from warehouse.storage import Storage


@pytest.fixture(scope="module")
def demo(script):
    spec = importlib.util.spec_from_file_location("demo", REVIEW / "demo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(SCRIPTS))
    sys.modules.pop("earlier")


@pytest.fixture
def storage(tmp_path):
    found = Storage(tmp_path, "reducing-care-entry")
    found.folder.mkdir()
    return found


@pytest.mark.parametrize(
    ("begun", "live", "left"),
    [
        (None, False, ["SEARCHED", "people", "PUBLISHED"]),
        ("SEARCHED", False, ["SEARCHED", "people", "PUBLISHED"]),
        ("SEARCHED", True, ["SEARCHED", "people", "PUBLISHED"]),
        (None, True, ["people", "PUBLISHED"]),
        ("PUBLISHED", True, ["PUBLISHED"]),
    ],
)
def test_a_demo_goes_on_with_the_refresh_that_it_was_in(demo, storage, tmp_path, monkeypatch, begun, live, left):
    done = []
    monkeypatch.setattr(demo, "people_work", lambda *given: done.append("people"))
    names = {getattr(demo, name): name for name in ("SEARCHED", "PUBLISHED")}
    if live:
        (storage.folder / "current").symlink_to("releases/one")
    if begun:
        storage.as_of(getattr(demo, begun))

    def refresh(review, root, as_of):
        with storage.moment(as_of, ()) as moment:
            done.append(names[moment])

    demo.run(storage, tmp_path, tmp_path / "before", refresh)
    assert done == left


@pytest.mark.parametrize("days", [17, 57])
def test_work_that_was_being_taken_in_is_taken_by_the_codebook_of_its_day(demo, storage, tmp_path, monkeypatch, days):
    cut_short, before = demo.SEARCHED + timedelta(days=days), tmp_path / "before"
    storage.as_of(cut_short, "ingest")
    taken = []
    monkeypatch.setattr(demo.exchange, "take_in", lambda review, root, as_of: taken.append((review, as_of)))
    monkeypatch.setattr(demo.exchange, "issue", lambda *given: [])
    monkeypatch.setattr(demo.people, "main", lambda *given, **named: None)
    demo.people_work(storage, tmp_path, before)
    assert taken[0] == (before if days == 17 else demo.HERE, cut_short)


def test_who_answers_in_two_parts_waits_until_the_first_was_taken_in(script, tmp_path, monkeypatch):
    people = script["people"]
    monkeypatch.setattr(people, "answered", lambda rows, team: rows)
    name = "title_abstract-r4-20180710"
    row = {"worklist_id": name, "task": "title_abstract", "reviewer": "r4", "citation_id": "c1", "title": "A title"}
    sent, inbox = tmp_path / "sent", tmp_path / "inbox"
    for folder in (sent, inbox / "taken"):
        folder.mkdir(parents=True)
    (sent / f"{name}.csv").write_bytes(people.written([row]))
    for _ in ("cut short", "run again"):
        people.main(sent, inbox, days=0)
    [first] = inbox.glob("*.csv")
    first.rename(inbox / "taken" / f"0123456789ab-{first.name}")
    people.main(sent, inbox, days=0)
    assert [path.name for path in inbox.glob("*.csv")] == [f"{name}-later.csv"]
