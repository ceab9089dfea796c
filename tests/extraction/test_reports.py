"""Which reports are of one study: what is asked, what is answered, and what follows for draw, coding and counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tasks.extraction.reports.returned import take
from tasks.extraction.reports.worklists import TASK, worklists
from tasks.formats.worklist import Row, Sheet, read, write
from tests.extraction.conftest import START, World, sheet_of

LIKE = {"title": "Mentors for families at the edge of care"}
WHOLE = {0: {"kind": "trial"}, 1: {"theme": "mentors"}}


@pytest.fixture
def three() -> World:
    """Three included papers that have nothing in common but their authors."""
    world = World({"c1": ["r1"], "c2": ["r2", "r3"], "c3": ["r4"]})
    world.described = {
        one: {"first_seen": START + timedelta(days=day), "title": title}
        for day, (one, title) in enumerate({"c2": "Courts", "c1": "Meetings", "c3": "Schools"}.items())
    }
    return world


@pytest.fixture
def alike(three: World) -> World:
    """Two of the three have a like title."""
    three.described["c1"] |= LIKE
    three.described["c2"] |= {"title": f"{LIKE['title']}: two years later"}
    return three


def asked(world: World) -> list[Sheet]:
    """Hands out what nobody was asked about, and remembers it."""
    files, issued = worklists(world.tables(), world.review, world.now())
    world.logs.setdefault("log.worklist", []).extend(issued.to_pylist())
    return [read(write(one)) for one in files]


def answered(world: World, sheet: Sheet, **cells: str) -> Any:
    rows = tuple(Row(row.line, row.values | cells) for row in sheet.rows)
    taken = take(Sheet(sheet.columns, rows), f"back-{world.minutes}", world.tables(), world.review, world.now())
    for name, more in taken.logs.items():
        world.logs.setdefault(name, []).extend(more.to_pylist())
    return taken


def plain(**cells: str) -> Sheet:
    """A table that is no worklist of ours."""
    values = {"citation_id": "c1", "other_citation_id": "c2", "reviewer": "jo", "answer": "same", "note": ""} | cells
    return Sheet(tuple(values), (Row(2, values),))


def pairs(world: World) -> dict[tuple[str, str], tuple[str | None, bool]]:
    rows = world.stand()["staging.study_pair"].to_pylist()
    return {(row["citation_a"], row["citation_b"]): (row["verdict"], row["linked"]) for row in rows}


def test_reports_that_nobody_tied_together_are_studies_of_their_own(three: World) -> None:
    assert three.studies() == {"c1": "c1", "c2": "c2", "c3": "c3"}
    assert pairs(three) == {}
    assert asked(three) == []


def test_like_reports_are_shown_to_the_adjudicator_once(alike: World) -> None:
    [sheet] = asked(alike)
    [row] = sheet.rows
    assert (row.values["task"], row.values["reviewer"]) == (TASK, "jo")
    assert (row.values["citation_id"], row.values["other_citation_id"]) == ("c1", "c2")
    assert row.values["why"] == "2 authors in common, and like titles"
    assert (row.values["title"], row.values["authors"]) == (LIKE["title"], "Doe, J; Roe, R")
    assert asked(alike) == []
    assert alike.studies()["c1"] == "c1", "until somebody has answered they count apart"


def test_a_pair_goes_to_somebody_else_when_the_person_settles_nothing_any_more(alike: World) -> None:
    asked(alike)
    alike.people = {**alike.people, "jo": "librarian"}
    [sheet] = asked(alike)
    assert {row.values["reviewer"] for row in sheet.rows} == {"ann"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"year": 2010}, {"year": 2017}),
        ({"authors": ["Doe, J"]}, {}),
        ({"authors": ["Doe, J"]}, {"authors": ["Doe, K"]}),
        ({}, {"title": "Foster carers who adopt: a survey of mentors in three counties"}),
    ],
)
def test_what_has_less_in_common_is_not_asked(alike: World, one: dict[str, Any], other: dict[str, Any]) -> None:
    alike.described["c1"] |= one
    alike.described["c2"] |= other
    assert asked(alike) == []


def test_words_that_many_titles_have_tell_nothing(alike: World) -> None:
    assert len(asked(alike)) == 1
    for number in range(4, 7):
        alike.papers[f"c{number}"] = [f"s{number}"]
        alike.described[f"c{number}"] = LIKE | {"authors": [f"Lund{number}, B"]}
    alike.logs.clear()
    assert asked(alike) == []


def test_a_number_of_a_register_ties(three: World) -> None:
    three.described["c1"] |= {"abstract": "Registered as ISRCTN12345678.", "authors": ["Lund, B"]}
    three.described["c3"] |= {"abstract": "(isrctn: 12345678)", "year": 2001}
    [sheet] = asked(three)
    assert [row.values["why"] for row in sheet.rows] == ["both name ISRCTN12345678"]


def test_what_deduplication_found_is_asked(three: World) -> None:
    relation = {"review": "demo", "kind": "preprint", "record_id": "r4", "related_record_id": "r1", "basis": "comparison"}
    three.found["staging.citation_relation"] = [relation | {"citation_id": "c3", "related_id": "c1", "explanation": "x"}]
    pair = {"review": "demo", "rule": "title", "explanation": "same title", "score": 0.5, "outcome": "unsure"}
    three.found["staging.record_pair"] = [pair | {"record_a": "r1", "record_b": "r3"}]
    [sheet] = asked(three)
    assert {(row.values["citation_id"], row.values["other_citation_id"]): row.values["why"] for row in sheet.rows} == {
        ("c1", "c2"): "they may be one paper: same title",
        ("c1", "c3"): "the one is preprint of the other",
    }


def test_same_makes_one_study_called_after_the_first(alike: World) -> None:
    [sheet] = asked(alike)
    taken = answered(alike, sheet, answer="same", note="same sample")
    [row] = taken.logs["log.study_link"].to_pylist()
    assert (row["record_ids_a"], row["record_ids_b"], row["by"], row["note"]) == (["r1"], ["r2", "r3"], "jo", "same sample")
    assert alike.studies() == {"c1": "c2", "c2": "c2", "c3": "c3"}
    assert pairs(alike) == {("c1", "c2"): ("same", True)}
    assert set(alike.draw()) == {"c2", "c3"}
    [draw] = [row for row in alike.logs["log.draw"] if row["citation_id"] == "c2"]
    assert draw["record_ids"] == ["r1", "r2", "r3"]
    assert {row["study_id"] for row in alike.stand()["staging.study_extraction"].to_pylist()} == {"c2", "c3"}


def test_different_keeps_two_and_is_not_asked_again(alike: World) -> None:
    [sheet] = asked(alike)
    answered(alike, sheet, answer="Different")
    assert alike.studies()["c1"] == "c1"
    assert asked(alike) == []


def test_the_later_answer_holds(alike: World) -> None:
    for answer, study in (("same", "c2"), ("different", "c1"), ("same", "c2")):
        answered(alike, plain(answer=answer))
        assert alike.studies()["c1"] == study


def test_two_reports_are_tied_by_way_of_a_third_even_one_that_is_left_out(three: World) -> None:
    three.tied("c1", "c3")
    three.tied("c3", "c2")
    three.elsewhere["c3"] = "report_excluded"
    assert three.studies() == {"c1": "c2", "c2": "c2"}
    assert pairs(three) == {("c1", "c3"): ("same", False), ("c2", "c3"): ("same", False)}, "what the law stops"


def test_a_contradiction_by_way_of_a_third_shows(three: World) -> None:
    three.tied("c1", "c3")
    three.tied("c2", "c3")
    three.tied("c1", "c2", "different")
    assert pairs(three)["c1", "c2"] == ("different", True)


@pytest.mark.fault(20)
def test_answers_follow_papers_that_merge(three: World) -> None:
    three.tied("c1", "c3")
    three.merge("c2", "c3")
    assert three.studies() == {"c1": "c2", "c2": "c2"}
    three.merge("c2", "c1")
    assert three.studies() == {"c2": "c2"}
    assert pairs(three) == {}


def test_a_protocol_does_not_make_a_finished_study_one_under_way(three: World) -> None:
    three.elsewhere |= {"c1": "ongoing", "c2": "ongoing"}
    three.tied("c1", "c2")
    assert "c2" not in {row["study_id"] for row in three.stand()["staging.study_extraction"].to_pylist()}
    three.elsewhere.pop("c1")
    rows = three.stand()["staging.study_report"].to_pylist()
    assert {(row["study_id"], row["ongoing"]) for row in rows} == {("c2", False), ("c3", False)}


def test_two_codings_of_what_is_one_study_are_both_kept_and_reconciled(three: World) -> None:
    for one in ("c1", "c2"):
        three.drawn(one, double=False)
        three.coded("ann", one, WHOLE)
        three.verified("bob", one, "ann")
    assert (three.state("c1"), three.state("c2")) == ("verified", "verified")
    three.tied("c1", "c2")
    assert three.state("c2") == "awaiting_reconciliation"
    [sent] = [one for one in three.send() if one.task == "reconciliation"]
    assert [row["record_ids"] for row in three.logs["log.worklist"] if row["task"] == "reconciliation"] == [["r1", "r2", "r3"]]
    assert {row["citation_id"] for row in sent.rows} == {"c2"}
    three.papers["c2"], kept = ["r1", "r2", "r3"], three.papers["c2"]  # the reconciler was shown both
    three.coded("jo", "c2", WHOLE, role="reconciler")
    three.papers["c2"] = kept
    assert three.stands("c2") == ("reconciled", {(0, "kind", "trial"), (1, "theme", "mentors")})


def test_a_tie_that_is_taken_back_gives_each_its_own_coding_again(three: World) -> None:
    for one in ("c1", "c2"):
        three.drawn(one, double=False)
        three.coded("ann", one, WHOLE)
        three.verified("bob", one, "ann")
    three.tied("c1", "c2")
    three.tied("c1", "c2", "different")
    assert (three.state("c1"), three.state("c2")) == ("verified", "verified")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"answer": "perhaps"}, "neither same nor different"), ({"reviewer": "x9"}, "not in protocol.people"),
        ({"citation_id": "c9"}, "no report 'c9' in this review"), ({"other_citation_id": "c1"}, "compared with itself"),
        ({"citation_id": "old"}, "are one paper by now"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_comes_back_with_the_reason(three: World, cells: dict[str, str], reason: str) -> None:
    three.aliases["old"] = "c2"
    taken = answered(three, plain(**cells))
    [refused] = taken.refused
    assert reason in refused.reason
    assert taken.logs == {}


def test_a_title_that_was_moved_is_noticed(alike: World) -> None:
    [sheet] = asked(alike)
    taken = answered(alike, sheet, answer="same", title="Another title")
    assert "ids and titles are not those that were sent" in taken.refused[0].reason


def test_an_alias_names_the_paper_of_today(three: World) -> None:
    three.aliases["old"] = "c2"
    answered(three, plain(citation_id="old", other_citation_id="c1"))
    assert three.studies()["c1"] == "c2"


def test_one_pair_under_two_names_is_one_answer(three: World) -> None:
    three.aliases["old"] = "c2"
    one = plain().rows[0]
    sheet = Sheet(tuple(one.values), (one, Row(3, one.values | {"other_citation_id": "old", "note": "seen"})))
    [row] = take(sheet, "f", three.tables(), three.review, three.now()).logs["log.study_link"].to_pylist()
    assert (row["citation_a"], row["citation_b"], row["note"]) == ("c1", "c2", "seen")


def test_two_rows_that_contradict_each_other_are_both_refused(three: World) -> None:
    one = plain().rows[0]
    turned = {"citation_id": "c2", "other_citation_id": "c1", "answer": "different"}
    sheet = Sheet(tuple(one.values), (one, Row(3, one.values | turned)))
    taken = take(sheet, "f", three.tables(), three.review, three.now())
    assert [row.reason for row in taken.refused] == ["rows 2, 3 answer differently on the same pair"] * 2


def test_a_report_that_comes_after_the_coding_is_shown_to_its_coder_and_changes_nothing_by_itself(new_world: Any) -> None:
    world = new_world({"c1": ["r1"]})
    world.drawn("c1", False)
    world.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "mentors"}})
    world.verified("bob", "c1", "ann")
    assert world.send() == []
    world.papers["c2"] = ["r2"]
    world.tied("c1", "c2")
    [sheet] = world.send()
    assert (sheet.task, sheet.reviewer, [row["citation_id"] for row in sheet.rows]) == ("coding", "ann", ["c1"])
    assert sheet.rows[0]["theme"] == "mentors", "what they said stands in it"
    assert set(world.logs["log.worklist"][-1]["record_ids"]) == {"r1", "r2"}
    assert (world.state(), world.send()) == ("verified", [])
    logged = len(world.logs["log.coding"])
    world.take(sheet_of(sheet))
    assert len(world.logs["log.coding"]) == logged, "returned as it was sent: it stays open"
    world.take(sheet_of(sheet, {"decided_on": "2024-03-05"}))
    assert {"r1", "r2"} <= {one for row in world.logs["log.coding"][logged:] for one in row["record_ids"]}
    assert (world.state(), world.send()) == ("verified", []), "she has read it, and changed nothing"


def test_whoever_changes_the_coding_for_a_later_report_is_verified_again(new_world: Any) -> None:
    world = new_world({"c1": ["r1"]})
    world.drawn("c1", False)
    world.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "mentors"}})
    world.verified("bob", "c1", "ann")
    world.papers["c2"] = ["r2"]
    world.tied("c1", "c2")
    [sheet] = world.send()
    world.take(sheet_of(sheet, {"theme": "mentors; courts"}))
    assert world.state() == "awaiting_verification"
    assert [one.task for one in world.send()] == ["verification"]


def test_a_later_report_is_for_another_coder_where_the_one_has_left(new_world: Any) -> None:
    world = new_world({"c1": ["r1"]})
    world.drawn("c1", False)
    world.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "mentors"}})
    world.verified("bob", "c1", "ann")
    world.papers["c2"] = ["r2"]
    world.tied("c1", "c2")
    world.people = {name: role for name, role in world.people.items() if name != "ann"}
    [sheet] = world.send()
    assert (sheet.task, sheet.reviewer in ("bob", "cat"), sheet.rows[0].get("theme", "")) == ("coding", True, "")
    assert (world.state(), world.send()) == ("verified", []), "what stands stays until the other has coded it"
    world.take(sheet_of(sheet, {"kind": "trial", "theme": "mentors; courts"}))
    assert world.state() == "awaiting_reconciliation"


@pytest.mark.parametrize("themes", ["mentors", "mentors; courts"])
def test_a_later_report_is_for_the_one_of_two_coders_who_is_left(new_world: Any, themes: str) -> None:
    world = new_world({"c1": ["r1"]})
    world.drawn("c1", True)
    for who in ("ann", "bob"):
        world.coded(who, "c1", {0: {"kind": "trial"}, 1: {"theme": "mentors"}})
    world.papers["c2"] = ["r2"]
    world.tied("c1", "c2")
    world.people = {name: role for name, role in world.people.items() if name != "ann"}
    [sheet] = world.send()
    assert (sheet.task, sheet.reviewer, sheet.rows[0]["theme"]) == ("coding", "bob", "mentors")
    assert (world.state(), world.send()) == ("reconciled", [])
    world.take(sheet_of(sheet, {"theme": themes, "decided_on": "2024-03-05"}))
    changed = themes != "mentors"
    assert world.state() == ("awaiting_reconciliation" if changed else "reconciled")
    assert [one.task for one in world.send()] == (["reconciliation"] if changed else [])
