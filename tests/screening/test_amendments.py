"""A change of the rules puts the decisions that it names in question: they are asked for anew, and no vote is lost."""

from datetime import date, datetime

import pytest

from warehouse.configuration.amendments import Again

AMENDED = date(2024, 3, 5)
SOONER, LATER = datetime(2024, 3, 4, 23), datetime(2024, 3, 5, 9)


def _amend(world, on=AMENDED, **again):
    world.amendments = [*world.amendments, {"date": on, "change": "Wider", "reason": "Asked for", "screen_again": [again]}]


def _both(world, paper, decision, reason=None, *, stage="title_abstract", as_of=SOONER, round=1):
    for who in ("ann", "bob"):
        world.vote(who, paper, decision, reason, stage=stage, as_of=as_of, round=round)


def _stands(world, paper, stage="title_abstract"):
    row = world.state(paper, stage)
    return row["round"], row["state"], row["decision"], row["votes"]


def test_the_decisions_that_are_named_are_asked_for_anew_and_others_stand(world):
    world.papers = {f"c{number}": [f"r{number}"] for number in range(1, 6)}
    for paper, reason in (("c1", "population"), ("c2", "design")):
        _both(world, paper, "include")
        world.retrieve(paper, "arrived")
        _both(world, paper, "exclude", reason, stage="full_text")
    _both(world, "c3", "exclude")
    _both(world, "c4", "include")
    before = {paper: _stands(world, paper) for paper in world.papers}
    _amend(world, stage="full_text", reasons=["population"])
    assert {paper: _stands(world, paper) for paper in world.papers} == before
    assert _stands(world, "c1", "full_text") == (2, "awaiting_votes", None, 0)
    assert _stands(world, "c2", "full_text") == (1, "decided", "exclude", 2)
    assert world.position("c1") == ("awaiting_decision", None)
    _amend(world, stage="title_abstract")
    assert _stands(world, "c3") == (2, "awaiting_votes", None, 0)
    assert {paper: _stands(world, paper) for paper in world.papers if paper != "c3"} == {
        paper: stood for paper, stood in before.items() if paper != "c3"
    }
    assert world.stand()["staging.vote"].num_rows == 12


def test_the_new_round_is_sent_out_voted_on_and_stands(world, fill):
    _both(world, "c1", "exclude")
    assert world.send() == []
    _amend(world, stage="title_abstract")
    files = world.send(datetime(2024, 3, 6))
    assert [one.task for one in files] == ["title_abstract"] * 2
    for number, file in enumerate(files):
        world.append(world.take(fill(file, decision="exclude"), raw=f"again-{number}", as_of=datetime(2024, 3, 7)))
        assert _stands(world, "c1") == ((2, "awaiting_votes", None, 1) if number == 0 else (2, "decided", "exclude", 2))
    assert world.send(datetime(2024, 3, 8)) == []
    assert [(vote["round"], vote["superseded"]) for vote in world.stand()["staging.vote"].to_pylist()].count((1, False)) == 2
    assert sorted(world.stand()["staging.agreement_pair"].column("round").to_pylist()) == [1, 2]
    _amend(world, date(2024, 4, 1), stage="title_abstract")
    assert _stands(world, "c1") == (3, "awaiting_votes", None, 0)


def test_a_decision_of_the_day_of_the_amendment_stands_and_one_with_an_older_vote_does_not(world):
    world.papers["c2"] = ["r2"]
    _amend(world, stage="title_abstract")
    _both(world, "c1", "exclude", as_of=LATER)
    world.vote("ann", "c2", "exclude", as_of=SOONER)
    world.vote("bob", "c2", "exclude", as_of=LATER)
    assert [_stands(world, one)[0] for one in ("c1", "c2")] == [1, 2]


def test_an_amendment_is_not_in_force_before_its_day(world):
    _both(world, "c1", "exclude")
    _amend(world, stage="title_abstract")
    world.as_of = SOONER
    assert _stands(world, "c1") == (1, "decided", "exclude", 2)
    world.as_of = LATER
    assert _stands(world, "c1") == (2, "awaiting_votes", None, 0)


@pytest.mark.parametrize(("as_of", "round"), [(SOONER, 2), (LATER, 1)])
def test_a_settled_conflict_goes_by_the_day_on_which_it_was_settled(world, as_of, round):
    world.vote("ann", "c1", "include", as_of=SOONER)
    world.vote("bob", "c1", "exclude", as_of=SOONER)
    _amend(world, stage="title_abstract")
    assert _stands(world, "c1") == (1, "conflict", None, 2)
    world.resolve("c1", "exclude", as_of=as_of)
    assert _stands(world, "c1")[0] == round


def test_an_imported_outcome_is_put_to_people(world):
    world.outcome("c1", "exclude")
    _amend(world, stage="title_abstract")
    assert _stands(world, "c1") == (2, "awaiting_votes", None, 0)
    _both(world, "c1", "include", as_of=LATER, round=2)
    assert _stands(world, "c1") == (2, "decided", "include", 2)


def test_an_inclusion_in_question_waits_with_its_full_text_and_comes_back_with_it(world):
    world.arrived("c1")
    world.both("c1", "include", stage="full_text")
    assert world.position("c1") == ("included", None)
    _amend(world, stage="title_abstract", decision="include")
    assert world.position("c1") == ("awaiting_screening", None)
    _both(world, "c1", "include", as_of=LATER, round=2)
    assert world.position("c1") == ("included", None)


@pytest.mark.parametrize(
    ("again", "says"),
    [
        ({"stage": "title_abstract", "reasons": ["design"]}, "reasons are of exclusions at full text"),
        ({"stage": "full_text", "decision": "include", "reasons": ["design"]}, "reasons are of exclusions at full text"),
        ({"stage": "title_abstract", "decision": "ongoing"}, "is decided on the full text"),
    ],
)
def test_what_no_decision_can_be_is_refused(again, says):
    with pytest.raises(ValueError, match=says):
        Again.model_validate(again)
