"""A tool that the protocol names is one of two voices at title and abstract, and never a person's."""

from __future__ import annotations

from datetime import datetime

import pytest

from tasks.formats.worklist import read
from tasks.screening import states

HEAD = "citation_id,title,stage,decision,reviewer,tool,note\n"
ROBOT = {"title_abstract": {"tool": "robot"}}
DECIDES = {"title_abstract": {"tool": "robot", "tool_decides": "exclude"}}
NEXT = datetime(2024, 3, 8)


@pytest.fixture
def two(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.rules = ROBOT
    return world


def returned(world, *rows, as_of=datetime(2024, 3, 9)):
    taken = world.take(read((HEAD + "\n".join(rows)).encode()), as_of=as_of)
    world.append(taken)
    return taken


def stands(world, citation):
    row = world.state(citation)
    return row["state"], row["decision"], row["basis"], row["votes"]


def asked(files):
    return {(one.task, cells["citation_id"]): one.reviewer for one in files for cells in one.rows}


def test_its_votes_come_in_a_table_and_one_person_is_asked_where_it_has_voted(two):
    taken = returned(two, "c1,Title of c1,title_abstract,Exclude,lib,robot,score 0.01")
    assert taken.refused == ()
    [vote] = taken.logs["log.tool_vote"].to_pylist()
    assert list(taken.logs) == ["log.tool_vote"]
    assert {name: vote[name] for name in ("citation_id", "record_ids", "stage", "round", "tool", "decision", "note", "by")} == {
        "citation_id": "c1", "record_ids": ["r1"], "stage": "title_abstract", "round": 1, "tool": "robot",
        "decision": "exclude", "note": "score 0.01", "by": "lib",
    }  # fmt: skip
    assert stands(two, "c1") == ("awaiting_votes", None, None, 0)  # it decides nothing alone
    files = two.send()
    assert [sum(cells["citation_id"] == paper for one in files for cells in one.rows) for paper in ("c1", "c2")] == [1, 2]
    assert two.send(NEXT) == []


@pytest.mark.parametrize("said", [("exclude", "exclude"), ("include", "maybe"), ("maybe", "include")])
def test_a_person_and_the_tool_of_one_mind_decide(two, said):
    two.tool_vote("c1", said[0])
    two.vote("ann", "c1", said[1])
    decision = "exclude" if said[0] == "exclude" else "include"
    assert stands(two, "c1") == ("decided", decision, "votes_and_tool", 1)
    assert two.position("c1")[0] == ("excluded" if decision == "exclude" else "awaiting_retrieval")
    made = two.stand()
    assert made["staging.vote"].num_rows == 1
    assert made["staging.agreement_pair"].num_rows == 0  # no second person has voted


@pytest.mark.parametrize("conflicts", ["third", "discussion", "either"])
def test_where_they_differ_somebody_else_settles(two, fill, conflicts):
    two.rules = {"title_abstract": {"tool": "robot", "conflicts": conflicts}}
    two.tool_vote("c1", "exclude")
    two.vote("ann", "c1", "include")
    assert stands(two, "c1") == ("conflict", None, None, 1)
    [file] = [one for one in two.send() if one.task == "title_abstract_conflict"]
    assert (file.reviewer, file.rows[0]["votes"]) == ("jo", "include | exclude")
    assert "Where one person has decided, the other voice is that of robot." in file.guide
    line = "citation_id,worklist_id,task,reviewer,title,check,decision\n"
    if conflicts != "either":
        forged = line + f"c1,{file.id},title_abstract_conflict,ann,Title of c1,{file.rows[0]['check']},include"
        [refused] = two.take(read(forged.encode())).refused
        assert states.ILLEGAL["title_abstract", "resolved_by_voter"] in refused.reason
    two.append(two.take(fill(file, decision="exclude")))
    assert stands(two, "c1") == ("decided", "exclude", "resolution", 1)


def test_two_people_need_no_tool_and_go_before_it(two):
    two.both("c1", "include")
    two.tool_vote("c1", "exclude")
    assert stands(two, "c1") == ("decided", "include", "votes", 2)
    two.vote("bob", "c1", "exclude")
    assert stands(two, "c1") == ("conflict", None, None, 2)
    [file] = [one for one in two.send() if one.task == "title_abstract_conflict"]
    assert file.rows[0]["votes"] == "include | exclude"  # those of the two people, and no third voice


def test_it_decides_alone_only_what_the_protocol_says_until_somebody_votes(two):
    two.rules = DECIDES
    two.tool_vote("c1", "exclude")
    two.tool_vote("c2", "include")
    assert stands(two, "c1") == ("decided", "exclude", "tool", 0)
    assert stands(two, "c2") == ("awaiting_votes", None, None, 0)
    assert two.position("c1") == ("excluded", None)
    assert {paper for _, paper in asked(two.send())} == {"c2"}
    two.vote("ann", "c1", "include")
    assert stands(two, "c1")[0] == "conflict"
    two.vote("ann", "c1", "exclude")
    assert stands(two, "c1") == ("decided", "exclude", "votes_and_tool", 1)


def test_a_single_reviewer_decides_alone_and_the_tool_before(two):
    two.rules = {"title_abstract": {"reviewers": 1, "tool": "robot", "tool_decides": "exclude"}}
    two.tool_vote("c1", "exclude")
    assert stands(two, "c1") == ("decided", "exclude", "tool", 0)
    two.vote("ann", "c1", "include")
    assert stands(two, "c1") == ("decided", "include", "votes", 1)


def test_its_latest_vote_counts_and_what_it_contradicts_after_a_merge_does_not(two):
    two.rules = DECIDES
    two.tool_vote("c1", "exclude")
    two.tool_vote("c1", "include")
    assert stands(two, "c1")[0] == "awaiting_votes"
    two.tool_vote("c2", "exclude")
    two.papers = {"c1": ["r1", "r2"]}
    assert stands(two, "c1")[0] == "awaiting_votes"
    assert len(two.send()) == 2
    votes = two.stand()["staging.tool_vote"].to_pylist()
    assert [(vote["said_of"], vote["decision"], vote["superseded"]) for vote in votes] == [
        ("c1", "exclude", True), ("c1", "include", False), ("c2", "exclude", False)
    ]  # fmt: skip
    two.papers = {"c1": ["r1"], "c2": ["r2"]}
    assert stands(two, "c2") == ("decided", "exclude", "tool", 0)


def test_a_tool_that_the_protocol_no_longer_names_has_decided_nothing(two):
    two.rules = DECIDES
    two.tool_vote("c1", "exclude")
    two.tool_vote("c2", "exclude")
    two.vote("ann", "c2", "exclude")
    two.rules = {}
    assert [stands(two, paper)[0] for paper in ("c1", "c2")] == ["awaiting_votes"] * 2
    files = two.send()
    assert [sum(cells["citation_id"] == paper for one in files for cells in one.rows) for paper in ("c1", "c2")] == [2, 1]
    assert two.stand()["staging.tool_vote"].num_rows == 2


def test_rules_that_change_put_its_decisions_in_question_too(two):
    two.rules = DECIDES
    returned(two, "c1,,title_abstract,exclude,lib,robot,", as_of=datetime(2024, 3, 2))
    again = {"stage": "title_abstract", "decision": "exclude"}
    two.amendments = [{"date": "2024-03-05", "change": "Wider", "reason": "Asked for", "screen_again": [again]}]
    assert (two.state("c1")["round"], two.state("c1")["state"]) == (2, "awaiting_votes")
    [row] = returned(two, "c1,,title_abstract,exclude,lib,robot,again").logs["log.tool_vote"].to_pylist()
    assert row["round"] == 2
    assert (two.state("c1")["round"], *stands(two, "c1")) == (2, "decided", "exclude", "tool", 0)


def test_what_was_taken_out_or_decided_on_a_list_is_not_its_to_decide(two):
    two.rules = DECIDES
    two.remove("c1", "other", note="withdrawn")
    two.outcome("c2", "include")
    two.tool_vote("c1", "exclude")
    two.tool_vote("c2", "exclude")
    assert (two.position("c1")[0], two.position("c2")[0]) == ("removed_other", "awaiting_retrieval")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("c1,,title_abstract,exclude,lib,other,", states.NO_VOICE["unknown_tool"].format(tool="other")),
        ("c1,,full_text,exclude,lib,robot,", states.NO_VOICE["at_full_text"]),
        ("c1,,title_abstract,ongoing,lib,robot,", "decided on the full text"),
        ("c1,,title_abstract,exclude,nobody,robot,", "reviewer 'nobody' is not in the protocol"),
        ("c1,Another title,title_abstract,exclude,lib,robot,", "the title is not that of the paper"),
    ],
)
def test_what_has_no_voice_comes_back(two, row, says):
    taken = returned(two, row)
    assert taken.logs == {}
    assert says in taken.refused[0].reason


def test_its_vote_needs_nobody_to_have_been_asked(two):
    two.send()
    taken = returned(two, "c1,,title_abstract,exclude,lib,robot,", "c1,,title_abstract,include,ann,,")
    assert (taken.refused, taken.unasked <= 1) == ((), True)
    assert sorted(taken.logs) == ["log.tool_vote", "log.vote"]
    assert stands(two, "c1")[0] == "conflict"
