"""Decisions follow papers through merges and splits, the latest vote stands, and every paper has one place in the funnel."""

import time
from collections import Counter
from datetime import date, datetime

import pyarrow as pa
import pytest

from tasks.screening.stand import stand
from warehouse.tables.catalogue import table


def _superseded(world):
    return [(vote["reviewer"], vote["decision"], vote["superseded"]) for vote in world.stand()["staging.vote"].to_pylist()]


@pytest.mark.fault(20)
def test_votes_follow_a_merge(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.vote("ann", "c1", "include")
    world.vote("bob", "c2", "include")
    world.papers = {"c1": ["r1", "r2"]}
    assert (world.state("c1")["decision"], world.state("c1")["votes"]) == ("include", 2)
    assert {vote["citation_id"] for vote in world.stand()["staging.vote"].to_pylist()} == {"c1"}


@pytest.mark.fault(20)
def test_votes_follow_a_split_to_every_part_that_was_seen_and_to_no_other(world):
    world.papers = {"c1": ["r1", "r2"]}
    world.both("c1", "exclude")
    world.papers = {"c1": ["r1"], "c2": ["r2"], "c3": ["r3"]}
    assert [world.state(one)["state"] for one in ("c1", "c2", "c3")] == ["decided", "decided", "awaiting_votes"]


def test_a_vote_on_one_part_of_a_split_takes_the_place_of_the_vote_on_the_whole(world):
    world.papers = {"c1": ["r1", "r2"]}
    world.both("c1", "exclude")
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.both("c2", "include")
    assert (world.state("c1")["decision"], world.state("c2")["decision"]) == ("exclude", "include")


def test_what_was_said_of_a_record_that_is_no_more_moves_nothing(world):
    world.papers = {"c1": ["gone"]}
    world.both("c1", "include")
    world.papers = {"c1": ["r1"]}
    assert world.state("c1")["state"] == "awaiting_votes"
    assert world.stand()["staging.vote"].num_rows == 0


@pytest.mark.fault(19)
@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({"on": date(2024, 3, 5)}, {"on": date(2024, 3, 4)}, "include"),  # the day of the decision goes before its arrival
        ({"on": date(2024, 3, 5)}, {"on": date(2024, 3, 5)}, "exclude"),
        ({"as_of": datetime(2024, 3, 7)}, {"as_of": datetime(2024, 3, 6)}, "include"),
        ({"as_of": datetime(2024, 3, 7, 9), "raw": "a"}, {"as_of": datetime(2024, 3, 7, 8), "raw": "b"}, "include"),
        ({"as_of": datetime(2024, 3, 7)}, {"on": date(2024, 3, 6)}, "include"),  # without a day: the day it came
        ({"as_of": datetime(2024, 3, 7)}, {"on": date(2024, 3, 8)}, "exclude"),
        ({"as_of": datetime(2024, 3, 7), "raw": "a"}, {"as_of": datetime(2024, 3, 7), "raw": "b"}, "exclude"),
        ({"as_of": datetime(2024, 3, 7), "raw": "b"}, {"as_of": datetime(2024, 3, 7), "raw": "a"}, "include"),
    ],
)
def test_the_latest_vote_of_a_reviewer_stands(world, first, second, stands):
    world.vote("ann", "c1", "include", **first)
    world.vote("ann", "c1", "exclude", **second)
    assert {decision: superseded for _, decision, superseded in _superseded(world)} == {
        stands: False,
        ({"include", "exclude"} - {stands}).pop(): True,
    }
    assert world.state("c1")["votes"] == 1


@pytest.mark.fault(19, 20)
def test_contradictory_votes_of_one_reviewer_after_a_merge_are_a_conflict(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.vote("ann", "c1", "include")
    world.vote("ann", "c2", "exclude")
    world.papers = {"c1": ["r1", "r2"]}
    assert (world.state("c1")["state"], world.state("c1")["votes"]) == ("conflict", 1)
    assert [superseded for _, _, superseded in _superseded(world)] == [False, False]
    world.vote("ann", "c1", "exclude")  # having seen the whole, she decides again
    assert (world.state("c1")["state"], world.state("c1")["votes"]) == ("awaiting_votes", 1)
    assert [superseded for _, _, superseded in _superseded(world)] == [True, True, False]


def test_votes_of_one_reviewer_that_agree_after_a_merge_are_one_vote(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.vote("ann", "c1", "maybe")
    world.vote("ann", "c2", "include")
    world.papers = {"c1": ["r1", "r2"]}
    assert (world.state("c1")["state"], world.state("c1")["votes"]) == ("awaiting_votes", 1)
    assert [superseded for _, _, superseded in _superseded(world)] == [True, False]


def test_what_one_file_says_of_papers_that_merged_since_is_all_kept(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    for one, decision in (("c1", "include"), ("c2", "exclude")):
        world.vote("ann", one, decision, raw="votes")
        world.outcome(one, decision, raw="list")
        world.resolve(one, decision, raw="settled")
    world.papers = {"c1": ["r1", "r2"]}
    made = world.stand()
    for name in ("vote", "resolution", "outcome"):
        rows = made[f"staging.{name}"].to_pylist()
        assert {(row["citation_id"], row["said_of"], row["decision"]) for row in rows} == {
            ("c1", "c1", "include"),
            ("c1", "c2", "exclude"),
        }
        assert len(rows) == 2
    assert [row["superseded"] for row in made["staging.vote"].to_pylist()] == [False, False]


def test_a_file_that_contradicts_itself_after_a_merge_is_a_conflict_that_shows_both(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"], "c3": ["r3"], "c4": ["r4"]}
    for one, decision in (("c1", "include"), ("c2", "exclude")):
        world.vote("ann", one, decision, raw="votes")
    for one, decision in (("c3", "include"), ("c4", "exclude")):
        world.outcome(one, decision, raw="list")
    world.papers = {"c1": ["r1", "r2"], "c3": ["r3", "r4"]}
    assert [world.state(one)["state"] for one in ("c1", "c3")] == ["conflict", "conflict"]
    (file,) = (one for one in world.send() if one.task == "title_abstract_conflict")
    assert [cells["votes"] for cells in file.rows] == ["include | exclude"] * 2


def test_a_new_round_starts_from_nothing(world):
    world.both("c1", "exclude")
    world.vote("ann", "c1", "include", round=2)
    found = world.state("c1")
    assert (found["round"], found["state"], found["votes"]) == (2, "awaiting_votes", 1)
    world.vote("bob", "c1", "include", round=2)
    assert world.state("c1")["decision"] == "include"


def test_a_resolution_of_another_round_settles_nothing(world):
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "exclude")
    world.resolve("c1", "include")
    for who, decision in (("ann", "include"), ("bob", "exclude")):
        world.vote(who, "c1", decision, round=2)
    assert world.state("c1")["state"] == "conflict"
    world.resolve("c1", "exclude", round=2)
    assert world.state("c1")["decision"] == "exclude"


def test_the_latest_resolution_counts(world):
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "exclude")
    world.resolve("c1", "include")
    world.resolve("c1", "exclude")
    assert (world.state("c1")["decision"], world.state("c1")["basis"]) == ("exclude", "resolution")
    assert world.stand()["staging.resolution"].num_rows == 2


def test_the_latest_resolution_counts_after_a_merge_too(world):
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    for one in ("c1", "c2"):
        world.vote("ann", one, "include")
        world.vote("bob", one, "exclude")
    world.resolve("c2", "exclude")
    world.resolve("c1", "include")
    world.papers = {"c1": ["r1", "r2"]}
    assert (world.state("c1")["decision"], world.state("c1")["basis"]) == ("include", "resolution")


def test_outcomes_move_citations_and_never_become_votes(world):
    world.outcome("c1", "include")
    world.outcome("c1", "exclude", "design", stage="full_text")
    made = world.stand()
    assert world.state("c1")["basis"] == "outcome"
    assert [row["votes"] for row in made["staging.screening"].to_pylist()] == [0, 0]
    assert made["staging.vote"].num_rows == made["staging.agreement_pair"].num_rows == 0
    assert made["staging.outcome"].num_rows == 2
    assert world.position("c1") == ("report_excluded", "design")


def test_votes_go_before_outcomes(world):
    world.outcome("c1", "include")
    world.vote("ann", "c1", "exclude")
    assert world.state("c1")["state"] == "awaiting_votes"
    world.vote("bob", "c1", "exclude")
    assert (world.state("c1")["decision"], world.state("c1")["basis"]) == ("exclude", "votes")


def test_an_outcome_on_the_full_text_implies_that_the_abstract_passed(world):
    world.papers["c2"] = ["r2"]
    world.outcome("c2", "exclude")
    world.outcome("c1", "include", stage="full_text")
    assert world.position("c1") == ("included", None)


def test_an_outcome_on_the_full_text_does_not_undo_an_exclusion(world):
    world.outcome("c1", "exclude")
    world.outcome("c1", "include", stage="full_text")
    assert world.position("c1") == ("excluded", None)


def test_a_later_outcome_on_the_same_records_counts_and_one_on_merged_papers_is_a_conflict(world):
    world.outcome("c1", "exclude")
    world.outcome("c1", "include")
    assert world.state("c1")["decision"] == "include"
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    world.outcome("c2", "exclude")
    world.papers = {"c1": ["r1", "r2"]}
    assert world.state("c1")["state"] == "conflict"
    world.resolve("c1", "include")
    assert world.state("c1")["basis"] == "resolution"


def _full_text(*votes):
    def tell(world, paper):
        world.arrived(paper)
        for who, decision, reason in votes:
            world.vote(who, paper, decision, reason, stage="full_text")

    return tell


def _include_then(*statuses):
    def tell(world, paper):
        world.both(paper, "include")
        for status in statuses:
            world.retrieve(paper, status)

    return tell


def _conflict(world, paper):
    world.vote("ann", paper, "include")
    world.vote("bob", paper, "exclude")


def _read_without_a_note_of_arrival(world, paper):
    world.both(paper, "include")
    world.vote("ann", paper, "include", stage="full_text")


def _arrived_for_the_other(world, paper):
    """The paper's second record was a paper of its own when its copy arrived."""
    world.both(paper, "include")
    first, second = world.papers[paper]
    world.papers[paper] = [second]
    world.retrieve(paper, "arrived")
    world.papers[paper] = [first]
    world.logs["log.retrieval"][-1]["citation_id"] = "merged since"
    world.retrieve(paper, "not_retrieved")
    world.papers[paper] = [first, second]


POSITIONS = [
    (lambda world, paper: None, "awaiting_screening", None),
    (lambda world, paper: world.vote("ann", paper, "exclude"), "awaiting_screening", None),
    (_conflict, "awaiting_screening", None),
    (lambda world, paper: world.both(paper, "exclude"), "excluded", None),
    (_include_then(), "awaiting_retrieval", None),
    (_include_then("asked"), "awaiting_retrieval", None),
    (_include_then("asked", "refused"), "awaiting_retrieval", None),  # only a person gives up on a text
    (_include_then("not_retrieved", "asked"), "awaiting_retrieval", None),
    (_include_then("asked", "not_retrieved"), "not_retrieved", None),
    (_include_then("arrived", "not_retrieved"), "not_retrieved", None),
    (_include_then("not_retrieved", "arrived"), "awaiting_decision", None),
    (_arrived_for_the_other, "awaiting_decision", None),
    (_read_without_a_note_of_arrival, "awaiting_decision", None),
    (_full_text(("ann", "include", None), ("bob", "exclude", "design")), "awaiting_decision", None),
    (_full_text(("ann", "exclude", "design"), ("bob", "exclude", "design")), "report_excluded", "design"),
    (_full_text(*((who, "awaiting_classification", None) for who in ("ann", "bob"))), "awaiting_classification", None),
    (_full_text(*((who, "ongoing", None) for who in ("ann", "bob"))), "ongoing", None),
    (_full_text(*((who, "include", None) for who in ("ann", "bob"))), "included", None),
]


@pytest.fixture(scope="module")
def funnel(new_world):
    """One paper of two records for each case of POSITIONS."""
    world = new_world(papers={f"c{number}": [f"r{number}", f"s{number}"] for number in range(len(POSITIONS))})
    for number, (tell, _, _) in enumerate(POSITIONS):
        tell(world, f"c{number}")
    return world


@pytest.mark.parametrize("number", range(len(POSITIONS)))
def test_every_paper_has_one_place(funnel, number):
    _, position, reason = POSITIONS[number]
    assert funnel.position(f"c{number}") == (position, reason)


def test_full_text_rows_stand_for_the_reports_that_were_assessed(world):
    world.both("c1", "exclude")
    world.vote("ann", "c1", "include", stage="full_text")  # out of turn: kept, and without effect
    assert world.state("c1", "full_text") == {}
    assert world.stand()["staging.vote"].num_rows == 3


def test_a_report_that_is_not_retrieved_is_not_assessed(world):
    world.arrived("c1")
    world.vote("ann", "c1", "include", stage="full_text")
    world.retrieve("c1", "not_retrieved")
    assert world.position("c1") == ("not_retrieved", None)
    assert world.state("c1", "full_text") == {}


def test_agreement_is_of_the_votes_before_the_resolution(world):
    noon = datetime(2024, 3, 4, 12)
    world.vote("bob", "c1", "exclude", as_of=noon)
    world.vote("ann", "c1", "maybe", as_of=noon)
    world.resolve("c1", "exclude", as_of=noon)
    world.vote("ann", "c1", "exclude", as_of=datetime(2024, 3, 5))  # now she knows
    assert world.stand()["staging.agreement_pair"].to_pylist() == [
        {
            "review": "demo", "citation_id": "c1", "stage": "title_abstract", "round": 1,
            "reviewer_a": "ann", "reviewer_b": "bob", "include_a": True, "include_b": False, "voters": 2, "includers": 1,
        }
    ]  # fmt: skip


def test_agreement_takes_the_last_votes_of_the_first_two(world):
    for who, decision in (("cat", "exclude"), ("bob", "exclude"), ("ann", "include"), ("cat", "include")):
        world.vote(who, "c1", decision)
    (pair,) = world.stand()["staging.agreement_pair"].to_pylist()
    assert [pair[name] for name in ("reviewer_a", "include_a", "reviewer_b", "include_b")] == ["bob", False, "cat", True]
    assert (pair["voters"], pair["includers"]) == (3, 2)


@pytest.mark.parametrize("stage", ["title_abstract", "full_text"])
def test_a_vote_that_was_changed_once_the_conflict_was_sent_out_is_no_agreement(new_world, stage):
    world = new_world(papers={"c1": ["r1"], "c2": ["r2"]})
    if stage == "full_text":
        world.arrived("c1")
    world.vote("ann", "c1", "include", stage=stage)
    world.vote("bob", "c1", "include", stage=stage)
    world.vote("bob", "c1", "exclude", "design", stage=stage)  # changed before anybody saw the conflict
    world.send(datetime(2024, 3, 4))
    world.vote("bob", "c1", "include", stage=stage, as_of=datetime(2024, 3, 5))  # agrees, now that it has been shown
    world.papers = {"c2": ["r2", "r1"]}  # and the paper goes by another id since
    pairs = [row for row in world.stand()["staging.agreement_pair"].to_pylist() if row["stage"] == stage]
    assert [(row["citation_id"], row["include_a"], row["include_b"]) for row in pairs] == [("c2", True, False)]


def test_one_vote_is_no_pair_and_rounds_are_apart(world):
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "include", round=2)
    assert world.stand()["staging.agreement_pair"].num_rows == 0


def test_a_file_that_was_logged_twice_says_nothing_twice(world):
    world.vote("ann", "c1", "include", raw="same")
    world.vote("ann", "c1", "include", raw="same")
    assert _superseded(world) == [("ann", "include", False)]


@pytest.mark.fault(19)
def test_the_order_of_the_logs_does_not_matter(world):
    world.papers = {f"c{number}": [f"r{number}"] for number in range(40)}
    for number in range(40):
        for who in ("ann", "bob", "cat")[: number % 4]:
            world.vote(who, f"c{number}", ("include", "exclude")[(number + len(who)) % 2])
    forwards = world.stand()
    for rows in world.logs.values():
        rows.reverse()
    assert all(world.stand()[name].equals(made) for name, made in forwards.items())


@pytest.mark.fault(60)
def test_two_hundred_thousand_votes_take_seconds(world):
    n = 100_000
    ids = pa.array([f"c{number:06}" for number in range(n)])
    records = pa.array([f"r{number:06}" for number in range(n)])

    def full(name, **columns):
        rows = len(next(iter(columns.values())))
        declared = table(name)
        given = {column.name: columns.get(column.name, pa.nulls(rows, column.arrow.type)) for column in declared.columns}
        return declared.conform(pa.table(given))

    def same(value, times=n):
        return pa.array([value] * times)

    shown = pa.ListArray.from_arrays(pa.array(range(n + 1), pa.int32()), records)
    voted = pa.array([("include", "exclude", "exclude")[number % 3] for number in range(n)])
    votes = [
        full(
            "log.vote", review=same("demo"), citation_id=ids, record_ids=shown, stage=same("title_abstract"),
            round=same(1), reviewer=same(who), decision=voted, eligibility=same("1"), raw=same(who),
            as_of=same(datetime(2024, 3, 1)),
        )
        for who in ("ann", "bob")
    ]  # fmt: skip
    tables = {
        "staging.citation": full("staging.citation", review=same("demo"), citation_id=ids, arm=same("databases")),
        "staging.citation_record": full("staging.citation_record", review=same("demo"), record_id=records, citation_id=ids),
        "log.vote": pa.concat_tables(votes),
    }
    started = time.process_time()
    made = stand(tables, world.review, datetime(2024, 3, 1))
    assert time.process_time() - started < 10
    assert Counter(made["staging.funnel"].column("position").to_pylist()) == {"excluded": 66_666, "awaiting_retrieval": 33_334}
