"""What is taken from a file that comes back, and what goes back with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tasks.formats.worklist import Row, Sheet, read, write

GOOD = {"kind": "trial", "theme": "mentors"}
MENTORS = {0: {"kind": "trial"}, 1: {"theme": "mentors"}}
COURTS = {0: {"kind": "trial"}, 1: {"theme": "courts"}}


def logged(taken: Any) -> set[tuple[str, str, int, str, str]]:
    rows = taken.logs["log.coding"].to_pylist()
    return {(row["reviewer"], row["role"], row["group"], row["dimension"], row["code"]) for row in rows}


def reasons(taken: Any) -> list[str]:
    return [one.reason for one in taken.refused]


def test_a_coding_is_logged_code_by_code(world: Any, back: Any) -> None:
    (file,) = world.send()
    coded = {"kind": "trial", "theme": "mentors; courts", "setting": "urban", "year_code": "from 2001"}
    cells = coded | {"quote": "They met.", "page": "12", "decided_on": "2024-05-03"}
    taken = world.take(back(file, cells), raw="sha")
    who = (file.reviewer, "coder")
    assert logged(taken) == {
        (*who, 0, "kind", "trial"), (*who, 1, "theme", "mentors"), (*who, 1, "theme", "courts"), (*who, 0, "setting", "urban"),
        (*who, 0, "year", "from 2001")}  # fmt: skip
    row = taken.logs["log.coding"].to_pylist()[0]
    assert (row["quote"], row["page"], row["decided_on"]) == ("They met.", "12", date(2024, 5, 3))
    assert (row["codebook"], row["raw"], row["citation_id"], row["record_ids"]) == ("3.0", "sha", "c1", ["r1"])
    assert (taken.refused, set(taken.logs)) == ((), {"log.coding"})


def test_rows_that_nobody_filled_in_are_left_alone(new_world: Any, back: Any) -> None:
    world = new_world({"c1": ["r1"], "c2": ["r2"]}, people={"ann": "coder"})
    (file,) = world.send()
    taken = world.take(back(file, GOOD, {"group": "1"}))
    assert {row["citation_id"] for row in taken.logs["log.coding"].to_pylist()} == {file.rows[0]["citation_id"]}
    assert taken.refused == ()
    nothing = world.take(back(file))
    assert (nothing.logs, nothing.refused) == ({}, ())


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"theme": "Mentoring"}, "mentors"),
        ({"theme": "MENTORS"}, "mentors"),
        ({"theme": "family  meetings"}, "meetings"),
        ({"theme": " meetings ;"}, "meetings"),
    ],
)
def test_codes_are_ids_or_labels_in_any_case(world: Any, back: Any, cells: dict[str, str], code: str) -> None:
    taken = world.take(back(world.send()[0], {"kind": "Trial"} | cells))
    assert {row[-1] for row in logged(taken)} == {"trial", code}


def test_added_rows_are_other_groups_and_need_only_the_citation(world: Any, back: Any) -> None:
    (file,) = world.send()
    added = [{"citation_id": "c1", "group": "2", "theme": "courts", "setting": "rural"}]
    taken = world.take(back(file, GOOD | {"group": "1", "setting": "urban"}, added=added))
    who = (file.reviewer, "coder")
    assert logged(taken) == {
        (*who, 0, "kind", "trial"), (*who, 1, "theme", "mentors"), (*who, 2, "theme", "courts"), (*who, 0, "setting", "urban"),
        (*who, 0, "setting", "rural")}  # fmt: skip


REFUSALS: list[tuple[str, dict[str, str], str]] = [
    ("unknown citation", {"citation_id": "c9"}, "citation 'c9' is not known"),
    ("never sent out", {"worklist_id": "coding-x-1", "check": ""}, "not on a coding worklist 'coding-x-1'"),
    ("check", {"title": "Title of another paper"}, "check does not fit"),
    ("reviewer", {"reviewer": "eve"}, "reviewer 'eve' is not in protocol.people"),
    ("no such code", {"theme": "mentros"}, "theme has no code 'mentros'; the nearest is mentors (Mentoring)"),
    (
        "no such code among several",
        {"theme": "mentors; court"},
        "theme has no code 'court'; the nearest is courts (Family courts)",
    ),
    ("several codes", {"kind": "trial; synthesis"}, "kind takes one code, not 2"),
    ("only separators", {"theme": ";"}, "theme: ';' is no code"),
    ("required", {"theme": ""}, "theme is required, and empty"),
    ("group", {"group": "one"}, "group 'one' is not a number"),
    ("group zero", {"group": "0"}, "group '0' is not a number"),
    ("date", {"decided_on": "May 2024"}, "decided_on 'May 2024' is no date"),
    ("date that is none", {"decided_on": "2024-02-30"}, "decided_on '2024-02-30' is no date"),
    ("month first", {"decided_on": "05/23/2024"}, "decided_on '05/23/2024' is no date"),
    ("cells beyond the last column", {"": "more"}, "goes on after the last column: 'more'"),
]


@pytest.mark.parametrize(("cells", "reason"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS])
def test_refused(world: Any, back: Any, cells: dict[str, str], reason: str) -> None:
    taken = world.take(back(world.send()[0], GOOD | cells))
    assert taken.logs == {}
    (refused,) = taken.refused
    assert reason in refused.reason
    assert (refused.line, refused.values["kind"]) == (2, GOOD["kind"] if "kind" not in cells else cells["kind"])


@pytest.mark.parametrize(("text", "day"), [("2024-05-03", date(2024, 5, 3)), ("03/05/2024", date(2024, 5, 3)), ("", None)])
def test_dates(world: Any, back: Any, text: str, day: date | None) -> None:
    taken = world.take(back(world.send()[0], GOOD | {"decided_on": text}))
    assert {row["decided_on"] for row in taken.logs["log.coding"].to_pylist()} == {day}


@pytest.mark.parametrize("group", ["1", "1.0", "01", ""])
def test_group_numbers_as_spreadsheets_write_them(world: Any, back: Any, group: str) -> None:
    taken = world.take(back(world.send()[0], GOOD | {"group": group}))
    assert {row["group"] for row in taken.logs["log.coding"].to_pylist()} == {0, 1}


def test_a_study_is_refused_whole_and_others_are_taken(new_world: Any, back: Any) -> None:
    world = new_world({"c1": ["r1"], "c2": ["r2"]}, people={"ann": "coder"})
    (file,) = world.send()
    first, second = (row["citation_id"] for row in file.rows)
    taken = world.take(back(file, GOOD, GOOD, added=[{"citation_id": first, "group": "2", "theme": "nothing"}]))
    assert [(one.line, one.citation_id) for one in taken.refused] == [(2, first), (4, first)]
    assert reasons(taken)[0] == "another row of this study was refused"
    assert "theme has no code 'nothing'" in reasons(taken)[1]
    assert {row["citation_id"] for row in taken.logs["log.coding"].to_pylist()} == {second}


@pytest.mark.parametrize(
    ("first", "added", "reason"),
    [
        (
            {"group": "1", "level": "family"},
            {"group": "1", "level": "child"},
            "level takes one code, and another row gave another",
        ),
        ({"group": "1"}, {"group": "2", "kind": "synthesis"}, "kind takes one code, and another row gave another"),
        ({"group": "1"}, {"group": "2", "level": "child", "reviewer": "rev"}, "name two reviewers"),
    ],
)
def test_rows_that_contradict_each_other(
    world: Any, back: Any, first: dict[str, str], added: dict[str, str], reason: str
) -> None:
    taken = world.take(back(world.send()[0], GOOD | first, added=[{"citation_id": "c1"} | added]))
    assert taken.logs == {}
    assert reason in reasons(taken)[1]


def test_one_group_may_have_another_level(world: Any, back: Any) -> None:
    taken = world.take(
        back(world.send()[0], GOOD | {"level": "family"}, added=[{"citation_id": "c1", "group": "2", "level": "child"}])
    )
    assert taken.refused == ()


def test_required_is_enough_in_one_row(world: Any, back: Any) -> None:
    taken = world.take(
        back(world.send()[0], {"kind": "trial", "group": "1"}, added=[{"citation_id": "c1", "group": "2", "theme": "courts"}])
    )
    assert taken.refused == ()


def test_a_row_on_a_worklist_of_screening_is_not_a_coding(world: Any, back: Any) -> None:
    (file,) = world.send()
    world.logs["log.worklist"][0]["task"] = "full_text"
    assert "is not on a coding worklist" in reasons(world.take(back(file, GOOD)))[0]


def test_a_paper_that_has_another_name_by_now_is_taken_as_it_was_shown(world: Any, back: Any) -> None:
    (file,) = world.send()
    world.papers["c0"] = ["r0"]
    world.described["c0"] = {"title": "Title of c1"}
    world.merge("c0", "c1")
    taken = world.take(back(file, GOOD))
    assert {(row["citation_id"], *row["record_ids"]) for row in taken.logs["log.coding"].to_pylist()} == {("c1", "r1")}
    assert world.state("c0") == "awaiting_verification"


def test_an_alias_on_an_added_row_is_the_study_that_was_sent(world: Any, back: Any) -> None:
    (file,) = world.send()
    world.aliases["c7"] = "c1"
    row = back(file, GOOD).rows[0].values | {"citation_id": "c7", "check": ""}
    taken = world.take(Sheet(file.columns, (Row(2, row),)))
    assert {one["citation_id"] for one in taken.logs["log.coding"].to_pylist()} == {"c1"}


class TestVerification:
    @pytest.fixture
    def coded(self, world: Any) -> Any:
        world.coded(
            "ann", "c1", {0: {"kind": "trial", "year": "from\r\n2001"}, 1: {"theme": "mentors"}, 2: {"theme": "courts"}}
        )
        return world

    def test_agree(self, coded: Any, back: Any) -> None:
        (file,) = coded.send()
        taken = coded.take(
            back(
                file,
                {"verdict": "Agree", "decided_on": "2024-05-03", "year_code": "from\n2001"},
                {"verdict": "agree", "decided_on": "04/05/2024"},
            )
        )
        assert set(taken.logs) == {"log.verification"}
        (row,) = taken.logs["log.verification"].to_pylist()
        assert (row["verifier"], row["coder"], row["verdict"], row["note"], row["decided_on"], row["record_ids"]) == (
            file.reviewer, "ann", "agree", None, date(2024, 5, 4), ["r1"])  # fmt: skip
        assert coded.state() == "verified"
        assert {(1, "theme", "mentors"), (2, "theme", "courts")} < coded.codes()

    def test_change(self, coded: Any, back: Any) -> None:
        (file,) = coded.send()
        taken = coded.take(
            back(file, {"verdict": "agree"}, {"verdict": "change", "theme": "Family meetings", "note": "It is about meetings."})
        )
        (row,) = taken.logs["log.verification"].to_pylist()
        assert (row["verdict"], row["note"]) == ("change", "It is about meetings.")
        assert {one[:2] for one in logged(taken)} == {(file.reviewer, "verifier")}
        assert coded.state() == "verified"
        assert {code for code in coded.codes() if code[1] == "theme"} == {(1, "theme", "mentors"), (2, "theme", "meetings")}

    def test_is_not_done_where_nothing_was_said(self, coded: Any, back: Any) -> None:
        (file,) = coded.send()
        coded.coded("ann", "c1", COURTS)  # an earlier coding than the one of today
        taken = coded.take(back(file))
        assert (taken.logs, taken.refused) == ({}, ())

    @pytest.mark.parametrize(
        ("edits", "reason"),
        [
            ([{"theme": "meetings"}, {}], "verdict is missing"),
            ([{"verdict": "agree"}, {}], "verdict is missing"),
            ([{"verdict": "yes"}, {"verdict": "agree"}], "verdict is missing"),
            ([{"verdict": "agree", "theme": "meetings"}, {"verdict": "agree"}], "verdict is agree, and theme is not"),
            ([{"verdict": "agree", "level": "child"}, {"verdict": "agree"}], "verdict is agree, and level is not"),
            ([{"verdict": "change", "theme": "meetings"}, {"verdict": "agree"}], "give the reason in note"),
            ([{"verdict": "change", "note": "wrong"}, {"verdict": "change"}], "every cell is still the coder's"),
            ([{"verdict": "agree", "reviewer": "ann"}], "the verifier is the coder"),
            ([{"verdict": "change", "theme": "nothing", "note": "so"}], "theme has no code"),
        ],
    )
    def test_refused(self, coded: Any, back: Any, edits: list[dict[str, str]], reason: str) -> None:
        taken = coded.take(back(coded.send()[0], *edits))
        assert taken.logs == {}
        assert len(taken.refused) == 2
        assert any(reason in one for one in reasons(taken))

    def test_agree_to_what_the_coder_has_changed_since_is_refused(self, coded: Any, back: Any) -> None:
        (file,) = coded.send()
        coded.coded("ann", "c1", COURTS)
        taken = coded.take(back(file, {"verdict": "agree"}))
        assert any("is not what the coder says now" in one for one in reasons(taken))

    def test_a_row_taken_away_is_a_change(self, coded: Any, back: Any) -> None:
        sheet = back(coded.send()[0], {"verdict": "agree"})
        taken = coded.take(Sheet(sheet.columns, sheet.rows[:1]))
        assert "verdict is agree, and theme is not" in reasons(taken)[0]

    def test_rows_may_be_sorted(self, coded: Any, back: Any) -> None:
        sheet = back(coded.send()[0], {"verdict": "agree"})
        assert coded.take(Sheet(sheet.columns, tuple(reversed(sheet.rows)))).refused == ()

    def test_there_has_to_be_one_coding(self, coded: Any, back: Any) -> None:
        (file,) = coded.send()
        coded.papers["c2"] = ["r2"]
        coded.coded("bob", "c2", COURTS)
        coded.merge("c1", "c2")
        assert any("there are 2 codings" in one for one in reasons(coded.take(back(file, {"verdict": "agree"}))))


class TestReconciliation:
    @pytest.fixture
    def differing(self, double: Any) -> Any:
        double.coded("ann", "c1", MENTORS)
        double.coded("bob", "c1", COURTS)
        return double

    def test_settles(self, differing: Any, back: Any) -> None:
        taken = differing.take(back(differing.send()[0], {"theme": "meetings"}))
        assert logged(taken) == {("jo", "reconciler", 0, "kind", "trial"), ("jo", "reconciler", 1, "theme", "meetings")}
        assert differing.state() == "reconciled"
        assert differing.codes() == {(0, "kind", "trial"), (1, "theme", "meetings")}

    def test_is_not_done_while_what_differs_is_empty(self, differing: Any, back: Any) -> None:
        taken = differing.take(back(differing.send()[0]))
        assert (taken.logs, taken.refused) == ({}, ())

    def test_a_row_that_was_added_is_work(self, differing: Any, back: Any) -> None:
        taken = differing.take(back(differing.send()[0], added=[{"citation_id": "c1", "group": "2", "level": "child"}]))
        assert reasons(taken) == ["theme is required, and empty", "another row of this study was refused"]

    def test_with_a_day_and_nothing_else_is_incomplete(self, differing: Any, back: Any) -> None:
        taken = differing.take(back(differing.send()[0], {"decided_on": "2024-05-03"}))
        assert reasons(taken) == ["theme is required, and empty"]

    def test_of_merged_papers_that_agree_needs_a_day(self, world: Any, back: Any) -> None:
        world.papers["c2"] = ["r2"]
        world.coded("ann", "c1", MENTORS)
        world.coded("ann", "c2", MENTORS)
        world.merge("c1", "c2")
        (file,) = world.send()
        assert world.take(back(file)).logs == {}
        world.take(back(file, {"decided_on": "2024-05-03"}))
        assert world.state() == "reconciled"


def test_a_study_that_stands_twice_in_a_file_is_taken_once(world: Any, back: Any) -> None:
    world.people = {"ann": "coder"}
    (file,) = world.send()
    again = {**world.logs["log.worklist"][0], "worklist_id": "another"}
    world.logs["log.worklist"].append(again)
    sheet = back(file, GOOD)
    second = sheet.rows[0].values | {"worklist_id": "another", "check": ""}
    taken = world.take(Sheet(sheet.columns, (*sheet.rows, Row(3, second))))
    assert [(one.line, one.reason) for one in taken.refused] == [
        (3, "this study stands in the file twice; return one of the two")
    ]
    assert {row["group"] for row in taken.logs["log.coding"].to_pylist()} == {0, 1}


def test_round_trip_from_the_draw_to_the_last_study(new_world: Any, back: Any) -> None:
    """Everybody fills in what they get until nothing is owed: every study is settled, none of them twice."""
    world = new_world({f"c{number}": [f"r{number}"] for number in range(12)}, extraction={"double_share": 0.5})
    double = world.draw()
    tasks = []
    for _ in range(4):
        files = world.send()
        tasks += [(one.task, row["citation_id"]) for one in files for row in one.rows]
        for file in files:
            answer = {
                "coding": {"kind": "trial", "theme": "mentors" if file.reviewer == "ann" else "courts"},
                "reconciliation": {"theme": "meetings", "decided_on": "2024-05-03"},
                "verification": {"verdict": "agree"},
            }[file.task]
            sheet = back(file, answer)
            saved = read(
                write(file.__class__(file.id, file.task, file.reviewer, sheet.columns, tuple(row.values for row in sheet.rows)))
            )
            assert world.take(saved).refused == ()
    states = {row["study_id"]: row["state"] for row in world.stand()["staging.study_extraction"].to_pylist()}
    assert states == {name: "reconciled" if twice else "verified" for name, twice in double.items()}
    assert len([one for one in tasks if one[0] == "coding"]) == 18
    assert len([one for one in tasks if one[0] == "verification"]) == 6
    assert (
        0
        < len([one for one in tasks if one[0] == "reconciliation"])
        == len({one for one in tasks if one[0] == "reconciliation"})
    )
    assert world.send() == []
