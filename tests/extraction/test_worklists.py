"""Who is asked for what, and what their files show."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from tasks.extraction.worklists import owed
from tasks.formats.worklist import LEADING, REFERENCE, Owed, Worklist

MENTORS = {0: {"kind": "trial", "setting": "urban"}, 1: {"theme": "mentors", "level": "family"}}
COURTS = {0: {"kind": "trial", "setting": "urban"}, 1: {"theme": "courts", "level": "family"}}


def asked(files: list[Worklist]) -> dict[str, set[tuple[str, str]]]:
    """Task and reviewer by study, of what is new in the files."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in files:
        for row in one.new:
            found.setdefault(row["citation_id"], set()).add((one.task, one.reviewer))
    return found


def many(new_world: Any, count: int, **settings: Any) -> Any:
    return new_world({f"c{number:03}": [f"r{number:03}"] for number in range(count)}, **settings)


def test_double_studies_go_to_two_coders_and_others_to_one(new_world: Any) -> None:
    world = many(new_world, 30, extraction={"double_share": 0.2})
    double = world.draw()
    requests = asked(world.send())
    assert {name: len(who) for name, who in requests.items()} == {name: 2 if twice else 1 for name, twice in double.items()}
    assert {who for pair in requests.values() for who in pair} == {("coding", one) for one in ("ann", "bob", "cat")}


def test_coding_is_balanced_batch_after_batch(new_world: Any) -> None:
    world = many(new_world, 31, extraction={"double_share": 0.2})
    for extra in range(5):
        world.papers[f"d{extra}"] = [f"s{extra}"]
        world.draw()
        world.send()
    load = Counter(row["reviewer"] for row in world.logs["log.worklist"])
    assert max(load.values()) - min(load.values()) <= 1


def test_requests_are_the_same_each_time_whatever_the_order_of_rows(new_world: Any) -> None:
    one, other = many(new_world, 20), many(new_world, 20)
    other.papers = dict(reversed(other.papers.items()))
    assert one.send() == other.send()


def test_nothing_is_issued_twice_or_reshuffled(new_world: Any) -> None:
    world = many(new_world, 12, extraction={"double_share": 0.5})
    world.draw()
    world.send()
    before = list(world.logs["log.worklist"])
    world.people["dan"] = "coder"
    assert world.send() == []
    world.papers["c999"] = ["r999"]
    world.draw()
    new = asked(world.send())
    assert set(new) == {"c999"}
    assert ("coding", "dan") in new["c999"]  # who has least to do
    assert world.logs["log.worklist"][: len(before)] == before


def test_a_merged_study_is_not_asked_for_again(world: Any) -> None:
    world.papers["c0"] = ["r0"]
    world.send()
    world.merge("c0", "c1")
    assert world.send() == []


def test_work_of_somebody_who_left_goes_to_another(world: Any) -> None:
    (before,) = world.send()
    del world.people[before.reviewer]
    (after,) = world.send()
    assert after.reviewer != before.reviewer


def test_a_double_study_with_one_coder_in_the_team_waits_for_a_second(double: Any) -> None:
    double.people = {"ann": "coder"}
    assert asked(double.send()) == {"c1": {("coding", "ann")}}
    double.people["bob"] = "coder"
    assert asked(double.send()) == {"c1": {("coding", "bob")}}


def test_ids_name_task_person_and_day_and_are_never_used_again(world: Any) -> None:
    world.people = {"ann": "coder"}
    day = datetime(2024, 5, 6, 7)
    ids = []
    for number in range(3):
        world.papers[f"d{number}"] = [f"s{number}"]
        ids += [one.id for one in world.send(day)]
    assert ids == ["coding-ann-20240506", "coding-ann-20240506-2", "coding-ann-20240506-3"]


def test_log_says_who_was_shown_what(world: Any) -> None:
    world.papers = {"c1": ["r2", "r1"], "c2": ["r3"]}
    world.people = {"ann": "coder"}
    (file,) = world.send()
    rows = world.logs["log.worklist"]
    assert [row["position"] for row in rows] == [1, 2]
    assert [row["citation_id"] for row in rows] == [row["citation_id"] for row in file.rows]
    assert {row["citation_id"]: row["record_ids"] for row in rows} == {"c1": ["r1", "r2"], "c2": ["r3"]}
    assert {(row["worklist_id"], row["task"], row["reviewer"], row["round"]) for row in rows} == {(file.id, "coding", "ann", 1)}


def test_columns(double: Any) -> None:
    codes = ["group", "kind", "theme", "level", "setting", "year_code"]  # year is the paper's
    coding = double.send()[0]
    assert list(coding.columns) == [*LEADING, *REFERENCE, *codes, "quote", "page", "decided_on"]
    assert {name: text for name, text in coding.rows[0].items() if name in coding.columns[11:] and text} == {}
    double.coded("ann", "c1", MENTORS)
    double.coded("bob", "c1", COURTS)
    assert list(double.send()[0].columns) == [*LEADING, *REFERENCE, *codes, "differs", "quote", "page", "decided_on"]


class TestVerification:
    @pytest.mark.parametrize("coder", ["ann", "bob", "cat"])
    def test_goes_to_one_coder_who_is_not_the_coder(self, world: Any, coder: str) -> None:
        world.coded(coder, "c1", MENTORS)
        ((task, verifier),) = asked(world.send())["c1"]
        assert task == "verification"
        assert verifier in {"ann", "bob", "cat"} - {coder}
        assert world.send() == []

    def test_is_balanced(self, new_world: Any) -> None:
        world = many(new_world, 20)
        for citation in world.papers:
            world.coded("ann", citation, MENTORS)
        assert {one.reviewer: len(one.rows) for one in world.send()} == {"bob": 10, "cat": 10}

    def test_shows_what_the_coder_says_a_row_a_group(self, world: Any) -> None:
        world.coded(
            "ann",
            "c1",
            {0: {"kind": "trial", "setting": "rural; urban"}, 1: {"theme": "courts; mentors"}, 2: {"theme": "meetings"}},
        )
        for row in world.logs["log.coding"]:
            row |= {"quote": f"words {row['group']}", "page": "7"} if row["group"] else {}
        (file,) = world.send()
        names = ("group", "kind", "theme", "setting", "quote", "page", "verdict")
        assert [tuple(row.get(name, "") for name in names) for row in file.rows] == [
            ("1", "trial", "mentors; courts", "urban; rural", "words 1", "7", ""),
            ("2", "", "meetings", "", "words 2", "7", ""),
        ]

    def test_is_asked_for_again_of_the_same_person_when_the_coder_changed_the_coding(self, world: Any) -> None:
        world.coded("ann", "c1", MENTORS)
        (before,) = world.send()
        world.coded("ann", "c1", MENTORS)
        assert world.send() == []
        world.coded("ann", "c1", COURTS)
        (after,) = world.send()
        assert (after.reviewer, after.rows[0]["theme"]) == (before.reviewer, "courts")
        assert after.id == f"{before.id}-2"

    def test_goes_back_to_the_person_who_knows_the_study_however_busy(self, new_world: Any) -> None:
        world = many(new_world, 6)
        for citation in world.papers:
            world.coded("ann", citation, MENTORS)
        sent = {one.reviewer: one.rows for one in world.send()}
        of_bob, of_cat = sent["bob"], sent["cat"]
        for row in of_cat:
            world.verified("cat", row["citation_id"], "ann")
        world.coded("ann", of_bob[0]["citation_id"], COURTS)
        assert [one.reviewer for one in world.send()] == ["bob"]

    def test_waits_where_nobody_else_codes(self, world: Any) -> None:
        world.people = {"ann": "coder", "jo": "adjudicator"}
        world.coded("ann", "c1", MENTORS)
        assert world.send() == []


class TestReconciliation:
    @pytest.mark.parametrize(
        ("people", "who"),
        [
            ({"ann": "coder", "bob": "coder", "cat": "coder", "jo": "adjudicator"}, "jo"),
            ({"ann": "coder", "bob": "coder", "cat": "coder"}, "cat"),
            ({"ann": "coder adjudicator", "bob": "coder", "cat": "coder"}, "cat"),
            ({"ann": "coder adjudicator", "bob": "coder"}, "ann"),
            ({"ann": "coder", "bob": "coder"}, None),
        ],
    )
    def test_goes_to_an_adjudicator_else_a_coder_who_coded_neither(
        self, double: Any, people: dict[str, str], who: str | None
    ) -> None:
        double.people = people
        double.coded("ann", "c1", MENTORS)
        double.coded("bob", "c1", COURTS)
        assert asked(double.send()) == ({"c1": {("reconciliation", who)}} if who else {})
        assert double.send() == []

    def test_is_not_asked_for_where_two_agree(self, double: Any) -> None:
        double.coded("ann", "c1", MENTORS)
        double.coded("bob", "c1", MENTORS)
        assert double.send() == []

    def test_shows_what_both_say_and_where_they_differ(self, double: Any) -> None:
        double.coded("ann", "c1", MENTORS)
        double.coded("bob", "c1", {0: {"kind": "synthesis", "setting": "urban"}, 1: {"theme": "courts; mentors"}})
        (row,) = double.send()[0].rows
        assert {name: row.get(name, "") for name in ("kind", "theme", "level", "setting")} == {
            "kind": "", "theme": "", "level": "", "setting": "urban"}  # fmt: skip
        assert row["differs"].split("\n") == [
            "kind: trial | synthesis", "theme: mentors | mentors; courts", "level: family | (nothing)"]  # fmt: skip

    def test_shows_free_text_on_one_line(self, double: Any) -> None:
        double.coded("ann", "c1", {0: {"kind": "trial", "year": "from\n2001"}, 1: {"theme": "mentors"}})
        double.coded("bob", "c1", {0: {"kind": "trial", "year": "2001"}, 1: {"theme": "courts"}})
        (row,) = double.send()[0].rows
        assert row["differs"].split("\n") == ["theme: mentors | courts", "year: from 2001 | 2001"]

    def test_sets_the_groups_of_the_two_beside_one_another(self, double: Any) -> None:
        double.coded("ann", "c1", {1: {"theme": "mentors", "level": "family"}, 2: {"theme": "courts", "level": "child"}})
        double.coded(
            "bob",
            "c1",
            {1: {"theme": "courts", "level": "family"}, 2: {"theme": "mentors", "level": "family"}, 3: {"theme": "meetings"}},
        )
        rows = double.send()[0].rows
        assert [(row["group"], row.get("theme", ""), row["differs"]) for row in rows] == [
            ("1", "mentors", ""), ("2", "courts", "level: child | family"), ("3", "", "theme: (nothing) | meetings"),
        ]  # fmt: skip

    def test_is_asked_for_again_when_another_coded_paper_was_merged_in(self, double: Any) -> None:
        double.papers["c2"] = ["r2"]
        double.coded("cat", "c2", COURTS)
        double.coded("ann", "c1", MENTORS)
        double.coded("bob", "c1", COURTS)
        assert asked(double.send())["c1"] == {("reconciliation", "jo")}
        double.merge("c1", "c2")
        assert asked(double.send())["c1"] == {("reconciliation", "jo")}
        assert double.send() == []

    def test_is_asked_for_of_papers_that_are_one_study_now(self, world: Any) -> None:
        world.papers["c2"] = ["r2"]
        world.coded("ann", "c1", MENTORS)
        world.coded("ann", "c2", COURTS)
        assert {task for pairs in asked(world.send()).values() for task, _ in pairs} == {"verification"}
        world.merge("c1", "c2")
        (file,) = world.send()
        assert (file.task, file.rows[0]["differs"]) == ("reconciliation", "theme: mentors | courts")


def by_list(file: Worklist) -> list[tuple[str, str]]:
    """List on which it was sent first and study, in the order of the file."""
    return list(dict.fromkeys((row["worklist_id"], row["citation_id"]) for row in file.rows))


class TestWhatIsStillOwed:
    FIRST, SECOND = datetime(2024, 5, 1), datetime(2024, 5, 8)

    def test_is_in_the_next_file_as_it_was_sent_and_is_logged_once(self, new_world: Any, back: Any) -> None:
        world = new_world({"c1": ["r1"], "c2": ["r2"]}, people={"ann": "coder"})
        (first,) = world.send(self.FIRST)
        world.coded("ann", "c1", MENTORS, as_of=datetime(2024, 5, 2))
        world.papers["c3"] = ["r3"]
        (second,) = world.send(self.SECOND)
        assert by_list(second) == [(first.id, "c2"), (second.id, "c3")]
        assert [row["citation_id"] for row in world.logs["log.worklist"]] == [*(row["citation_id"] for row in first.rows), "c3"]
        codes = {"kind": "trial", "theme": "mentors"}
        taken = world.take(back(second, codes), raw="second")
        late = world.take(back(first, codes), raw="late")
        assert (taken.refused, late.refused) == ((), ())
        assert {row["citation_id"] for row in taken.logs["log.coding"].to_pylist()} == {"c2", "c3"}
        assert world.codes("c2") == set(), "it waits for its verifier, with one coding whatever file that came in"
        assert world.state("c2") == "awaiting_verification"

    def test_shows_a_verifier_what_the_coder_says_now(self, new_world: Any) -> None:
        world = new_world({"c1": ["r1"], "c2": ["r2"]}, people={"ann": "coder", "bob": "coder"})
        world.coded("ann", "c1", MENTORS)
        (first,) = [file for file in world.send() if file.task == "verification"]
        world.coded("ann", "c1", COURTS)
        world.coded("ann", "c2", MENTORS)
        (second,) = [file for file in world.send() if file.task == "verification"]
        assert (first.reviewer, second.reviewer) == ("bob", "bob")
        assert {row["citation_id"]: row["theme"] for row in second.rows} == {"c1": "courts", "c2": "mentors"}

    def test_is_asked_anew_of_the_same_person_when_a_report_came_to_the_study(self, new_world: Any) -> None:
        world = new_world({"c1": ["r1"], "c2": ["r2"]}, people={"ann": "coder", "bob": "coder", "cat": "coder"})
        before = {row["citation_id"]: row["reviewer"] for row in world.send() and world.logs["log.worklist"]}
        world.tied("c1", "c2")
        (study,) = set(world.studies().values())
        files = world.send()
        new = world.logs["log.worklist"][2:]
        assert {row["reviewer"] for row in new} <= set(before.values())
        assert all((row["citation_id"], row["record_ids"]) == (study, ["r1", "r2"]) for row in new)
        assert [by_list(file) for file in files] == [[(file.id, study)] for file in files]
        assert world.send() == []

    def test_goes_to_somebody_else_where_a_person_no_longer_has_the_role(self, new_world: Any) -> None:
        world = new_world({"c1": ["r1"], "c2": ["r2"]}, people={"ann": "coder", "bob": "coder"})
        files = world.send(self.FIRST)
        mine = {study for file in files if file.reviewer == "ann" for _, study in by_list(file)}
        assert mine
        world.people = {"ann": "reviewer", "bob": "coder", "cat": "adjudicator"}
        again = world.send(self.SECOND)
        assert {file.reviewer for file in again} == {"bob"}
        assert mine <= {study for file in again for _, study in by_list(file)}

    def test_is_counted_in_studies(self, double: Any) -> None:
        double.people = {"ann": "coder", "bob": "coder"}
        double.send(self.FIRST)
        double.papers["c2"] = ["r2"]
        double.drawn("c2", double=True)
        double.coded("ann", "c1", MENTORS)
        assert owed(double.tables(), double.review) == [
            Owed("coding", "ann", new=1, sent=0, since=None), Owed("coding", "bob", new=1, sent=1, since=self.FIRST)
        ]  # fmt: skip
