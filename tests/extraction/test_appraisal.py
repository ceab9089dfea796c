"""What two people judge of every study: who is asked, what they see, where a study stands by it, and what holds."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pydantic import ValidationError

from expectations import law
from tasks.extraction.asking import Waiting, requests
from tasks.extraction.form import columns, guide
from tasks.extraction.growth import too_little
from tasks.extraction.stand import stand
from tasks.extraction.worklists import owed
from tasks.formats.workbook import write
from tasks.formats.workbook_read import read
from tests.extraction.conftest import CODEBOOK, START, World
from tests.workbooks import filled
from warehouse import engine as warehouse_engine
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine

BIAS: dict[str, Any] = {
    "id": "bias", "label": "Risk of bias", "appraisers": 2, "not_reported": True,
    "codes": [{"id": "low", "label": "Low"}, {"id": "some", "label": "Some concerns"}, {"id": "high", "label": "High"}],
}  # fmt: skip
SUPPORT: dict[str, Any] = {"id": "support", "label": "Support for it", "appraisers": 2, "text": True, "required": False}
SPLIT = {"to": "3.1", "codes": [{"dimension": "bias", "code": "low", "becomes": ["very-low", "lowish"]}]}
LAWS = Path(law.__file__).with_name("laws")
AGREEMENT = Path(warehouse_engine.__file__).with_name("marts") / "coding_agreement.sql"
CODED = {0: {"kind": "trial"}, 1: {"theme": "mentors"}}


def with_bias(world: Any) -> Any:
    world.codebook += [BIAS, SUPPORT]
    return world


@pytest.fixture
def world(world: Any) -> Any:
    return with_bias(world)


@pytest.fixture
def double(double: Any) -> Any:
    return with_bias(double)


def act(world: Any, steps: str, study: str = "c1") -> None:
    """``ann codes low, bob judges high, jo settles some, cat agrees ann``."""
    for step in steps.split(", ") if steps else []:
        who, what, *rest = step.split()
        if what == "codes":
            theme = rest[1] if len(rest) > 1 else "mentors"
            world.coded(who, study, {0: {"kind": "trial", "bias": rest[0]}, 1: {"theme": theme}})
        elif what == "reconciles":
            world.coded(who, study, {0: {"kind": "trial"}, 1: {"theme": rest[0]}}, role="reconciler")
        elif what == "agrees":
            world.verified(who, study, rest[0])
        elif what == "changes":
            world.verified(who, study, rest[0], "change", {0: {"kind": "trial"}, 1: {"theme": rest[1]}})
        else:
            role = {"judges": "appraiser", "settles": "appraisal_reconciler"}[what]
            world.coded(who, study, {0: {"bias": rest[0]}}, role=role)


# what people did, in order; the state that follows; theme and risk of bias that stand
SINGLE: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "nothing yet": ("", "uncoded", None),
    "coded": ("ann codes low", "awaiting_appraisal", None),
    "verified before the second appraisal": ("ann codes low, bob agrees ann", "awaiting_appraisal", None),
    "judged twice by one person": ("ann codes low, ann judges high", "awaiting_appraisal", None),
    "agree": ("ann codes low, bob judges low", "awaiting_verification", None),
    "agree, and verified": ("ann codes low, bob judges low, bob agrees ann", "verified", ("mentors", "low")),
    "agree, and changed": ("ann codes low, bob judges low, bob changes ann courts", "verified", ("courts", "low")),
    "differ": ("ann codes low, bob judges high", "awaiting_appraisal_reconciliation", None),
    "differ, and verified": ("ann codes low, bob judges high, cat agrees ann", "awaiting_appraisal_reconciliation", None),
    "came to agree": ("ann codes low, bob judges high, bob judges low", "awaiting_verification", None),
    "reconciled": ("ann codes low, bob judges high, jo settles some", "awaiting_verification", None),
    "reconciled and verified": (
        "ann codes low, bob judges high, jo settles some, bob agrees ann", "verified", ("mentors", "some")),
    "reconciled and changed": (
        "ann codes low, bob judges high, jo settles some, bob changes ann courts", "verified", ("courts", "some")),
    "one judged otherwise later": (
        "ann codes low, bob judges high, jo settles some, bob agrees ann, bob judges some", "awaiting_appraisal_reconciliation",
        None),
    "the coder changed what is not judged": (
        "ann codes low, bob judges high, jo settles some, ann codes low courts, bob agrees ann", "verified",
        ("courts", "some")),
    "the coder changed the judgement": (
        "ann codes low, bob judges low, bob agrees ann, ann codes high", "awaiting_appraisal_reconciliation", None),
    "a verifier is no appraiser": ("ann codes low, bob changes ann courts", "awaiting_appraisal", None),
}  # fmt: skip
DOUBLE: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "one": ("ann codes low", "coded_once", None),
    "one, and an appraisal nobody asked for": ("ann codes low, bob judges low", "coded_once", None),
    "agree": ("ann codes low, bob codes low", "reconciled", ("mentors", "low")),
    "differ in what is coded": ("ann codes low, bob codes low courts", "awaiting_reconciliation", None),
    "differ in what is judged": ("ann codes low, bob codes high", "awaiting_appraisal_reconciliation", None),
    "differ in both": ("ann codes low, bob codes high courts", "awaiting_reconciliation", None),
    "differ in both, coding reconciled": (
        "ann codes low, bob codes high courts, jo reconciles meetings", "awaiting_appraisal_reconciliation", None),
    "differ in both, both reconciled": (
        "ann codes low, bob codes high courts, jo reconciles meetings, jo settles some", "reconciled", ("meetings", "some")),
}  # fmt: skip


CASES = {f"{name}, coded by one": one for name, one in SINGLE.items()} | {
    f"{name}, coded by two": one for name, one in DOUBLE.items()}  # fmt: skip


@pytest.fixture(scope="module")
def stood() -> dict[str, tuple[str, set[tuple[int, str, str]]]]:
    """State and codes of a study for each case, from one look at them all."""
    world = with_bias(World({name: [f"record of {name}"] for name in CASES}))
    for name, (steps, *_) in CASES.items():
        world.drawn(name, double=name.endswith("two"))
        act(world, steps, name)
    tables = world.stand()
    codes = tables["staging.study_coding"].to_pylist()
    return {
        row["study_id"]: (
            row["state"], {(one["group"], one["dimension"], one["code"]) for one in codes if one["study_id"] == row["study_id"]}
        )
        for row in tables["staging.study_extraction"].to_pylist()
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_where_a_study_stands(case: str, stood: Any) -> None:
    _, state, stands = CASES[case]
    theme, bias = stands or ("", "")
    assert stood[case] == (state, {(0, "kind", "trial"), (1, "theme", theme), (0, "bias", bias)} if stands else set())


def test_judgements_of_two_reports_that_are_one_study_now_are_reconciled_though_they_agree(world: Any) -> None:
    world.papers["c2"] = ["r2"]
    for who, paper in (("ann", "c1"), ("bob", "c2")):
        world.coded(who, paper, {0: {"kind": "trial", "bias": "low"}, 1: {"theme": "mentors"}})
    world.merge("c1", "c2")
    assert world.state() == "awaiting_reconciliation"
    act(world, "jo reconciles mentors")
    assert world.state() == "awaiting_appraisal_reconciliation", "nobody judged the study with both reports in view"
    act(world, "jo settles low")
    assert world.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "mentors"), (0, "bias", "low")})


def test_without_such_a_dimension_nobody_appraises(new_world: Any) -> None:
    world = new_world({"c1": ["r1"]})
    world.drawn("c1", double=False)
    world.coded("ann", "c1", CODED)
    assert world.state() == "awaiting_verification"


@pytest.mark.parametrize(
    ("dimensions", "why"),
    [
        ([*CODEBOOK, BIAS | {"grouped": True}], "the study is judged as a whole"),
        ([*CODEBOOK, BIAS | {"role": "theme", "not_reported": False}], "is no appraisal"),
        ([*CODEBOOK, BIAS | {"required": False}, SUPPORT], "no dimension with appraisers: 2 is required"),
        ([BIAS, SUPPORT], "every dimension has appraisers: 2"),
        ([*CODEBOOK, BIAS | {"appraisers": 3}], "Input should be 1 or 2"),
    ],
)
def test_a_codebook_that_cannot_be_meant(dimensions: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Codebook.model_validate({"version": "1.0", "dimensions": dimensions})


class TestWhoIsAsked:
    def test_each_study_goes_to_somebody_else_than_its_coder_evenly_and_once(self, new_world: Any) -> None:
        world = with_bias(new_world({f"c{number:02}": [f"r{number:02}"] for number in range(24)}))
        world.draw()
        coder = {row["citation_id"]: file.reviewer for file in world.send() for row in file.rows}
        for study, who in coder.items():
            world.coded(who, study, {0: {"kind": "trial", "bias": "low"}, 1: {"theme": "mentors"}})
        files = world.send()
        assert {file.task for file in files} == {"appraisal"}
        second = {row["citation_id"]: file.reviewer for file in files for row in file.rows}
        assert set(second) == set(coder)
        assert all(second[study] != coder[study] for study in coder)
        load = Counter(second.values())
        assert max(load.values()) - min(load.values()) <= 1, load
        assert world.send() == [], "nothing is asked twice"
        assert [one.sent for one in owed(world.tables(), world.review)] == [load[who] for who in sorted(load)]

    def test_the_appraiser_sees_nothing_of_the_first_judgement_and_nothing_else_is_asked(self, world: Any) -> None:
        world.coded(
            "ann", "c1", {0: {"kind": "trial", "bias": "high", "support": "Allocation was open."}, 1: {"theme": "mentors"}}
        )
        (file,) = world.send()
        assert file.columns == columns("appraisal", world.review.codebook.of_two(True))
        assert not {"kind", "theme", "level", "setting", "verdict", "differs"} & set(file.columns)
        assert {"title", "bias", "support", "quote", "page", "decided_on"} <= set(file.columns)
        assert not any(row.get("bias") or row.get("support") for row in file.rows)
        assert file.spare == 0

    def test_who_appraised_verifies_and_does_not_see_what_is_judged(self, world: Any) -> None:
        world.coded("ann", "c1", {0: {"kind": "trial", "bias": "low"}, 1: {"theme": "mentors"}})
        (appraisal,) = world.send()
        world.coded(appraisal.reviewer, "c1", {0: {"bias": "low"}}, role="appraiser")
        (file,) = world.send()
        assert (file.task, file.reviewer) == ("verification", appraisal.reviewer)
        assert "theme" in file.columns
        assert "bias" not in file.columns

    def test_who_reconciles_judged_neither(self, world: Any) -> None:
        act(world, "ann codes low, bob judges high")
        (file,) = world.send()
        assert (file.task, file.reviewer) == ("appraisal_reconciliation", "jo")
        del world.people["jo"]
        (file,) = world.send()
        assert file.reviewer == "cat"
        (row,) = file.rows
        assert (row["differs"], row.get("bias", ""), row.get("support", "")) == ("bias: low | high", "", "")

    def test_work_of_an_appraiser_who_left_goes_to_another(self, world: Any) -> None:
        act(world, "ann codes low")
        (before,) = world.send()
        del world.people[before.reviewer]
        (after,) = world.send()
        assert after.reviewer not in ("ann", before.reviewer)

    def test_where_nobody_else_is_there_the_study_waits(self, world: Any) -> None:
        world.people = {"ann": "coder", "rev": "reviewer"}
        act(world, "ann codes low")
        assert world.send() == []
        assert world.state() == "awaiting_appraisal"


def waits(study: str, task: str, **known: Any) -> Waiting:
    nobody: dict[str, Any] = dict.fromkeys(
        ("answered_by", "outdated_by", "asked_to_answer", "judged_by", "shown_to", "sent"), ()
    )
    return Waiting(study, task, **{"double": False, "unread": False, "requested": False, "asked_before": None} | nobody | known)


@pytest.mark.parametrize("task", ["coding", "appraisal"])
def test_who_answers_anew_comes_first_and_who_saw_a_judgement_judges_none(world: Any, task: str) -> None:
    known = {"double": True, "outdated_by": ("cat", "gone"), "shown_to": ("ann",)}
    made = requests([waits(f"c{number}", task, **known) for number in range(9)], world.review.protocol)
    asked: dict[str, set[str]] = {}
    for one in made:
        asked.setdefault(one.study_id, set()).add(one.reviewer)
    assert list(asked.values()) == [{"bob", "cat"}] * 9


def test_who_answers_anew_comes_before_who_is_less_busy(world: Any) -> None:
    known = {"double": True, "outdated_by": ("cat", "gone")}
    made = requests([waits(f"c{number}", "appraisal", **known) for number in range(9)], world.review.protocol)
    assert {one.study_id for one in made if one.reviewer == "cat"} == {f"c{number}" for number in range(9)}


class TestComingBack:
    @pytest.fixture
    def appraising(self, world: Any) -> Any:
        world.people = {"ann": "coder", "bob": "coder", "jo": "adjudicator"}
        act(world, "ann codes low")
        return world

    def test_a_workbook_and_a_csv_lose_no_judgement_reason_or_note(self, appraising: Any, new_world: Any, back: Any) -> None:
        (file,) = appraising.send()
        said = {
            "bias": "Some concerns", "support": "Open; \"as found\"", "quote": "No list was kept.", "page": "7",
            "decided_on": "2024-05-03"}  # fmt: skip
        data = write(file, START)
        names = [cell.value for cell in load_workbook(io.BytesIO(data)).worksheets[0][1]]
        assert [name for name in names if name in ("kind", "theme: mentors", "verdict", "group")] == ["group"]
        taken = appraising.take(read(filled(data, lambda row: said)))
        assert taken.refused == ()
        rows = taken.logs["log.coding"].to_pylist()
        told = {
            (row["reviewer"], row["role"], row["group"], row["dimension"], row["code"], row["quote"], row["page"])
            for row in rows
        }
        assert told == {
            ("bob", "appraiser", 0, "bias", "some", "No list was kept.", "7"),
            ("bob", "appraiser", 0, "support", 'Open; "as found"', "No list was kept.", "7"),
        }
        assert {str(row["decided_on"]) for row in rows} == {"2024-05-03"}
        other = with_bias(new_world({"c1": ["r1"]}))
        other.people = appraising.people
        other.drawn("c1", double=False)
        act(other, "ann codes low")
        (csv,) = other.send()
        by_csv = other.take(back(csv, said)).logs["log.coding"].to_pylist()
        kept = ("reviewer", "role", "group", "dimension", "code", "quote", "page", "decided_on")
        assert [[row[name] for name in kept] for row in by_csv] == [[row[name] for name in kept] for row in rows]
        (settle,) = appraising.send()
        assert (settle.task, settle.rows[0]["differs"].splitlines()) == (
            "appraisal_reconciliation", ["bias: low | some", 'support: (nothing) | Open; "as found"'])  # fmt: skip
        assert settle.rows[0]["quote"] == "No list was kept. (p. 7)"

    def test_an_empty_form_stays_open(self, appraising: Any) -> None:
        (file,) = appraising.send()
        nothing = appraising.take(read(write(file, START)))
        assert (nothing.logs, nothing.refused) == ({}, ())
        assert [(one.task, one.sent) for one in owed(appraising.tables(), appraising.review)] == [("appraisal", 1)]

    def test_half_an_appraisal_comes_back_with_the_reason(self, appraising: Any, back: Any) -> None:
        (file,) = appraising.send()
        taken = appraising.take(back(file, {"support": "I am not sure."}))
        assert taken.logs == {}
        assert [one.reason for one in taken.refused] == ["bias is required, and empty"]

    def test_the_coder_is_no_second_appraiser(self, appraising: Any, back: Any) -> None:
        (file,) = appraising.send()
        taken = appraising.take(back(file, {"bias": "low", "reviewer": "ann"}))
        assert taken.logs == {}, "what was filled in is not passed over, though ann says the same"
        assert "somebody else has to be the second" in taken.refused[0].reason
        assert appraising.state() == "awaiting_appraisal"

    def test_a_reconciled_appraisal_is_taken_and_holds(self, appraising: Any, back: Any) -> None:
        act(appraising, "bob judges high")
        (file,) = appraising.send()
        untouched = appraising.take(back(file))
        assert (untouched.logs, untouched.refused) == ({}, ())
        taken = appraising.take(back(file, {"bias": "not reported"}))
        assert {row["role"] for row in taken.logs["log.coding"].to_pylist()} == {"appraisal_reconciler"}
        (verify,) = appraising.send()
        appraising.take(back(verify, {"verdict": "agree"}))
        assert appraising.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "mentors"), (0, "bias", "not reported")})

    def test_a_change_at_verification_leaves_the_appraisal_as_it_is(self, appraising: Any, back: Any) -> None:
        act(appraising, "bob judges low")
        (file,) = appraising.send()
        taken = appraising.take(back(file, {"verdict": "change", "note": "no mentors in it", "theme": "courts"}))
        assert taken.refused == ()
        assert appraising.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "courts"), (0, "bias", "low")})


class TestWhenTheCodebookChanges:
    @staticmethod
    def unjudged(world: Any) -> list[int]:
        """Were all studies settled: how many have judged each of which the law says that they are too few."""
        stood = world.stand()
        study = stood["staging.study_extraction"]
        settled = [True] * study.num_rows
        stood["staging.study_extraction"] = study.set_column(study.column_names.index("settled"), "settled", [settled])
        with Engine({**world.tables(), **stood}) as engine:
            found = engine.rows(LAWS / "settled_study_has_two_appraisers.sql")
        return [int(str(row["appraisers"])) for row in found]

    def test_asking_for_two_later_leaves_what_was_coded_and_opens_what_is_owed(self, world: Any, back: Any) -> None:
        world.codebook[-2:] = [BIAS | {"appraisers": 1}]
        act(world, "ann codes low")
        (file,) = world.send()
        world.codebook[-1:] = [BIAS, SUPPORT]
        taken = world.take(back(file, {"verdict": "change", "note": "no list was kept", "bias": "high"}))
        assert (taken.logs, [one.reason for one in taken.refused]) == (
            {}, ["bias: two people judge it of every study now, each alone; leave it as the coder had it"])  # fmt: skip
        assert world.take(back(file, {"verdict": "agree"})).refused == ()
        assert world.state() == "awaiting_appraisal"
        (second,) = world.send()
        assert second.task == "appraisal"
        assert second.reviewer not in ("ann", file.reviewer), "who verified has seen the first judgement"
        world.coded(second.reviewer, "c1", {0: {"bias": "low"}}, role="appraiser")
        assert world.state() == "verified"

    def test_a_reconciliation_that_was_sent_before_settles_what_is_judged_too(self, double: Any, back: Any) -> None:
        double.codebook[-2:] = [BIAS | {"appraisers": 1}]
        act(double, "ann codes low, bob codes high")
        (file,) = double.send()
        double.codebook[-1:] = [BIAS, SUPPORT]
        assert double.take(back(file, {"bias": "some"})).refused == ()
        assert double.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "mentors"), (0, "bias", "some")})
        double.version, double.changes = "3.1", [SPLIT]
        double.people = {"bob": "coder", "jo": "adjudicator coder"}
        assert (double.state(), double.send()) == ("awaiting_appraisal", []), "jo has seen both judgements"

    def test_a_dimension_that_nobody_judged_yet_goes_to_two_people_on_the_short_form(self, world: Any) -> None:
        world.codebook[-2:] = []
        world.people = {"ann": "coder", "bob": "coder"}
        world.coded("ann", "c1", CODED)
        world.send()
        world.verified("bob", "c1", "ann")
        with_bias(world)
        files = world.send()
        assert {file.reviewer for file in files} == {"ann", "bob"}, "neither has seen a judgement: there was none"
        assert [file.task for file in files] == ["appraisal"] * 2
        for file in files:
            world.coded(file.reviewer, "c1", {0: {"bias": "high"}}, role="appraiser")
        assert world.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "mentors"), (0, "bias", "high")})

    def test_a_code_that_was_split_is_judged_again_by_the_same_two_and_nothing_else_is(self, world: Any, back: Any) -> None:
        act(world, "ann codes low, bob judges low, bob agrees ann")
        world.version = "3.1"
        world.codebook[-2] = BIAS | {
            "codes": [*BIAS["codes"][1:], {"id": "very-low", "label": "V"}, {"id": "lowish", "label": "L"}]
        }
        world.changes = [SPLIT]
        assert world.state() == "awaiting_appraisal"
        assert self.unjudged(world) == [0], "judgements that are to be made again are none"
        files = world.send()
        assert [(file.task, file.reviewer) for file in files] == [("appraisal", "ann"), ("appraisal", "bob")]
        for file in files:
            assert self.unjudged(world) != []
            assert world.take(back(file, {"bias": "lowish"})).refused == ()
        assert self.unjudged(world) == []
        assert world.stands() == ("verified", {(0, "kind", "trial"), (1, "theme", "mentors"), (0, "bias", "lowish")})

    def test_a_judgement_that_is_no_longer_asked_was_one_and_stops_no_release(self, world: Any) -> None:
        act(world, "ann codes low, bob judges low, bob agrees ann")
        world.version = "3.1"
        world.changes = [{"to": "3.1", "codes": [{"dimension": "bias", "code": "low", "becomes": []}]}]
        assert world.state() == "verified"
        assert self.unjudged(world) == []

    def test_a_reconciliation_by_a_code_that_was_split_does_not_bring_back_the_one_before_it(self, world: Any) -> None:
        act(world, "ann codes high, bob judges some, jo settles some, cat settles low")
        world.version, world.changes = "3.1", [SPLIT]
        assert world.state() == "awaiting_appraisal_reconciliation"

    def test_a_new_dimension_for_all_opens_the_part_that_it_is_of(self, world: Any) -> None:
        act(world, "ann codes low, bob judges low, bob agrees ann")
        world.version = "3.1"
        world.codebook.append({"id": "blinding", "label": "Blinding", "appraisers": 2, "codes": [{"id": "yes", "label": "Y"}]})
        world.changes = [{"to": "3.1", "ask": ["blinding"]}]
        assert world.state() == "awaiting_appraisal"
        files = world.send()
        assert [(file.task, file.reviewer) for file in files] == [("appraisal", "ann"), ("appraisal", "bob")]
        assert [row["bias"] for file in files for row in file.rows] == ["low", "low"], "each sees what still holds of their own"
        assert any("blinding is new" in line for line in files[0].guide)
        assert not any("blinding" in line for line in guide("verification", world.review.codebook.of_two(False)))
        world.codebook[-1] = {"id": "blinding", "label": "Blinding", "codes": [{"id": "yes", "label": "Y"}]}
        assert world.state() == "awaiting_recoding"

    def test_who_codes_again_is_shown_their_latest_judgement(self, world: Any) -> None:
        world.coded("ann", "c1", {0: {"kind": "trial", "bias": "low", "support": "A list."}, 1: {"theme": "mentors"}})
        act(world, "bob judges high, ann judges high, bob agrees ann")
        world.version = "3.1"
        world.codebook.append({"id": "place", "label": "Place", "codes": [{"id": "here", "label": "Here"}]})
        world.changes = [{"to": "3.1", "ask": ["place"]}]
        (file,) = world.send()
        assert (file.task, file.reviewer, file.rows[0]["bias"]) == ("coding", "ann", "high")
        assert file.rows[0]["support"] == "", "words that ann has withdrawn do not come back"

    def test_a_coding_of_nothing_but_judgements_is_verified_and_made_again_like_any_other(self, world: Any) -> None:
        world.codebook[0]["required"] = world.codebook[1]["required"] = False
        world.coded("ann", "c1", {0: {"bias": "low"}})
        act(world, "bob judges low, bob agrees ann")
        assert world.stands() == ("verified", {(0, "bias", "low")})
        world.version, world.changes = "3.1", [{"to": "3.1", "ask": ["setting"]}]
        assert world.state() == "awaiting_recoding"


def agreement(world: Any) -> dict[str, tuple[int, int]]:
    tables = {**world.tables(), **stand(world.tables(), world.review)}
    with Engine(tables) as engine:
        rows = engine.produce("marts.coding_agreement", AGREEMENT, review="demo").to_pylist()
    return {row["dimension"]: (row["studies"], row["same"]) for row in rows}


def judged_and_coded(new_world: Any, **settings: Any) -> Any:
    world = with_bias(new_world({f"c{number}": [f"r{number}"] for number in range(1, 5)}, **settings))
    for number in range(1, 5):
        world.drawn(f"c{number}", double=number == 1)
        world.coded("ann", f"c{number}", {0: {"kind": "trial", "bias": "low"}, 1: {"theme": "mentors"}})
    world.coded("bob", "c1", {0: {"kind": "trial", "bias": "high"}, 1: {"theme": "mentors"}})
    world.coded("bob", "c2", {0: {"bias": "low"}}, role="appraiser")
    world.coded("cat", "c3", {0: {"bias": "high"}}, role="appraiser")
    world.coded("jo", "c3", {0: {"bias": "high"}}, role="appraisal_reconciler")
    world.coded("ann", "c3", {0: {"kind": "trial", "bias": "high"}, 1: {"theme": "mentors"}})  # saw what was settled
    return world


def test_agreement_is_over_all_studies_that_two_judged_as_they_said_it_alone(new_world: Any) -> None:
    found = agreement(judged_and_coded(new_world))
    assert found["bias"] == (3, 1)
    assert found["theme"] == (1, 1), "the double sample alone"


def test_the_double_sample_does_not_grow_by_what_two_people_judge_anyway(new_world: Any) -> None:
    rule = {"double_share": 0, "agreement": {"least": 0.9, "studies": 1, "adds": 1.0}}
    world = judged_and_coded(new_world, extraction=rule)
    assert too_little(world.tables(), world.review).num_rows == 0
    assert world.draw() == {}
    world.coded("bob", "c1", {0: {"kind": "trial", "bias": "high"}, 1: {"theme": "courts"}})
    world.coded("bob", "c4", {0: {"bias": "high"}}, role="appraiser")
    assert world.state("c4") == "awaiting_appraisal_reconciliation"
    assert set(world.draw()) == {"c2", "c3", "c4"}, "whatever waits of what is judged"


def test_words_to_a_code_of_an_appraisal_are_a_proposed_code(world: Any) -> None:
    world.codebook[-2] = BIAS | {"codes": [*BIAS["codes"], {"id": "other", "label": "Other", "specify": True}]}
    act(world, "ann codes low")
    world.coded("bob", "c1", {0: {"bias": "other: cannot be told"}}, role="appraiser")
    assert [row["words"] for row in world.stand()["staging.proposed_code"].to_pylist()] == ["cannot be told"]
