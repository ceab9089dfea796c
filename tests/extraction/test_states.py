"""Where a study stands after what people did, and whose codes hold."""

from __future__ import annotations

from typing import Any

import pytest

MENTORS = {0: {"kind": "trial"}, 1: {"theme": "mentors"}}
MEETINGS = {0: {"kind": "trial"}, 1: {"theme": "meetings"}}
COURTS = {0: {"kind": "trial"}, 1: {"theme": "courts"}}
SAID = {"mentors": MENTORS, "meetings": MEETINGS, "courts": COURTS}

# what people did, in order; the state that follows; the theme that stands
SINGLE: dict[str, tuple[str, str, str | None]] = {
    "nothing yet": ("", "uncoded", None),
    "coded": ("ann codes mentors", "awaiting_verification", None),
    "verified": ("ann codes mentors, bob agrees ann", "verified", "mentors"),
    "changed": ("ann codes mentors, bob changes ann courts", "verified", "courts"),
    "coder changed later": ("ann codes mentors, bob agrees ann, ann codes courts", "awaiting_verification", None),
    "verification of somebody else": ("ann codes mentors, bob agrees cat", "awaiting_verification", None),
    "stale change": ("ann codes mentors, bob changes ann courts, ann codes meetings", "awaiting_verification", None),
    "returned again unchanged": ("ann codes mentors, bob agrees ann, ann codes mentors", "verified", "mentors"),
    "changed back": ("ann codes mentors, bob agrees ann, ann codes courts, ann codes mentors", "awaiting_verification", None),
    "latest coding": ("ann codes mentors, ann codes courts, bob agrees ann", "verified", "courts"),
    "latest verification": ("ann codes mentors, bob changes ann courts, cat agrees ann", "verified", "mentors"),
    "two coders agree all the same": ("ann codes mentors, bob codes mentors", "reconciled", "mentors"),
    "two coders differ all the same": ("ann codes mentors, bob codes courts", "awaiting_reconciliation", None),
}
DOUBLE: dict[str, tuple[str, str, str | None]] = {
    "nothing yet": ("", "uncoded", None),
    "one": ("ann codes mentors", "coded_once", None),
    "one, twice": ("ann codes mentors, ann codes courts", "coded_once", None),
    "one, and a verification nobody asked for": ("ann codes mentors, bob agrees ann", "coded_once", None),
    "agree": ("ann codes mentors, bob codes mentors", "reconciled", "mentors"),
    "differ": ("ann codes mentors, bob codes courts", "awaiting_reconciliation", None),
    "came to agree": ("ann codes mentors, bob codes courts, bob codes mentors", "reconciled", "mentors"),
    "reconciled": ("ann codes mentors, bob codes courts, jo reconciles meetings", "reconciled", "meetings"),
    "reconciled before one changed": (
        "ann codes mentors, bob codes courts, jo reconciles meetings, ann codes meetings", "awaiting_reconciliation", None),
    "reconciled again": (
        "ann codes mentors, bob codes courts, jo reconciles meetings, cat reconciles courts", "reconciled", "courts"),
}  # fmt: skip


def act(world: Any, steps: str) -> None:
    for step in steps.split(", ") if steps else []:
        who, what, *rest = step.split()
        if what == "codes":
            world.coded(who, "c1", SAID[rest[0]])
        elif what == "reconciles":
            world.coded(who, "c1", SAID[rest[0]], role="reconciler")
        elif what == "agrees":
            world.verified(who, "c1", rest[0])
        else:
            world.verified(who, "c1", rest[0], "change", SAID[rest[1]])


@pytest.mark.parametrize(("steps", "state", "theme"), SINGLE.values(), ids=SINGLE)
def test_single_coded(world: Any, steps: str, state: str, theme: str | None) -> None:
    act(world, steps)
    assert world.stands() == (state, {(0, "kind", "trial"), (1, "theme", theme)} if theme else set())


@pytest.mark.parametrize(("steps", "state", "theme"), DOUBLE.values(), ids=DOUBLE)
def test_double_coded(double: Any, steps: str, state: str, theme: str | None) -> None:
    act(double, steps)
    assert double.stands() == (state, {(0, "kind", "trial"), (1, "theme", theme)} if theme else set())


def test_a_study_that_is_not_included_has_no_state_and_keeps_its_codings(world: Any) -> None:
    world.coded("ann", "c1", MENTORS)
    world.elsewhere["c1"] = "report_excluded"
    tables = world.stand()
    assert tables["staging.study_extraction"].num_rows == 0
    assert tables["staging.coding"].num_rows == 2


def test_settled_says_reconciled_or_verified(world: Any) -> None:
    world.papers["c2"] = ["r2"]
    world.coded("ann", "c1", MENTORS)
    world.coded("ann", "c2", MENTORS)
    world.verified("bob", "c1", "ann")
    rows = world.stand()["staging.study_extraction"].to_pylist()
    assert [(row["study_id"], row["settled"], row["double"]) for row in rows] == [("c1", True, False), ("c2", False, False)]


def test_replaced_codings_are_kept_and_marked(world: Any) -> None:
    world.coded("ann", "c1", MENTORS)
    world.coded("ann", "c1", COURTS)
    rows = world.stand()["staging.coding"].to_pylist()
    assert {(row["code"], row["superseded"]) for row in rows if row["dimension"] == "theme"} == {
        ("mentors", True),
        ("courts", False),
    }


def test_a_later_coding_replaces_the_whole_earlier_one(world: Any) -> None:
    world.coded("ann", "c1", {0: {"kind": "trial", "setting": "urban"}, 1: {"theme": "mentors"}, 2: {"theme": "courts"}})
    world.coded("ann", "c1", MEETINGS)
    world.verified("bob", "c1", "ann")
    assert world.codes() == {(0, "kind", "trial"), (1, "theme", "meetings")}


def test_of_two_files_of_one_moment_the_higher_hash_stands(world: Any) -> None:
    when = world.now()
    world.coded("ann", "c1", COURTS, raw="b", as_of=when)
    world.coded("ann", "c1", MENTORS, raw="a", as_of=when)
    world.verified("bob", "c1", "ann")
    assert (1, "theme", "courts") in world.codes()


class TestGroups:
    def test_are_kept_apart(self, world: Any) -> None:
        world.coded("ann", "c1", {1: {"theme": "mentors", "level": "family"}, 2: {"theme": "courts", "level": "child"}})
        world.verified("bob", "c1", "ann")
        assert world.codes() == {(1, "theme", "mentors"), (1, "level", "family"), (2, "theme", "courts"), (2, "level", "child")}

    def test_listed_in_another_order_agree(self, double: Any) -> None:
        double.coded("bob", "c1", {1: {"theme": "courts", "level": "child"}, 2: {"theme": "mentors", "level": "family"}})
        double.coded("ann", "c1", {1: {"theme": "mentors", "level": "family"}, 2: {"theme": "courts", "level": "child"}})
        assert double.state() == "reconciled"
        assert (1, "theme", "mentors") in double.codes()  # those of one coder, not both numberings at once
        assert (1, "theme", "courts") not in double.codes()

    def test_tied_otherwise_differ(self, double: Any) -> None:
        double.coded("ann", "c1", {1: {"theme": "mentors", "level": "family"}, 2: {"theme": "courts", "level": "child"}})
        double.coded("bob", "c1", {1: {"theme": "mentors", "level": "child"}, 2: {"theme": "courts", "level": "family"}})
        assert double.state() == "awaiting_reconciliation"

    def test_of_a_dimension_no_longer_grouped_are_the_whole_study(self, world: Any) -> None:
        world.coded("ann", "c1", {1: {"theme": "mentors"}, 2: {"theme": "mentors"}})
        world.verified("bob", "c1", "ann")
        world.codebook[1]["grouped"] = False
        assert world.codes() == {(0, "theme", "mentors")}


def test_free_text_in_other_words_is_no_difference(double: Any) -> None:
    double.coded("ann", "c1", {0: {"kind": "trial", "year": "from 2001"}})
    double.coded("bob", "c1", {0: {"kind": "trial", "year": "2001-2003"}})
    assert double.state() == "reconciled"
    assert double.codes() == {(0, "kind", "trial"), (0, "year", "from 2001")}


class TestMerges:
    def test_codings_of_two_papers_both_stay_and_are_reconciled(self, world: Any) -> None:
        world.papers["c2"] = ["r2"]
        world.coded("ann", "c1", MENTORS, raw="same")
        world.coded("ann", "c2", COURTS, raw="same")
        world.verified("bob", "c1", "ann")
        world.verified("bob", "c2", "ann")
        assert (world.state("c1"), world.state("c2")) == ("verified", "verified")
        world.merge("c1", "c2")
        assert world.state() == "awaiting_reconciliation"
        rows = world.stand()["staging.coding"].to_pylist()
        # both papers are trials: of one file that is one row
        assert sorted(row["code"] for row in rows if not row["superseded"]) == ["courts", "mentors", "trial"]
        world.coded("jo", "c1", MEETINGS, role="reconciler")
        assert world.state() == "reconciled"
        assert (1, "theme", "meetings") in world.codes()

    def test_a_reconciliation_of_one_of_the_papers_does_not_count_for_both(self, double: Any) -> None:
        double.papers["c2"] = ["r2"]
        double.coded("ann", "c1", MENTORS)
        double.coded("bob", "c1", COURTS)
        double.coded("cat", "c2", COURTS)
        double.coded("jo", "c1", MENTORS, role="reconciler")
        assert double.state() == "reconciled"
        double.merge("c1", "c2")
        assert double.state() == "awaiting_reconciliation"

    def test_one_coder_of_both_papers_is_not_two_coders(self, double: Any) -> None:
        double.papers["c2"] = ["r2"]
        double.coded("ann", "c1", MENTORS)
        double.coded("ann", "c2", MENTORS)
        double.merge("c1", "c2")
        assert double.state() == "coded_once"

    def test_with_an_uncoded_paper_changes_nothing(self, world: Any) -> None:
        world.papers["c0"] = ["r0"]
        world.drawn("c0", double=False, batch=2)
        world.coded("ann", "c1", MENTORS)
        world.verified("bob", "c1", "ann")
        world.merge("c0", "c1")
        assert world.state("c0") == "verified"
        assert world.stand()["staging.draw"].column("citation_id").to_pylist() == ["c0"]

    def test_the_draw_of_the_paper_that_kept_its_id_holds(self, world: Any) -> None:
        world.papers["c0"] = ["r0"]
        world.drawn("c0", double=True, batch=2)
        world.merge("c0", "c1")
        assert world.stand()["staging.draw"].column("double").to_pylist() == [True]

    def test_a_coding_of_the_merged_paper_replaces_those_of_its_parts(self, world: Any) -> None:
        world.papers["c2"] = ["r2"]
        world.coded("ann", "c1", MENTORS)
        world.coded("ann", "c2", COURTS)
        world.merge("c1", "c2")
        world.coded("ann", "c1", MEETINGS)
        assert world.state() == "awaiting_verification"

    def test_after_a_split_the_coding_is_of_the_part_that_kept_the_id(self, new_world: Any) -> None:
        world = new_world({"c1": ["r1", "r2"]})
        world.coded("ann", "c1", MENTORS)
        world.verified("bob", "c1", "ann")
        world.papers = {"c1": ["r1"], "c2": ["r2"]}
        assert (world.state("c1"), world.state("c2")) == ("verified", "uncoded")


def test_the_tables_do_not_hang_on_the_order_of_the_log(double: Any) -> None:
    double.coded("ann", "c1", MENTORS)
    double.coded("bob", "c1", COURTS)
    double.coded("jo", "c1", MENTORS, role="reconciler")
    before = double.stand()
    double.logs["log.coding"].reverse()
    after = double.stand()
    assert all(before[name].equals(after[name]) for name in before)
