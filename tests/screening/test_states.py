"""Each state change that is legal happens in the tables; each that is not does nothing, and has words."""

from itertools import product

import pytest

from tasks.screening import states
from tasks.screening.states import AWAITING, CONFLICT, DECIDED, REMOVED, Change

LEGAL = {
    ("title_abstract", AWAITING, "too_few"): Change(AWAITING),
    ("title_abstract", AWAITING, "removed"): Change(REMOVED),
    ("title_abstract", AWAITING, "differ"): Change(CONFLICT),
    ("title_abstract", AWAITING, "outcomes_differ"): Change(CONFLICT),
    ("title_abstract", AWAITING, "agree_include"): Change(DECIDED, "include", "votes"),
    ("title_abstract", AWAITING, "agree_exclude"): Change(DECIDED, "exclude", "votes"),
    ("title_abstract", AWAITING, "agree_with_tool_include"): Change(DECIDED, "include", "votes_and_tool"),
    ("title_abstract", AWAITING, "agree_with_tool_exclude"): Change(DECIDED, "exclude", "votes_and_tool"),
    ("title_abstract", AWAITING, "tool_exclude"): Change(DECIDED, "exclude", "tool"),
    ("title_abstract", AWAITING, "outcome_include"): Change(DECIDED, "include", "outcome"),
    ("title_abstract", AWAITING, "outcome_exclude"): Change(DECIDED, "exclude", "outcome"),
    ("title_abstract", CONFLICT, "resolved_include"): Change(DECIDED, "include", "resolution"),
    ("title_abstract", CONFLICT, "resolved_exclude"): Change(DECIDED, "exclude", "resolution"),
    ("title_abstract", AWAITING, "withdrawn"): Change(DECIDED, "exclude", "withdrawal"),
    ("title_abstract", CONFLICT, "withdrawn"): Change(DECIDED, "exclude", "withdrawal"),
    ("title_abstract", DECIDED, "withdrawn"): Change(DECIDED, "exclude", "withdrawal"),
    ("full_text", AWAITING, "withdrawn"): Change(DECIDED, "exclude", "withdrawal"),
    ("full_text", CONFLICT, "withdrawn"): Change(DECIDED, "exclude", "withdrawal"),
    ("full_text", DECIDED, "withdrawn"): Change(DECIDED, "exclude", "withdrawal"),
    ("full_text", AWAITING, "too_few"): Change(AWAITING),
    ("full_text", AWAITING, "differ"): Change(CONFLICT),
    ("full_text", AWAITING, "outcomes_differ"): Change(CONFLICT),
} | {
    ("full_text", state, f"{event}_{decision}"): Change(DECIDED, decision, basis)
    for state, event, basis in (
        (AWAITING, "agree", "votes"),
        (AWAITING, "outcome", "outcome"),
        (CONFLICT, "resolved", "resolution"),
    )
    for decision in ("include", "exclude", "awaiting_classification", "ongoing")
}
EVERY = list(product(states.STAGES, (AWAITING, CONFLICT, DECIDED, REMOVED), sorted({event for _, _, event in LEGAL})))


def test_the_table_holds_the_legal_changes_and_no_other():
    assert states.TRANSITIONS == LEGAL


@pytest.mark.parametrize(("stage", "state", "event"), EVERY)
def test_a_change_is_legal_or_does_nothing(stage, state, event):
    assert states.change(stage, state, event) == LEGAL.get((stage, state, event))


@pytest.mark.parametrize(
    ("stage", "decision", "reason", "says"),
    [
        ("title_abstract", "include", None, None),
        ("title_abstract", "exclude", None, None),
        ("title_abstract", "exclude", "design", None),
        ("title_abstract", "maybe", None, None),
        ("title_abstract", "ongoing", None, "decided on the full text"),
        ("title_abstract", "awaiting_classification", None, "decided on the full text"),
        ("title_abstract", "perhaps", None, "not one of include, maybe, exclude"),
        ("full_text", "include", None, None),
        ("full_text", "exclude", "design", None),
        ("full_text", "awaiting_classification", None, None),
        ("full_text", "ongoing", None, None),
        ("full_text", "maybe", None, "maybe is for title and abstract"),
        ("full_text", "exclude", None, "needs a reason"),
        ("full_text", "include", "design", "not exclude"),
    ],
)
def test_what_may_be_decided_and_the_words_where_it_may_not(stage, decision, reason, says):
    said = states.refusal(stage, decision, reason)
    assert said is None if says is None else says in (said or "")


EXCLUDE = ("exclude", "design")
VOTES = [
    ("title_abstract", [], (AWAITING, None, None, None, 0)),
    ("title_abstract", [("include", None)], (AWAITING, None, None, None, 1)),
    ("title_abstract", [("include", None), ("include", None)], (DECIDED, "include", None, "votes", 2)),
    ("title_abstract", [("include", None), ("maybe", None)], (DECIDED, "include", None, "votes", 2)),
    ("title_abstract", [("maybe", None), ("maybe", None)], (DECIDED, "include", None, "votes", 2)),
    ("title_abstract", [EXCLUDE, ("exclude", None)], (DECIDED, "exclude", None, "votes", 2)),
    ("title_abstract", [("maybe", None), ("exclude", None)], (CONFLICT, None, None, None, 2)),
    ("full_text", [], (AWAITING, None, None, None, 0)),
    ("full_text", [EXCLUDE], (AWAITING, None, None, None, 1)),
    ("full_text", [EXCLUDE, EXCLUDE], (DECIDED, "exclude", "design", "votes", 2)),
    ("full_text", [EXCLUDE, ("exclude", "population")], (CONFLICT, None, None, None, 2)),
    ("full_text", [("include", None), EXCLUDE], (CONFLICT, None, None, None, 2)),
    ("full_text", [("include", None), ("ongoing", None)], (CONFLICT, None, None, None, 2)),
    ("full_text", [("include", None), ("include", None)], (DECIDED, "include", None, "votes", 2)),
    ("full_text", [("ongoing", None), ("ongoing", None)], (DECIDED, "ongoing", None, "votes", 2)),
    ("full_text", [("maybe", None), ("maybe", None)], (AWAITING, None, None, None, 0)),  # illegal: counts for nothing
    ("full_text", [("awaiting_classification", None)] * 2, (DECIDED, "awaiting_classification", None, "votes", 2)),
]


def _state(world, stage):
    if stage == "full_text":
        world.arrived("c1")
    return _told(world.state("c1", stage))


def _told(row):
    return row["state"], row["decision"], row["reason"], row["basis"], row["votes"]


@pytest.fixture(scope="module")
def voted(new_world):
    """One paper for each case of VOTES, with its votes."""
    world = new_world(papers={f"c{number}": [f"r{number}"] for number in range(len(VOTES))})
    for number, (stage, votes, _) in enumerate(VOTES):
        if stage == "full_text":
            world.arrived(f"c{number}")
        for who, (decision, reason) in zip(("ann", "bob"), votes, strict=False):
            world.vote(who, f"c{number}", decision, reason, stage=stage)
    return world


@pytest.mark.parametrize("number", range(len(VOTES)))
def test_votes_move_a_citation(voted, number):
    stage, _, expected = VOTES[number]
    assert _told(voted.state(f"c{number}", stage)) == expected


@pytest.mark.parametrize("decision", ["include", "exclude"])
@pytest.mark.parametrize("stage", states.STAGES)
def test_a_resolution_decides_a_conflict_and_nothing_else(world, stage, decision):
    reason = "population" if (stage, decision) == ("full_text", "exclude") else None
    world.vote("ann", "c1", "include", stage=stage)
    world.resolve("c1", decision, reason, stage=stage)
    before = _state(world, stage)
    world.vote("bob", "c1", *EXCLUDE, stage=stage)
    after = _state(world, stage)
    world.vote("bob", "c1", "include", stage=stage)
    agreed = _state(world, stage)
    assert before == (AWAITING, None, None, None, 1)
    assert after == (DECIDED, decision, reason, "resolution", 2)
    assert agreed == (DECIDED, "include", None, "votes", 2)


@pytest.mark.parametrize("stage", states.STAGES)
def test_one_reviewer_is_enough_where_the_protocol_says_so(world, stage):
    world.rules = {stage: {"reviewers": 1}}
    world.vote("ann", "c1", "include", stage=stage)
    assert _state(world, stage)[:2] == (DECIDED, "include")


def _expected(stage, state, event, before):
    """The state after an event: as the table says, else what follows from the reason why it has no row there."""
    told = states.TRANSITIONS.get((stage, state, event))
    if told:
        return told
    if event.startswith("resolved_"):
        return before  # only a conflict can be settled
    if "tool" in event and state in (DECIDED, REMOVED) and (event == "tool_exclude" or state == DECIDED):
        return before  # what a tool says counts where fewer people have voted than the protocol asks for
    if event == "tool_exclude":
        return before
    if event == "withdrawn":
        return before  # what is out before screening stays there
    if event == "removed" or (event.startswith("outcome") and state != REMOVED):
        return before  # people's votes go before imported lists, and both before what was taken out
    return states.TRANSITIONS[stage, AWAITING, event]  # a ballot is judged anew when a vote changes: from the start


def _vote(world, paper, stage, *decisions, round=1):
    for who, decision in zip(("ann", "bob"), decisions, strict=False):
        world.vote(
            who, paper, decision, "design" if (stage, decision) == ("full_text", "exclude") else None, stage=stage, round=round
        )


def _bring_to(world, paper, stage, state, event):
    if stage == "full_text":
        world.arrived(paper)
    if state == CONFLICT and event.startswith("agree_with_tool"):
        _vote(world, paper, stage, "include")
        world.tool_vote(paper, "exclude")
    elif state == CONFLICT:
        _vote(world, paper, stage, "include", "exclude")
    if (stage, state, event) == ("title_abstract", AWAITING, "withdrawn"):
        _vote(world, paper, stage, "include")
    if state == REMOVED:
        world.remove(paper, "other", note="withdrawn")
    if state == DECIDED:  # on something else than the event says
        _vote(world, paper, stage, *["exclude" if event.endswith("_include") else "include"] * 2)


def _happen(world, paper, stage, state, event):
    family, _, decision = event.partition("_")
    reason = "design" if (stage, decision) == ("full_text", "exclude") else None
    if event == "too_few":  # nobody can take a vote back: a new round begins
        _vote(world, paper, stage, "include", round=1 if state == AWAITING else 2)
    elif event == "withdrawn":
        world.remove(paper, "withdrawn", note="retracted by its journal")
    elif event == "removed":
        world.remove(paper, "automation", "robot")
    elif event.startswith("agree_with_tool"):
        decision = event.rpartition("_")[2]
        if state != DECIDED:
            _vote(world, paper, stage, decision)
        world.tool_vote(paper, decision)
    elif event == "tool_exclude":
        world.tool_vote(paper, "exclude")
    elif event == "differ":
        _vote(world, paper, stage, "exclude", "include")
    elif event == "outcomes_differ":  # on two papers that were merged since
        first, second = world.papers[paper]
        for record, said in ((first, "include"), (second, "exclude")):
            world.papers[paper] = [record]
            world.outcome(paper, said, "design" if stage == "full_text" and said == "exclude" else None, stage=stage)
        world.papers[paper] = [first, second]
    elif family == "agree":
        _vote(world, paper, stage, decision, decision)
    elif family == "outcome":
        world.outcome(paper, decision, reason, stage=stage)
    else:
        world.resolve(paper, decision, reason, stage=stage)


def _as_change(row):
    return Change(row["state"], row["decision"], row["basis"])


POSSIBLE = [
    (stage, state, event)
    for stage, state, event in EVERY
    if ((stage, AWAITING, event) in LEGAL or (stage, CONFLICT, event) in LEGAL)
    and (stage, state) != ("full_text", REMOVED)  # what is assessed has been screened
]


@pytest.fixture(scope="module")
def happened(new_world):
    """For each stage, state and event the state of a paper before and after the event, by the tables that SQL makes."""
    world = new_world(papers={f"c{number}": [f"r{number}", f"s{number}"] for number in range(len(POSSIBLE))})
    world.rules = {"title_abstract": {"tool": "robot", "tool_decides": "exclude"}}
    for tell in (_bring_to, _happen):
        for number, (stage, state, event) in enumerate(POSSIBLE):
            tell(world, f"c{number}", stage, state, event)
        made = {(row["citation_id"], row["stage"]): _as_change(row) for row in world.stand()["staging.screening"].to_pylist()}
        if tell is _bring_to:
            before = made
    return [(before[f"c{number}", stage], made[f"c{number}", stage]) for number, (stage, _, _) in enumerate(POSSIBLE)]


@pytest.mark.parametrize("number", range(len(POSSIBLE)), ids=["-".join(one) for one in POSSIBLE])
def test_every_event_in_every_state(happened, number):
    stage, state, event = POSSIBLE[number]
    before, after = happened[number]
    assert before.state == state
    assert after == _expected(stage, state, event, before)
