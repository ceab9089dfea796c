"""What is taken out before anybody screens it, by a tool or for another reason, and how people have the last word."""

from __future__ import annotations

from datetime import datetime

import pytest

from tasks.formats.worklist import read
from tasks.screening import states

HEAD = "citation_id,title,stage,decision,reviewer,tool,note\n"
AUTOMATION = {"automation": ["robot"]}


@pytest.fixture
def two(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.rules = AUTOMATION
    return world


def returned(world, *rows):
    taken = world.take(read((HEAD + "\n".join(rows)).encode()))
    world.append(taken)
    return taken


def removals(world):
    return {row["citation_id"]: row for row in world.stand()["staging.removal"].to_pylist()}


def test_what_is_out_is_in_its_box_and_nobody_is_asked_about_it(two):
    taken = returned(two, "c1,,removal,automation,lib,robot,", "c2,,removal,Other,ann,,withdrawn by its journal")
    assert taken.refused == ()
    assert (two.position("c1"), two.position("c2")) == (("automation", None), ("removed_other", None))
    assert {name: (row["tool"], row["by"], row["note"]) for name, row in removals(two).items()} == {
        "c1": ("robot", "lib", None),
        "c2": (None, "ann", "withdrawn by its journal"),
    }
    assert two.state("c1")["state"] == states.REMOVED
    assert two.send() == []


def test_it_can_be_kept_after_all_and_taken_out_again(two):
    two.remove("c1", "automation", "robot")
    two.remove("c1", "keep")
    assert two.position("c1")[0] == "awaiting_screening"
    assert removals(two) == {}
    assert {row["citation_id"] for one in two.send() for row in one.rows} == {"c1", "c2"}
    two.remove("c1", "other", note="not yet published")
    assert two.position("c1")[0] == "removed_other"


def test_who_votes_on_it_has_the_last_word(two):
    two.remove("c1", "automation", "robot")
    two.vote("ann", "c1", "include")
    assert two.position("c1")[0] == "awaiting_screening"
    two.vote("bob", "c1", "include")
    assert two.position("c1")[0] == "awaiting_retrieval"
    assert removals(two) == {}


def test_a_list_that_was_decided_elsewhere_has_it_too(two):
    two.remove("c1", "automation", "robot")
    two.outcome("c1", "exclude")
    assert two.position("c1")[0] == "excluded"


def test_it_follows_the_paper_when_records_merge(two):
    two.remove("c2", "automation", "robot")
    two.papers = {"c1": ["r1", "r2"]}
    assert two.position("c1")[0] == "automation"
    two.vote("ann", "c1", "include")
    assert two.position("c1")[0] == "awaiting_screening"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("c1,,removal,automation,lib,other robot,", "tool 'other robot' is not in screening.automation of the protocol"),
        ("c1,,removal,automation,lib,,", "tool '' is not in screening.automation of the protocol"),
        ("c1,,removal,other,lib,,", states.NOT_REMOVABLE["other_without_note"]),
        ("c1,,removal,exclude,lib,,", "decision 'exclude' is not one of automation, other, withdrawn, keep"),
        ("c1,,removal,automation,nobody,robot,", "reviewer 'nobody' is not in the protocol; a name of another tool belongs "
         "into known_as of a person"),
        ("c1,Another title,removal,automation,lib,robot,", "the title is not that of the paper with this id (Title of c1)"),
        ("c2,,removal,automation,lib,robot,", states.NOT_REMOVABLE["after_a_vote"]),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_out_comes_back(two, row, says):
    two.vote("ann", "c2", "exclude")
    taken = returned(two, row)
    assert [one.reason for one in taken.refused] == [says]
    assert taken.logs == {}


def test_a_file_that_was_read_twice_says_nothing_twice(two):
    for _ in range(2):
        two._say("log.removal", "c1", {"decision": "other", "by": "lib", "note": "withdrawn"}, None, "the file", None)
    assert removals(two)["c1"]["note"] == "withdrawn"
    assert two.position("c1")[0] == "removed_other"


def _voted(world, paper):
    world.both(paper, "include")


def _conflict(world, paper):
    world.vote("ann", paper, "include")
    world.vote("bob", paper, "exclude")


def _included(world, paper):
    world.arrived(paper)
    world.both(paper, "include", stage="full_text")


@pytest.mark.parametrize(
    ("before", "was", "then"),
    [
        (lambda world, paper: None, ("awaiting_screening", None), ("removed_other", None)),
        (lambda world, paper: world.vote("ann", paper, "include"), ("awaiting_screening", None), ("excluded", None)),
        (_conflict, ("awaiting_screening", None), ("excluded", None)),
        (_voted, ("awaiting_retrieval", None), ("excluded", None)),
        (lambda world, paper: world.arrived(paper), ("awaiting_decision", None), ("report_excluded", "withdrawn")),
        (_included, ("included", None), ("report_excluded", "withdrawn")),
    ],
)
def test_a_paper_that_was_withdrawn_is_out_where_it_is_and_can_come_back(two, before, was, then):
    before(two, "c1")
    assert two.position("c1") == was
    votes = two.stand()["staging.vote"].num_rows
    taken = returned(two, "c1,,removal,Withdrawn,lib,,retracted by its journal in May")
    assert taken.refused == ()
    assert two.position("c1") == then
    assert "c1" not in {row["citation_id"] for one in two.send() for row in one.rows}
    made = two.stand()
    assert made["staging.vote"].num_rows == votes  # what people said stays, and its agreement
    two._say("log.removal", "c1", {"decision": "keep", "by": "lib"}, None, "", datetime(2024, 3, 10))
    assert two.position("c1") == was


def test_a_vote_that_comes_late_does_not_bring_back_what_was_withdrawn(two):
    two.remove("c1", "withdrawn", note="retracted")
    two.both("c1", "include")
    assert two.position("c1") == ("excluded", None)
    assert two.state("c1")["basis"] == "withdrawal"
    two.amendments = [
        {"date": "2024-03-20", "change": "Wider", "reason": "Asked for", "screen_again": [{"stage": "title_abstract"}]}
    ]
    assert two.position("c1") == ("excluded", None)


def test_a_tool_does_not_take_the_place_of_a_withdrawal(two):
    two.remove("c1", "withdrawn", note="retracted")
    two.remove("c1", "automation", "robot")
    two.vote("ann", "c1", "include")
    assert (two.position("c1"), two.state("c1")["basis"]) == (("excluded", None), "withdrawal")
    two.remove("c1", "keep")
    assert two.position("c1")[0] == "awaiting_screening"


def test_one_whose_text_was_not_to_be_had_stays_there_when_it_is_withdrawn(two):
    two.both("c1", "include")
    two._say("log.retrieval", "c1", {"status": "not_retrieved", "by": "lib"}, None, "", datetime(2024, 3, 6))
    assert two.position("c1")[0] == "not_retrieved"
    two.remove("c1", "withdrawn", note="retracted")
    assert two.position("c1")[0] == "not_retrieved"


def test_who_withdrew_it_has_to_be_told(two):
    [refused] = returned(two, "c1,,removal,withdrawn,lib,,").refused
    assert refused.reason == states.NOT_REMOVABLE["withdrawn_without_note"]
