"""A pilot: all reviewers screen the same papers first, nothing else goes out meanwhile, and its agreement is told apart."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from warehouse.configuration.protocol import Person

NEXT, LATER = datetime(2024, 3, 8), datetime(2024, 3, 12)


@pytest.fixture
def piloted(new_world):
    return new_world(
        papers={f"c{number:02}": [f"r{number:02}"] for number in range(30)}, rules={"title_abstract": {"pilot": 8}}
    )


def papers(files):
    """(task, reviewer) → papers that are new in the file."""
    return {(one.task, one.reviewer): {cells["citation_id"] for cells in one.new} for one in files}


def everybody_votes(world, decisions=lambda who, citation: "include", people=("ann", "bob", "cat")):
    for citation in sorted(row["citation_id"] for row in world.logs["log.pilot"]):
        for who in people:
            world.vote(who, citation, decisions(who, citation), as_of=datetime(2024, 3, 5))


def test_all_reviewers_get_the_same_papers_and_nothing_else_goes_out_until_all_have_voted(piloted):
    files = piloted.send()
    sent = papers(files)
    drawn = sent["title_abstract", "ann"]
    assert len(drawn) == 8
    assert sent == {("title_abstract", who): drawn for who in ("ann", "bob", "cat")}
    assert all(any("This is the pilot" in line for line in one.guide) for one in files)
    assert piloted.pilot() == [("title_abstract", who, 8) for who in ("ann", "bob", "cat")]
    piloted.papers["c99"] = ["r99"]
    assert piloted.send(NEXT) == []
    everybody_votes(piloted, people=("ann", "bob"))
    first = min(drawn)
    piloted.vote("cat", first, "exclude", as_of=datetime(2024, 3, 5))
    assert piloted.pilot() == [("title_abstract", "cat", 7)]
    assert {task for task, _ in papers(piloted.send(NEXT))} == {
        "retrieval"
    }  # no conflict either: cat is still to be asked alone
    for citation in drawn - {first}:
        piloted.vote("cat", citation, "include", as_of=datetime(2024, 3, 5))
    assert piloted.pilot() == []
    after = piloted.send(LATER)
    sent = papers(after)
    assert sent["title_abstract_conflict", "jo"] == {first}
    ordinary = Counter(one for (task, _), of_one in sent.items() if task == "title_abstract" for one in of_one)
    assert ordinary == dict.fromkeys(set(piloted.papers) - drawn, 2)
    assert not any("the pilot" in line for one in after for line in one.guide)


def test_one_who_differs_is_a_conflict_and_votes_of_the_pilot_count(piloted):
    piloted.send()
    odd = piloted.logs["log.pilot"][3]["citation_id"]
    everybody_votes(piloted, lambda who, citation: "exclude" if (who, citation) == ("cat", odd) else "include")
    assert (piloted.state(odd)["state"], piloted.state(odd)["votes"]) == ("conflict", 3)
    assert Counter(row["state"] for row in piloted.stand()["staging.screening"].to_pylist() if row["votes"] == 3) == {
        "conflict": 1,
        "decided": 7,
    }


def test_the_draw_is_a_hash_and_is_frozen(piloted, new_world):
    drawn = papers(piloted.send())["title_abstract", "ann"]
    assert drawn != set(sorted(piloted.papers)[:8])
    again = new_world(papers=dict(reversed(piloted.papers.items())), rules=piloted.rules)
    assert papers(again.send())["title_abstract", "ann"] == drawn
    piloted.papers |= {f"d{number:02}": [f"s{number:02}"] for number in range(200)}
    assert piloted.send(NEXT) == []  # a paper whose hash would have come first changes nothing
    piloted.rules = {"title_abstract": {"pilot": 10}}
    assert {len(one) for one in papers(piloted.send(NEXT)).values()} == {2}  # more is added
    piloted.rules = {"title_abstract": {"pilot": 3}}
    assert len(piloted.logs["log.pilot"]) == 10  # and nothing leaves


def test_who_is_away_is_not_waited_for_and_who_joins_later_is_not_asked(piloted):
    piloted.away = ("cat",)
    assert set(papers(piloted.send())) == {("title_abstract", "ann"), ("title_abstract", "bob")}
    piloted.people += (Person(id="dan"),)
    assert set(papers(piloted.send(NEXT))) == {("title_abstract", "dan")}  # joins while it is open
    everybody_votes(piloted, people=("ann", "bob"))
    assert piloted.pilot() == [("title_abstract", "dan", 8)]
    piloted.away = ("cat", "dan")
    assert piloted.pilot() == []
    piloted.away = ()
    piloted.people = (*(one for one in piloted.people if one.id != "dan"), Person(id="eve"))
    drawn = {row["citation_id"] for row in piloted.logs["log.pilot"]}
    sent = papers(piloted.send(LATER))
    assert ("title_abstract", "cat") in sent
    assert not any(drawn & of_one for (task, _), of_one in sent.items() if task == "title_abstract")


def test_who_comes_back_does_not_open_a_pilot_again_that_is_over(piloted):
    piloted.send()
    drawn = {row["citation_id"] for row in piloted.logs["log.pilot"]}
    everybody_votes(piloted, people=("ann", "bob"))
    piloted.away = ("cat",)
    assert piloted.pilot() == []
    assert piloted.send(NEXT), "the others go on"
    piloted.away = ()
    piloted.papers["c99"] = ["r99"]
    assert piloted.pilot() == []
    sent = papers(piloted.send(LATER))
    assert {"c99"} == set().union(*(of_one for (task, _), of_one in sent.items() if task == "title_abstract")) - drawn


def test_a_pilot_can_be_ended_by_the_protocol(piloted):
    piloted.send()
    piloted.rules = {"title_abstract": {"pilot": 0}}
    assert piloted.pilot() == []
    ordinary = Counter(one for of_one in papers(piloted.send(NEXT)).values() for one in of_one)
    drawn = {row["citation_id"] for row in piloted.logs["log.pilot"]}
    assert ordinary == dict.fromkeys(set(piloted.papers) - drawn, 2)


def test_what_others_decided_or_took_out_is_in_no_pilot(new_world):
    world = new_world(papers={f"c{number}": [f"r{number}"] for number in range(5)}, rules={"title_abstract": {"pilot": 9}})
    world.vote("ann", "c0", "include")
    world.outcome("c1", "include")
    world.remove("c2", "other", note="withdrawn")
    assert papers(world.send())["title_abstract", "bob"] == {"c3", "c4"}
    assert world.send(NEXT) == []
    world.remove("c3", "other", note="withdrawn")
    assert world.pilot() == [("title_abstract", who, 1) for who in ("ann", "bob", "cat")]


def test_a_pilot_of_full_texts_is_of_those_that_are_there(world):
    world.papers = {f"c{number}": [f"r{number}"] for number in range(3)}
    world.rules = {"full_text": {"pilot": 2}}
    for citation in world.papers:
        world.arrived(citation)
    sent = papers(world.send())
    assert {len(of_one) for of_one in sent.values()} == {2}
    assert set(sent) == {("full_text", who) for who in ("ann", "bob", "cat")}


def test_agreement_of_the_pilot_is_told_apart_of_each_two_and_follows_the_paper(piloted):
    piloted.send()
    everybody_votes(piloted, lambda who, citation: "exclude" if who == "cat" else "include")
    other = next(one for one in sorted(piloted.papers) if one not in {row["citation_id"] for row in piloted.logs["log.pilot"]})
    piloted.both(other, "include")
    moved = piloted.logs["log.pilot"][0]
    piloted.papers["c98"] = [*piloted.papers.pop(moved["citation_id"]), "r98"]
    rows = piloted.stand()["staging.agreement_pair"].to_pylist()
    assert [row["citation_id"] for row in rows if row["round"] == 1] == [other]
    pilot = [row for row in rows if row["round"] == 0]
    assert len(pilot) == 8
    assert "c98" in {row["citation_id"] for row in pilot}
    assert {(row["voters"], row["includers"]) for row in pilot} == {(3, 2)}
    assert len({(row["reviewer_a"], row["reviewer_b"]) for row in pilot}) == 3  # a hash picks the two


def test_what_is_screened_again_is_no_pilot(piloted):
    piloted.send()
    everybody_votes(piloted, lambda who, citation: "exclude")
    piloted.amendments = [
        {"date": "2024-03-06", "change": "Wider", "reason": "Pilot", "screen_again": [{"stage": "title_abstract"}]}
    ]
    drawn = {row["citation_id"] for row in piloted.logs["log.pilot"]}
    assert piloted.pilot() == []
    again = Counter(one for of_one in papers(piloted.send(NEXT)).values() for one in of_one)
    assert {again[one] for one in drawn} == {2}


def test_papers_that_were_out_before_a_pilot_stand_after_it_in_its_file(piloted):
    piloted.rules = {}
    before = piloted.send()[0]
    piloted.papers |= {f"p{number}": [f"q{number}"] for number in range(3)}
    piloted.rules = {"title_abstract": {"pilot": 3}}
    ann = piloted.send(NEXT)[0]
    assert {cells["citation_id"] for cells in ann.rows[:3]} == {cells["citation_id"] for cells in ann.new} == {"p0", "p1", "p2"}
    assert list(ann.rows[3:]) == list(before.rows)
    assert any("The first 3 papers are the pilot" in line for line in ann.guide)
