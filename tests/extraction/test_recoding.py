"""A codebook that changes half-way: what was coded before keeps its meaning, or is coded again."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from warehouse.configuration.codebook import Codebook

SPLIT = {"to": "4.0", "codes": [{"dimension": "theme", "code": "therapy", "becomes": ["mentors", "courts"]}]}


def renamed(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"to": "4.0", "codes": [{"dimension": "theme", "code": old, "becomes": [new]} for old, new in pairs]}


def coded_and_verified(world: Any, code: str = "therapy") -> None:
    world.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": code}})
    world.verified("bob", "c1", "ann")
    world.version = "4.0"


def test_a_renamed_code_is_read_as_what_it_became_and_the_log_keeps_what_was_given(world: Any) -> None:
    coded_and_verified(world)
    world.changes = [renamed(("therapy", "mentors"))]
    assert world.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "mentors")})
    given = [row for row in world.stand()["staging.coding"].to_pylist() if row["dimension"] == "theme"]
    assert [(row["code"], row["present_dimension"], row["present_code"]) for row in given] == [("therapy", "theme", "mentors")]


def test_codes_that_were_merged_are_one_and_two_coders_agree(double: Any) -> None:
    double.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "one"}})
    double.coded("bob", "c1", {0: {"kind": "trial"}, 1: {"theme": "other"}})
    double.version, double.changes = "4.0", [renamed(("one", "courts"), ("other", "courts"))]
    assert double.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "courts")})


def test_changes_follow_one_another_and_apply_to_what_was_coded_before_them_alone(world: Any) -> None:
    coded_and_verified(world)
    later = {"to": "5.0", "codes": [{"dimension": "topic", "code": "courts", "becomes": ["meetings"]}],
             "dimensions": [{"dimension": "theme", "becomes": "topic"}]}  # fmt: skip
    world.version, world.changes = "5.0", [renamed(("therapy", "courts")), later]
    world.codebook[1]["id"] = "topic"
    assert world.codes() == {(0, "kind", "trial"), (1, "topic", "meetings")}
    world.changes = [{**later, "to": "3.0"}]
    world.codebook[1]["id"] = "theme"
    assert world.codes() == {(0, "kind", "trial"), (1, "theme", "therapy")}, "coded by version 3.0 itself"


def test_a_code_that_is_no_longer_asked_is_gone_from_what_stands_and_stays_in_the_log(world: Any) -> None:
    coded_and_verified(world)
    world.changes = [{"to": "4.0", "codes": [{"dimension": "theme", "code": "therapy", "becomes": []}]}]
    assert world.stands() == ("verified", {(0, "kind", "trial")})
    assert {row["code"] for row in world.stand()["staging.coding"].to_pylist()} == {"trial", "therapy"}
    world.changes = [{"to": "4.0", "dimensions": [{"dimension": "theme", "becomes": None}]}]
    assert world.stands() == ("verified", {(0, "kind", "trial")})


def test_a_split_code_counts_nowhere_until_its_coder_said_which_and_somebody_verified_it(world: Any, back: Any) -> None:
    coded_and_verified(world)
    world.changes = [SPLIT]
    assert world.stands() == ("awaiting_recoding", set())
    (sent,) = world.send()
    assert (sent.task, sent.reviewer) == ("coding", "ann")
    (row,) = sent.rows
    assert (row["kind"], row.get("theme", "")) == ("trial", ""), "what still holds is there, and the split code is not"
    assert any("theme: therapy is now mentors or courts" in line for line in sent.guide)
    assert world.send() == [], "asked once"
    assert world.take(back(sent)).logs == {}, "a file that comes back as it was sent says nothing"
    assert (
        world.take(back(sent, {"theme": "therapy"})).refused[0].reason == "theme: therapy is now mentors or courts: say which"
    )
    assert world.take(back(sent, {"theme": "courts"})).refused == ()
    assert world.state() == "awaiting_verification"
    (verification,) = world.send()
    assert (verification.task, verification.reviewer) == ("verification", "bob")
    world.take(back(verification, {"verdict": "agree"}))
    assert world.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "courts")})


def test_both_coders_of_a_double_study_say_again_which(double: Any, back: Any) -> None:
    for who in ("ann", "bob"):
        double.coded(who, "c1", {0: {"kind": "trial"}, 1: {"theme": "therapy"}})
    double.version, double.changes = "4.0", [SPLIT]
    assert double.state() == "awaiting_recoding"
    sent = double.send()
    assert [(one.task, one.reviewer) for one in sent] == [("coding", "ann"), ("coding", "bob")]
    double.take(back(sent[0], {"theme": "courts"}))
    assert double.state() == "awaiting_recoding"
    assert double.send() == []
    double.take(back(sent[1], {"theme": "courts"}))
    assert double.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "courts")})


def test_where_the_coder_has_left_another_codes_and_the_old_coding_no_longer_counts(world: Any, back: Any) -> None:
    coded_and_verified(world)
    world.changes, world.people = [SPLIT], {"bob": "coder", "cat": "coder"}
    (sent,) = world.send()
    assert sent.reviewer in ("bob", "cat")
    assert "kind" not in sent.rows[0] or not sent.rows[0]["kind"], "nobody is shown what somebody else coded"
    world.take(back(sent, {"kind": "trial", "theme": "mentors"}))
    assert world.state() == "awaiting_verification"
    (verification,) = world.send()
    assert verification.reviewer == ({"bob", "cat"} - {sent.reviewer}).pop()
    world.take(back(verification, {"verdict": "agree"}))
    assert world.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "mentors")})


def test_what_a_reconciler_or_verifier_settled_without_the_split_code_holds(double: Any) -> None:
    double.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "therapy"}})
    double.coded("bob", "c1", {0: {"kind": "trial"}, 1: {"theme": "meetings"}})
    double.coded("jo", "c1", {0: {"kind": "trial"}, 1: {"theme": "meetings"}}, role="reconciler")
    double.version, double.changes = "4.0", [SPLIT]
    assert double.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "meetings")})


def test_a_dimension_that_is_asked_of_all_is_asked_of_studies_coded_before(world: Any, back: Any) -> None:
    coded_and_verified(world, "courts")
    world.changes = [{"to": "4.0", "ask": ["setting"]}]
    assert world.state() == "awaiting_recoding"
    (sent,) = world.send()
    assert sent.rows[0]["theme"] == "courts"
    assert world.take(back(sent, {"setting": "urban"})).refused == ()
    assert world.state() == "awaiting_verification"


def test_a_form_that_was_sent_before_a_code_was_renamed_is_taken(world: Any, back: Any) -> None:
    (sent,) = world.send()
    world.version, world.changes = "4.0", [renamed(("therapy", "mentors"))]
    assert world.take(back(sent, {"kind": "trial", "theme": "therapy; courts"})).refused == ()
    assert {row["code"] for row in world.logs["log.coding"]} == {"trial", "mentors", "courts"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([{"to": "4.0"}, {"to": "3.0"}], "from the oldest version to the newest"),
        ([{"to": "10.0"}], "none is to one that is yet to come"),
        ([{"to": "4.0", "codes": [*SPLIT["codes"], *SPLIT["codes"]]}], "theme.therapy given more than once"),
    ],
)
def test_changes_that_contradict_themselves_are_refused(changes: Any, reason: str, world: Any) -> None:
    with pytest.raises(ValidationError, match=reason):
        Codebook.model_validate({"version": "4.0", "dimensions": world.codebook, "changes": changes})


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("3.0", "theme", "therapy"), "code 'therapy' of theme is not in version 4.0"),
        (("3.0", "gone", "x"), "dimension 'gone' is not in version 4.0"),
        (("3.0", "theme", "courts"), None),
        (("3.0", "theme", "art"), "code 'painting' of theme is not in version 4.0"),
        (("3.0", "theme", "dance"), None),
        (("3.0", "year", "any words"), None),
    ],
)
def test_a_code_that_means_nothing_any_more_is_told(given: Any, reason: str | None, world: Any) -> None:
    codes = [{"dimension": "theme", "code": "art", "becomes": ["courts", "painting"]},
             {"dimension": "theme", "code": "dance", "becomes": []}]  # fmt: skip
    codebook = {"version": "4.0", "dimensions": world.codebook, "changes": [{"to": "4.0", "codes": codes}]}
    assert Codebook.model_validate(codebook).untold(*given) == reason
