"""Who screens with whom, how much each takes, and what they do not see, as the protocol says."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime

import pytest

from tasks.formats import handed_over, workbook, workbook_read
from tasks.formats.worklist import ENTRY, LEADING, read, write
from warehouse.configuration.protocol import Person

NEXT = datetime(2024, 3, 8)
PEOPLE = (*(Person(id=one) for one in ("ann", "bob", "cat", "dan", "eve")), Person(id="jo", roles=("adjudicator",)))
PAIRS = [["ann", "bob"], ["cat", "dan"]]


@pytest.fixture
def many(new_world):
    return new_world(people=PEOPLE, papers={f"c{number:03}": [f"r{number:03}"] for number in range(600)})


def asked(files, task="title_abstract"):
    """citation → people, of what is new in the files."""
    people = {}
    for one in files:
        for cells in one.new if one.task == task else ():
            people.setdefault(cells["citation_id"], set()).add(one.reviewer)
    return people


def loads(people):
    return Counter(one for group in people.values() for one in group)


def pairs(people):
    return Counter(tuple(sorted(group)) for group in people.values())


def test_pairs_screen_together_and_nobody_else(many):
    many.rules = {"title_abstract": {"pairs": PAIRS}}
    found = pairs(asked(many.send()))
    assert set(found) == {("ann", "bob"), ("cat", "dan")}
    assert all(250 <= n <= 350 for n in found.values())


@pytest.mark.parametrize("shares", [{"ann": 2}, {"ann": 2, "bob": 3}, {"ann": 2, "bob": 2, "cat": 1, "dan": 1}])
def test_a_pair_takes_the_share_of_its_members_the_smaller_if_they_differ(many, shares):
    many.rules = {"title_abstract": {"pairs": PAIRS, "shares": shares}}
    found = pairs(asked(many.send()))
    assert 360 <= found["ann", "bob"] <= 440
    assert found["ann", "bob"] + found["cat", "dan"] == 600


def test_shares_without_pairs_are_those_of_the_work_and_everybody_works_with_everybody(many):
    many.rules = {"title_abstract": {"shares": {"ann": 3, "bob": 2, "eve": 0}}}  # cat and dan: 1
    people = asked(many.send())
    assert {len(group) for group in people.values()} == {2}
    load = loads(people)
    assert "eve" not in load
    for who, share in {"ann": 3, "bob": 2, "cat": 1, "dan": 1}.items():
        assert abs(load[who] - 1200 * share / 7) < 60, who
    assert set(pairs(people)) == {
        ("ann", "bob"),
        ("ann", "cat"),
        ("ann", "dan"),
        ("bob", "cat"),
        ("bob", "dan"),
        ("cat", "dan"),
    }


def test_shares_count_for_a_single_reviewer_too(many):
    many.rules = {
        "full_text": {"shares": {"ann": 0}},
        "title_abstract": {"reviewers": 1, "shares": {"ann": 4, "dan": 0, "eve": 0}},
    }
    load = loads(asked(many.send()))
    assert sum(load.values()) == 600
    assert 350 <= load["ann"] <= 450
    assert set(load) == {"ann", "bob", "cat"}


def test_somebody_stands_in_for_the_one_of_a_pair_who_is_away(many):
    many.rules = {"title_abstract": {"pairs": PAIRS}}
    whole = asked(many.send())
    other = type(many)(people=PEOPLE, papers=many.papers, rules=many.rules, away=("ann",))
    without = asked(other.send())
    for citation, group in whole.items():
        assert len(without[citation]) == 2
        assert group == without[citation] if "ann" not in group else "bob" in without[citation]
    stood_in = loads({one: without[one] - {"bob"} for one, group in whole.items() if "ann" in group})
    assert set(stood_in) == {"cat", "dan", "eve"}
    assert all(n > 60 for n in stood_in.values())
    other.away = ()
    assert other.send(NEXT) == []  # and who comes back finds nothing reshuffled


def test_what_is_out_goes_on_to_others_while_one_of_the_pair_is_away(many):
    many.rules = {"title_abstract": {"pairs": PAIRS}}
    before = asked(many.send())
    many.away = ("ann", "bob")
    after = asked(many.send(NEXT))
    assert set(after) == {one for one, group in before.items() if group == {"ann", "bob"}}
    assert {len(group) for group in after.values()} == {2}
    assert set(loads(after)) == {"cat", "dan", "eve"}


def test_who_has_no_share_is_asked_where_nobody_else_is_left(many):
    many.rules = {"title_abstract": {"shares": {"ann": 0, "bob": 0}}}
    many.away = ("cat", "dan")
    assert {group == {"eve", "ann"} or group == {"eve", "bob"} for group in asked(many.send()).values()} == {True}


def test_nothing_that_is_out_is_reshuffled_and_the_other_of_the_pair_completes_it(many):
    many.papers = {one: many.papers[one] for one in sorted(many.papers)[:200]}
    many.rules = {"title_abstract": {"pairs": PAIRS}}
    before = asked(many.send())
    many.rules = {"title_abstract": {"pairs": [["ann", "eve"], ["cat", "bob"]], "shares": {"cat": 5}}}
    assert many.send(NEXT) == []
    many.people = tuple(one for one in PEOPLE if one.id != "dan")
    after = asked(many.send(NEXT))
    assert after == {one: {"bob"} for one, group in before.items() if "dan" in group}  # cat's new partner, whatever the slot


def test_it_is_the_same_on_every_machine(many):
    many.rules = {"title_abstract": {"shares": {"ann": 2}}}
    people = asked(many.send())
    assert [sorted(people[f"c00{number}"]) for number in range(5)] == [
        ["ann", "dan"],
        ["ann", "eve"],
        ["ann", "dan"],
        ["ann", "bob"],
        ["ann", "cat"],
    ]


@pytest.mark.parametrize("stage", ["title_abstract", "full_text"])
def test_what_reviewers_do_not_see_is_in_no_file(new_world, stage):
    world = new_world(people=PEOPLE[:2], papers={"c1": ["r1"]}, rules={stage: {"blind": ["authors", "year", "journal", "doi"]}})
    if stage == "full_text":
        world.arrived("c1")
    [file, _] = [one for one in world.send() if one.task == stage]
    assert file.columns == (*LEADING, "title", "abstract", *ENTRY[stage])
    book = workbook_read.read(workbook.write(file, datetime(2024, 3, 1)))
    assert book.columns == read(write(file)).columns == file.columns
    texts = [write(file), *(handed_over.file_for(tool, file)[1] for tool in handed_over.TOOLS), repr(book).encode()]
    for text in texts:
        assert b"Title of c1" in text
        assert b"Doe, J" not in text
        assert b"2020" not in text
    ris = handed_over.file_for("rayyan", file)[1].decode()
    assert not {line[:2] for line in ris.splitlines()} & {"AU", "PY", "JO", "DO"}
    [asreview] = csv.DictReader(io.StringIO(handed_over.file_for("asreview", file)[1].decode(), newline=""))
    assert [asreview[name] for name in ("authors", "year", "journal", "doi")] == [""] * 4


def test_a_conflict_is_as_blind_as_its_stage_and_the_file_comes_back(new_world, fill):
    world = new_world(people=PEOPLE, papers={"c1": ["r1"]}, rules={"title_abstract": {"blind": ["authors"]}})
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "exclude")
    [file] = world.send()
    assert (file.task, "authors" in file.columns, "year" in file.columns) == ("title_abstract_conflict", False, True)
    taken = world.take(fill(file, decision="include"))
    assert (taken.refused, taken.logs["log.resolution"].num_rows) == ((), 1)
    world.append(taken)
    [sought] = world.send(NEXT)
    assert (sought.task, sought.rows[0]["authors"]) == ("retrieval", "Doe, J; Roe, R")  # a library needs all of it
