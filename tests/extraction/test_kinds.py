"""Kinds of dimension: codes within codes, and answers that are no code of the codebook."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tasks.formats.workbook import write
from tasks.formats.workbook_read import read
from tests.extraction.conftest import START
from tests.workbooks import filled

TREE = [
    {"id": "family-work", "label": "Work with families"},
    {"id": "visiting", "label": "Home visiting", "within": "family-work"},
    {"id": "weekly", "label": "Weekly visits", "within": "visiting"},
    {"id": "mentors", "label": "Mentoring", "within": "family-work"},
    {"id": "courts", "label": "Family courts"},
]


def with_dimension(world: Any, name: str, **values: Any) -> Any:
    """The world with another definition of one dimension of its codebook."""
    world.codebook = [one | values if one["id"] == name else one for one in world.codebook]
    return world


@pytest.fixture
def tree(world: Any) -> Any:
    return with_dimension(world, "theme", codes=TREE)


def given(taken: Any) -> set[tuple[str, str]]:
    return {(row["dimension"], row["code"]) for row in taken.logs["log.coding"].to_pylist()}


def faults(taken: Any) -> str:
    assert taken.logs == {}
    return " / ".join(one.reason for one in taken.refused)


def test_a_form_shows_codes_within_codes_set_in_below_the_wider_one(tree: Any) -> None:
    (file,) = tree.send()
    book = load_workbook(io.BytesIO(write(file, START)))
    heads = {cell.value: cell.alignment.indent for cell in book["worklist"][1] if str(cell.value).startswith("theme: ")}
    assert [*heads.items()] == [
        ("theme: family-work", 0), ("theme: visiting", 1), ("theme: weekly", 2), ("theme: mentors", 1), ("theme: courts", 0)
    ]  # fmt: skip
    guide = {
        row[1].value: row[1].alignment.indent for row in book["guide"].iter_rows() if row[1].value in {c["id"] for c in TREE}
    }
    assert guide == {"family-work": 0, "visiting": 1, "weekly": 2, "mentors": 1, "courts": 0}
    assert any("narrowest" in str(row[0].value) for row in book["guide"].iter_rows())
    hints = {rule.promptTitle: rule.prompt for rule in book["worklist"].data_validations.dataValidation}
    assert hints["weekly"] == "Work with families › Home visiting › Weekly visits"


def test_a_wider_code_beside_one_within_it_says_nothing_more(tree: Any, back: Any) -> None:
    (file,) = tree.send()
    taken = tree.take(back(file, {"kind": "trial", "theme": "family-work; visiting; courts"}))
    assert {code for dimension, code in given(taken) if dimension == "theme"} == {"family-work", "visiting", "courts"}
    rows = tree.stand()["staging.coding"].to_pylist()
    present = {row["code"]: row["present_code"] for row in rows if row["dimension"] == "theme"}
    assert present == {"family-work": None, "visiting": "visiting", "courts": "courts"}
    (check,) = tree.send()
    assert check.rows[0]["theme"] == "visiting; courts"
    tree.take(back(check, {"verdict": "agree"}))
    assert {code for _, dimension, code in tree.codes() if dimension == "theme"} == {"visiting", "courts"}


def test_a_verifier_may_leave_the_wider_code_in(tree: Any, back: Any) -> None:
    tree.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "visiting"}})
    (check,) = tree.send()
    assert tree.take(back(check, {"verdict": "agree", "theme": "family-work; visiting"})).refused == ()
    assert tree.state() == "verified"


def test_two_coders_who_say_the_same_in_wider_and_narrower_codes_agree(tree: Any) -> None:
    tree.logs["log.draw"][0]["double"] = True
    tree.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "family-work; weekly"}})
    tree.coded("bob", "c1", {0: {"kind": "trial"}, 1: {"theme": "weekly; visiting"}})
    assert tree.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "weekly")})


def test_wider_and_narrower_are_one_answer_where_a_dimension_takes_one(tree: Any, back: Any) -> None:
    with_dimension(tree, "theme", multiple=False)
    (file,) = tree.send()
    taken = tree.take(back(file, {"kind": "trial", "theme": "visiting; mentors"}))
    assert "theme takes one code, not 2" in faults(taken)
    tree.take(back(file, {"kind": "trial", "theme": "family-work; visiting"}))
    (check,) = tree.send()
    tree.take(back(check, {"verdict": "agree"}))
    assert {code for _, dimension, code in tree.codes() if dimension == "theme"} == {"visiting"}


@pytest.fixture
def offering(world: Any) -> Any:
    with_dimension(world, "setting", not_reported=True, required=True)
    return with_dimension(world, "year", not_reported=True, required=True)


@pytest.mark.parametrize("words", ["not reported", "Not  Reported", "NOT REPORTED"])
def test_not_reported_is_an_answer(offering: Any, back: Any, words: str) -> None:
    (file,) = offering.send()
    taken = offering.take(back(file, {"kind": "trial", "theme": "mentors", "setting": words, "year_code": words}))
    assert taken.refused == ()
    assert {("setting", "not reported"), ("year", "not reported")} <= given(taken)
    (check,) = offering.send()
    assert (check.rows[0]["setting"], check.rows[0]["year_code"]) == ("not reported", "not reported")
    offering.take(back(check, {"verdict": "agree"}))
    assert {(0, "setting", "not reported"), (0, "year", "not reported")} <= offering.codes()


def test_an_empty_cell_is_not_an_answer(offering: Any, back: Any) -> None:
    (file,) = offering.send()
    reason = faults(offering.take(back(file, {"kind": "trial", "theme": "mentors", "year_code": "2001"})))
    assert reason == "setting is required, and empty"


def test_not_reported_is_a_choice_of_the_workbook(offering: Any) -> None:
    (file,) = offering.send()
    data = write(file, START)
    cells = {"kind": "trial", "theme: mentors": "yes", "setting: not reported": "yes", "year_code": "not reported"}
    taken = offering.take(read(filled(data, lambda row: cells if row["group"] == "1" else {})))
    assert taken.refused == ()
    assert ("setting", "not reported") in given(taken)


def test_not_reported_stands_alone(offering: Any, back: Any) -> None:
    (file,) = offering.send()
    said = {"kind": "trial", "theme": "mentors", "setting": "urban; not reported", "year_code": "2001"}
    assert faults(offering.take(back(file, said))) == "setting is not reported, and has an answer as well: which holds?"


def test_not_reported_has_to_be_offered(world: Any, back: Any) -> None:
    (file,) = world.send()
    said = {"kind": "trial", "theme": "mentors", "setting": "not reported"}
    assert "setting has no code 'not reported'" in faults(world.take(back(file, said)))


@pytest.mark.parametrize("dimension", ["setting", "year"])
def test_one_who_finds_it_and_one_who_does_not_disagree(offering: Any, dimension: str) -> None:
    offering.logs["log.draw"][0]["double"] = True
    said = {"kind": "trial", "setting": "urban", "year": "2001"}
    offering.coded("ann", "c1", {0: said, 1: {"theme": "mentors"}})
    offering.coded("bob", "c1", {0: said | {dimension: "not reported"}, 1: {"theme": "mentors"}})
    assert offering.state() == "awaiting_reconciliation"
    offering.coded("ann", "c1", {0: said | {dimension: "not reported"}, 1: {"theme": "mentors"}})
    assert offering.state() == "reconciled"


def test_a_code_may_become_not_reported(offering: Any) -> None:
    offering.version = "4.0"
    offering.changes = [{"to": "4.0", "codes": [{"dimension": "setting", "code": "unclear", "becomes": ["not reported"]}]}]
    raw = offering.coded("ann", "c1", {0: {"kind": "trial", "setting": "unclear", "year": "2001"}, 1: {"theme": "mentors"}})
    offering.verified("bob", "c1", "ann")
    assert raw
    assert (0, "setting", "not reported") in offering.codes()


def test_what_became_not_reported_says_nothing_beside_another_code(offering: Any) -> None:
    offering.version = "4.0"
    offering.changes = [{"to": "4.0", "codes": [{"dimension": "theme", "code": "unclear", "becomes": ["not reported"]}]}]
    offering.changes = [{"to": "4.0", "codes": [{"dimension": "setting", "code": "unclear", "becomes": ["not reported"]}]}]
    with_dimension(offering, "setting", not_reported=True, required=True, multiple=True)
    offering.coded("ann", "c1", {0: {"kind": "trial", "setting": "urban; unclear", "year": "2001"}, 1: {"theme": "mentors"}})
    offering.verified("bob", "c1", "ann")
    assert {code for _, dimension, code in offering.codes() if dimension == "setting"} == {"urban"}


@pytest.mark.parametrize(("beside", "stands"), [("urban", {"urban"}), ("not reported", {"not reported"})])
def test_where_a_dimension_is_no_longer_coded_by_group_not_reported_says_nothing_beside_a_code_of_another_group(
    offering: Any, back: Any, beside: str, stands: set[str]
) -> None:
    with_dimension(offering, "setting", not_reported=True, required=True, multiple=True, grouped=True)
    groups = {1: {"theme": "mentors", "setting": "not reported"}, 2: {"theme": "courts", "setting": beside}}
    offering.coded("ann", "c1", {0: {"kind": "trial", "year": "2001"}, **groups})
    assert {(at, code) for at, code in said_of_setting(offering)} == {(1, "not reported"), (2, beside)}
    with_dimension(offering, "setting", grouped=False)
    (check,) = offering.send()
    assert (check.task, check.rows[0]["setting"]) == ("verification", "; ".join(stands))
    assert offering.take(back(check, {"verdict": "agree"})).refused == ()
    assert {code for at, dimension, code in offering.codes() if dimension == "setting"} == stands


def said_of_setting(world: Any) -> list[tuple[int, str]]:
    rows = world.stand()["staging.coding"].to_pylist()
    return [(row["group"], row["present_code"]) for row in rows if row["present_dimension"] == "setting"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"role": "kind", "codes": [{"id": "a", "label": "A", "kind": "primary"}]}, "with role: kind every study has a code"),
        ({"role": "theme", "codes": [{"id": "a", "label": "A"}]}, "with role: theme every study has a code"),
        ({"codes": [{"id": "nr", "label": "Not reported"}]}, "code nr is called 'not reported'"),
    ],
)
def test_where_not_reported_cannot_be_offered(world: Any, values: dict[str, Any], message: str) -> None:
    world.codebook = [{"id": "one", "label": "One", "not_reported": True, **values}]
    with pytest.raises(ValueError, match=message):
        _ = world.review


@pytest.fixture
def specifying(world: Any) -> Any:
    codes = [{"id": "mentors", "label": "Mentoring"}, {"id": "other", "label": "Other intervention", "specify": True}]
    with_dimension(
        world, "level", codes=[{"id": "family", "label": "Family"}, {"id": "other", "label": "Other", "specify": True}]
    )
    return with_dimension(world, "theme", codes=codes)


def proposed(world: Any) -> list[tuple[str, str, str]]:
    rows = world.stand()["staging.proposed_code"].to_pylist()
    return sorted((row["dimension"], row["words"], row["study_id"]) for row in rows)


KEY = ("study_id", "group", "dimension", "code")
WORDS = [
    "housing first", 'care; at home, "for a while"', '"quoted"', "=1+1", "no", "yes", "x", "a: b", "مأوى; بيت", "o'er, there",
    "'tis", ";;", '"', '"a"; "b"', "@home; -5",
]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "workbook"])
def test_words_go_out_and_come_back_as_they_were_written(specifying: Any, back: Any, form: str) -> None:
    """Each in a study of its own."""
    studies = {f"c{number:02}": words for number, words in enumerate(WORDS)}
    specifying.papers = {study: [f"r-{study}"] for study in studies}
    specifying.logs.clear()
    for study in studies:
        specifying.drawn(study, double=False)
    for file in specifying.send():
        shown = [row["citation_id"] for row in file.rows]
        quoted = ['"' + studies[study].replace('"', '""') + '"' for study in shown]
        said = [{"kind": "trial", "theme": f"mentors; Other intervention: {one}", "level": f"other: {one}"} for one in quoted]
        assert specifying.take(back(file, *said)).refused == ()
    for check in specifying.send():
        if form == "workbook":
            sheet = read(filled(write(check, START), lambda row: {"verdict": "agree"} if row["group"] == "1" else {}))
        else:
            sheet = back(check, {"verdict": "agree"})
        assert specifying.take(sheet).refused == ()
    tables = specifying.stand()
    assert {row["state"] for row in tables["staging.study_extraction"].to_pylist()} == {"verified"}
    codes = [(0, "kind", "trial"), (1, "theme", "mentors"), (1, "theme", "other"), (1, "level", "other")]
    stands = {tuple(row[one] for one in KEY) for row in tables["staging.study_coding"].to_pylist()}
    assert stands == {(study, *code) for study in studies for code in codes}
    wanted = [(dimension, words, study) for dimension in ("level", "theme") for study, words in studies.items()]
    assert proposed(specifying) == sorted(wanted)


def test_words_of_a_code_that_takes_none_any_more_are_not_sent_out_again(world: Any) -> None:
    with_dimension(world, "theme", codes=[{"id": "other", "label": "Other", "specify": True}])
    world.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "other: tutoring"}})
    with_dimension(world, "theme", codes=[{"id": "other", "label": "Other"}])
    world.version = "4.0"
    (check,) = world.send()
    assert [row["theme"] for row in check.rows] == ["other"]
    assert proposed(world) == []


def test_in_its_yes_no_column_the_words_stand_alone(specifying: Any) -> None:
    (file,) = specifying.send()
    cells = {"kind": "trial", "theme: mentors": "yes", "theme: other": 'housing first; "care; at home"'}
    taken = specifying.take(read(filled(write(file, START), lambda row: cells if row["group"] == "1" else {})))
    assert {code for dimension, code in given(taken) if dimension == "theme"} == {
        "mentors", "other: housing first", "other: care; at home"
    }  # fmt: skip


@pytest.mark.parametrize("yes", ["yes", "x", "Yes"])
def test_without_words_it_is_the_code_alone(specifying: Any, yes: str) -> None:
    (file,) = specifying.send()
    cells = {"kind": "trial", "theme: other": yes}
    taken = specifying.take(read(filled(write(file, START), lambda row: cells if row["group"] == "1" else {})))
    assert ("theme", "other") in given(taken)
    assert proposed(specifying) == []


def test_a_drop_down_lets_words_in(specifying: Any) -> None:
    (file,) = specifying.send()
    rules = load_workbook(io.BytesIO(write(file, START)))["worklist"].data_validations.dataValidation
    assert {rule.promptTitle: rule.errorStyle for rule in rules if rule.promptTitle in ("level", "kind")} == {
        "level": "warning", "kind": None
    }  # fmt: skip


def test_words_belong_to_codes_that_are_to_be_specified(specifying: Any, back: Any) -> None:
    (file,) = specifying.send()
    reason = faults(specifying.take(back(file, {"kind": "trial", "theme": "mentors: by phone"})))
    assert "theme has no code 'mentors: by phone'" in reason
    reason = faults(specifying.take(back(file, {"kind": "trial", "theme": "other: care; at home"})))
    assert "no code 'at home'" in reason
    assert 'other: "this; that"' in reason


def test_two_coders_agree_on_the_code_whatever_its_words(specifying: Any) -> None:
    specifying.logs["log.draw"][0]["double"] = True
    for who, words in (("ann", "Housing first"), ("bob", "housing first"), ("cat", "")):
        if words:
            specifying.coded(who, "c1", {0: {"kind": "trial"}, 1: {"theme": f"other: {words}"}})
    assert specifying.stands() == ("reconciled", {(0, "kind", "trial"), (1, "theme", "other")})
    assert [words for _, words, _ in proposed(specifying)] == ["Housing first"]


def one_study(world: Any, words: str) -> None:
    world.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": f"other: {words}"}})
    world.verified("bob", "c1", "ann")


def test_a_proposal_is_taken_up_by_a_code_of_that_name(specifying: Any) -> None:
    one_study(specifying, "Housing  First")
    assert len(proposed(specifying)) == 1
    specifying.version = "4.0"
    codes = [*specifying.codebook[1]["codes"], {"id": "hf", "label": "Housing first"}]
    with_dimension(specifying, "theme", codes=codes)
    assert (specifying.codes(), proposed(specifying)) == ({(0, "kind", "trial"), (1, "theme", "hf")}, [])


@pytest.mark.parametrize(("becomes", "stands"), [(["mentors"], {"mentors"}), (["other"], {"other"})])
def test_a_proposal_ends_when_the_changes_say_what_became_of_it(specifying: Any, becomes: list[str], stands: set[str]) -> None:
    one_study(specifying, "Befriending")
    specifying.version = "4.0"
    specifying.changes = [{"to": "4.0", "codes": [{"dimension": "theme", "code": "other: befriending", "becomes": becomes}]}]
    assert ({code for _, dimension, code in specifying.codes() if dimension == "theme"}, proposed(specifying)) == (stands, [])


def test_words_go_along_with_a_code_that_is_renamed(specifying: Any) -> None:
    one_study(specifying, "befriending")
    specifying.version = "4.0"
    with_dimension(specifying, "theme", codes=[{"id": "else", "label": "Something else", "specify": True}])
    specifying.changes = [{"to": "4.0", "codes": [{"dimension": "theme", "code": "other", "becomes": ["else"]}]}]
    assert specifying.review.codebook.untold("3.0", "theme", "other: befriending") is None
    assert {code for _, dimension, code in specifying.codes() if dimension == "theme"} == {"else"}
    assert proposed(specifying) == [("theme", "befriending", "c1")]


def test_what_a_verifier_changed_is_no_longer_proposed(specifying: Any) -> None:
    specifying.coded("ann", "c1", {0: {"kind": "trial"}, 1: {"theme": "other: befriending"}})
    assert proposed(specifying) == [("theme", "befriending", "c1")]
    specifying.verified("bob", "c1", "ann", "change", {0: {"kind": "trial"}, 1: {"theme": "mentors"}})
    assert proposed(specifying) == []
