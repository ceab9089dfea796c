"""What people send back becomes votes, resolutions and retrievals, or goes back to them with the reason."""

import time
from datetime import date, datetime

import pytest

from tasks.formats.worklist import Row, Sheet, marked, read, write
from tasks.screening import states
from warehouse.configuration.protocol import Person

TWO = (Person(id="ann"), Person(id="bob"), Person(id="jo", roles=("adjudicator",)), Person(id="lib", roles=("librarian",)))
REASONS = {
    "an unknown paper": ({"citation_id": "c404"}, "no paper is known by the id 'c404'"),
    "a check that does not fit": ({"check": "0123456789ab"}, "the check does not fit"),
    "a title moved to another id": ({"title": "Title of c99"}, "the check does not fit"),
    "an unknown reviewer": ({"reviewer": "zoe"}, "reviewer 'zoe' is not in the protocol"),
    "somebody else's list": ({"reviewer": "bob"}, "this list was sent to ann, and the row says bob"),
    "an unknown decision": ({"decision": "yes"}, "decision 'yes' is not one of include, maybe, exclude"),
    "a decision of the other stage": ({"decision": "ongoing"}, "ongoing is decided on the full text"),
    "no date": ({"decided_on": "last week"}, "decided_on 'last week' is not a date"),
    "a day that is none": ({"decided_on": "31/02/2024"}, "decided_on '31/02/2024' is not a date"),
    "months before days": ({"decided_on": "02/28/2024"}, "is not a date"),
    "a day to come": ({"decided_on": "2042-03-01"}, "is in the future"),
    "another stage's task": ({"task": "full_text"}, "this list was sent for the task title_abstract"),
    "a task of another stage": ({"task": "coding"}, "task 'coding' is not one of title_abstract"),
    "cells beyond the last column": ({"": "more"}, "more cells than there are columns"),
}


@pytest.fixture
def asked(new_world):
    """Two papers, sent to ann and bob."""
    world = new_world(papers={"c1": ["r1"], "c2": ["r2"]}, people=TWO)
    world.files = world.send()
    return world


def _one(taken, log="log.vote"):
    assert taken.refused == ()
    assert list(taken.logs) == [log]
    (row,) = taken.logs[log].to_pylist()
    return row


def _only(sheet, citation="c1", **cells):
    """The sheet with one paper's row, its cells changed."""
    rows = [Row(row.line, row.values | cells) for row in sheet.rows if row.values["citation_id"] == citation]
    return Sheet(sheet.columns, tuple(rows))


def _plain(text):
    return read(text.encode())


def test_a_filled_worklist_becomes_votes(asked, fill):
    sheet = fill(asked.files[0], decision="Exclude ", note="no children", decided_on="05/03/2024")
    taken = asked.take(sheet, raw="abc")
    assert taken.refused == ()
    assert taken.logs["log.vote"].to_pylist() == [
        {
            "review": "demo", "citation_id": one, "record_ids": [one.replace("c", "r")], "stage": "title_abstract", "round": 1,
            "reviewer": "ann", "decision": "exclude", "reason": None, "note": "no children", "decided_on": date(2024, 3, 5),
            "eligibility": "2.1", "worklist_id": "title_abstract-ann-20240301", "raw": "abc", "as_of": datetime(2024, 3, 9),
        }
        for one in ("c1", "c2")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "=1+1", "-minus", "@x", "'=x", "Commas, \"quotes\"; and\ttabs", "Two\nlines", "مراجعة منهجية", "Plain",
    ],
)  # fmt: skip
def test_write_fill_take(new_world, fill, title):
    world = new_world(papers={"c1": ["r1"]}, titles={"c1": title})
    files = world.send()
    note = f'{title}, and "more";\n-1'
    row = _one(world.take(fill(files[0], decision="maybe", note=note)))
    assert (row["decision"], row["note"]) == ("maybe", note)


def test_two_people_and_an_adjudicator_take_a_paper_to_the_map(world, fill):
    """The whole way through the files: abstracts, a conflict, a report that arrives, full texts."""
    answers = {
        "title_abstract": lambda who: {"decision": "include" if who == "ann" else "exclude"},
        "title_abstract_conflict": lambda who: {"decision": "include"},
        "retrieval": lambda who: {"status": "Arrived"},
        "full_text": lambda who: {"decision": "exclude", "reason": "Wrong DESIGN" if who == "ann" else "population"},
        "full_text_conflict": lambda who: {"decision": "include"},
    }
    world.people = TWO
    tasks = []
    for day in range(1, 10):
        for file in world.send(datetime(2024, 3, day)):
            tasks.append(file.task)
            taken = world.take(fill(file, **answers[file.task](file.reviewer)), raw=file.id, as_of=datetime(2024, 3, day, 12))
            assert taken.refused == ()
            world.append(taken)
    assert tasks == ["title_abstract"] * 2 + ["title_abstract_conflict", "retrieval"] + ["full_text"] * 2 + [
        "full_text_conflict"
    ]
    assert world.position("c1") == ("included", None)
    made = world.stand()
    assert made["staging.agreement_pair"].num_rows == 2
    assert made["staging.resolution"].column("how").to_pylist() == ["third", "third"]
    assert [vote["reason"] for vote in made["staging.vote"].to_pylist() if vote["stage"] == "full_text"] == [
        "design",
        "population",
    ]


def test_empty_rows_are_left_for_later(asked, fill):
    taken = asked.take(fill(asked.files[0], note="will look again", check="spoilt"))
    assert (taken.logs, taken.refused) == ({}, ())


@pytest.fixture(scope="module")
def spoilt(new_world, fill):
    """What became of a file in which each row but the last has one of the faults of REASONS."""
    world = new_world(papers={f"c{number:02}": [f"r{number:02}"] for number in range(len(REASONS) + 1)}, people=TWO)
    sheet = fill(world.send()[0], decision="include")
    faults = [*(cells for cells, _ in REASONS.values()), {}]
    rows = tuple(Row(row.line, row.values | cells) for row, cells in zip(sheet.rows, faults, strict=True))
    return world.take(Sheet(sheet.columns, rows)), rows


@pytest.mark.parametrize("fault", REASONS)
def test_a_row_is_refused_with_its_reason(spoilt, fault):
    taken, rows = spoilt
    number = list(REASONS).index(fault)
    refused = taken.refused[number]
    assert REASONS[fault][1] in refused.reason
    assert (refused.line, refused.values) == (rows[number].line, rows[number].values)


def test_the_rest_of_the_file_is_taken(spoilt):
    taken, rows = spoilt
    assert len(taken.refused) == len(REASONS)
    assert taken.logs["log.vote"].column("citation_id").to_pylist() == [rows[-1].values["citation_id"]]


def test_all_faults_of_a_row_are_told_at_once(asked, fill):
    (refused,) = asked.take(_only(fill(asked.files[0], decision="yes", decided_on="x", reviewer="zoe"))).refused
    assert [words in refused.reason for words in ("'yes'", "'x'", "'zoe'")] == [True] * 3


def test_a_corrected_copy_of_the_refused_rows_is_taken(asked, fill):
    sheet = fill(asked.files[0], decision="yes")
    back = read(marked(asked.take(sheet).refused, sheet.columns))
    corrected = Sheet(back.columns, tuple(Row(row.line, row.values | {"decision": "include"}) for row in back.rows))
    taken = asked.take(corrected)
    assert taken.refused == ()
    assert taken.logs["log.vote"].num_rows == 2


def test_days_are_read_day_first_and_iso(asked, fill):
    for text, day in (("2024-03-05", 5), ("5/3/2024", 5), ("06/03/2024 00:00", 6), ("2024-03-07 00:00:00", 7)):
        row = _one(asked.take(_only(fill(asked.files[0], decision="include", decided_on=text))))
        assert row["decided_on"] == date(2024, 3, day)


def test_a_paper_that_was_merged_since_is_found_by_its_old_id(asked, fill):
    asked.papers, asked.aliases = {"c1": ["r1", "r2", "r3"]}, {"c2": "c1"}
    row = _one(asked.take(_only(fill(asked.files[0], decision="include"), "c2")))
    assert (row["citation_id"], row["record_ids"]) == ("c1", ["r2"])  # r3 came later: nobody was shown it


def test_rows_that_are_one_paper_now_become_one_vote_if_they_agree(asked, fill):
    asked.papers, asked.aliases = {"c1": ["r1", "r2"]}, {"c2": "c1"}
    sheet = fill(asked.files[0], decision="include")
    row = _one(asked.take(sheet))
    assert (row["citation_id"], row["record_ids"]) == ("c1", ["r1", "r2"])
    first, second = sheet.rows
    differ = Sheet(sheet.columns, (first, Row(3, second.values | {"decision": "exclude"})))
    taken = asked.take(differ)
    assert taken.logs == {}
    assert [one.reason for one in taken.refused] == ["rows 2, 3 decide differently on the same paper"] * 2


def test_an_old_row_that_contradicts_a_vote_on_the_other_half_of_a_merge_is_a_conflict(asked, fill):
    asked.append(asked.take(_only(fill(asked.files[0], decision="include")), raw="first"))
    asked.papers, asked.aliases = {"c1": ["r1", "r2"]}, {"c2": "c1"}
    asked.append(asked.take(_only(fill(asked.files[0], decision="exclude"), "c2"), raw="second"))
    assert asked.state("c1")["state"] == "conflict"


def test_a_paper_twice_with_the_same_decision_is_one_vote_with_both_notes(asked, fill):
    sheet = _only(fill(asked.files[0], decision="include", note="one"))
    twice = Sheet(sheet.columns, (*sheet.rows, Row(3, sheet.rows[0].values | {"note": "two"})))
    assert _one(asked.take(twice))["note"] == "one; two"


def test_after_a_split_a_vote_keeps_the_records_that_were_shown(new_world, fill):
    world = new_world(papers={"c1": ["r1", "r2"]})
    files = world.send()
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    for file in files:
        world.append(world.take(fill(file, decision="exclude"), raw=file.id))
    assert [world.position(one)[0] for one in ("c1", "c2")] == ["excluded", "excluded"]


def test_the_round_is_that_of_the_worklist_else_the_one_in_force(asked, fill):
    asked.both("c1", "exclude")
    asked.vote("bob", "c1", "include", round=2)
    sheet = _only(fill(asked.files[0], decision="include"))
    assert _one(asked.take(sheet))["round"] == 1
    asked.sent = None
    row = _one(asked.take(sheet))
    assert (row["round"], row["record_ids"]) == (2, ["r1"])


FULL_TEXT = [
    ({"decision": "exclude"}, "an exclusion on the full text needs a reason"),
    ({"decision": "exclude", "reason": "boring"}, "reason 'boring' is not among the protocol's reasons"),
    ({"decision": "include", "reason": "design"}, "a reason is given, but the decision is not exclude"),
    ({"decision": "maybe"}, "maybe is for title and abstract"),
    ({"decision": "exclude", "reason": "design"}, ("exclude", "design")),
    ({"decision": "EXCLUDE", "reason": "DESIGN"}, ("exclude", "design")),
    ({"decision": "exclude", "reason": "Wrong design"}, ("exclude", "design")),
    ({"decision": "exclude", "reason": " wrong POPULATION"}, ("exclude", "population")),
    ({"decision": "Awaiting classification"}, ("awaiting_classification", None)),
    ({"decision": "awaiting-classification"}, ("awaiting_classification", None)),
    ({"decision": " ongoing "}, ("ongoing", None)),
]


@pytest.fixture(scope="module")
def full_texts(new_world, fill):
    """What became of each row of FULL_TEXT: a reason for refusal, or a decision and its reason."""
    world = new_world(papers={f"c{number:02}": [f"r{number:02}"] for number in range(len(FULL_TEXT))}, people=TWO)
    for paper in world.papers:
        world.arrived(paper)
    (file,) = (one for one in world.send() if one.reviewer == "ann")
    sheet = fill(file)
    rows = tuple(Row(row.line, row.values | cells) for row, (cells, _) in zip(sheet.rows, FULL_TEXT, strict=True))
    taken = world.take(Sheet(sheet.columns, rows))
    votes = {vote["citation_id"]: (vote["decision"], vote["reason"]) for vote in taken.logs["log.vote"].to_pylist()}
    return {refused.citation_id: refused.reason for refused in taken.refused} | votes


@pytest.mark.parametrize("number", range(len(FULL_TEXT)))
def test_decisions_on_full_texts(full_texts, number):
    became, expected = full_texts[f"c{number:02}"], FULL_TEXT[number][1]
    assert became == expected if isinstance(expected, tuple) else expected in became


@pytest.mark.parametrize(
    ("rule", "reviewer", "how", "by"),
    [
        ("third", "jo", "third", ["jo"]),
        ("third", "ann", None, None),
        ("either", "jo", "third", ["jo"]),
        ("either", "ann", "discussion", ["ann", "bob"]),
        ("discussion", "bob", "discussion", ["ann", "bob"]),
        ("discussion", "jo", None, None),
    ],
)
def test_who_may_settle_a_conflict(world, fill, rule, reviewer, how, by):
    world.rules = {"title_abstract": {"conflicts": rule}}
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "exclude")
    (file,) = (one for one in world.send() if one.task.endswith("conflict"))
    world.sent = None  # so that the list may come back from any of them
    taken = world.take(fill(file, decision="include", reviewer=reviewer))
    if how is None:
        whose = "for a third person to settle" if rule == "third" else "for those who voted on it to settle"
        assert whose in taken.refused[0].reason
        assert taken.logs == {}
    else:
        row = _one(taken, "log.resolution")
        assert (row["how"], row["by"], row["decision"], row["stage"]) == (how, by, "include", "title_abstract")


def test_a_third_settles_where_none_of_those_who_should_discuss_is_left(world, fill):
    world.rules = {"title_abstract": {"conflicts": "discussion"}}
    world.vote("ann", "c1", "include")
    world.vote("bob", "c1", "exclude")
    world.people = world.people[2:]
    (file,) = (one for one in world.send() if one.task.endswith("conflict"))
    row = _one(world.take(fill(file, decision="include")), "log.resolution")
    assert (file.reviewer, row["how"], row["by"]) == ("jo", "third", ["jo"])


ILLEGAL_CELLS = {
    "exclude_without_reason": {"decision": "exclude"},
    "reason_without_exclude": {"decision": "include", "reason": "design"},
    "resolved_by_voter": {"decision": "include", "reviewer": "ann"},
    "resolved_by_third": {"decision": "include", "reviewer": "cat"},
}


@pytest.mark.parametrize(("stage", "event"), states.ILLEGAL)
def test_what_is_illegal_comes_back_with_its_reason_and_moves_nothing(world, fill, stage, event):
    world.people = world.people[:3]
    if stage == "full_text":
        world.arrived("c1")
    conflict = event.startswith("resolved_")
    if conflict:
        world.rules = {stage: {"conflicts": "third" if event == "resolved_by_voter" else "discussion"}}
        world.vote("ann", "c1", "include", stage=stage)
        world.vote("bob", "c1", "exclude", "design", stage=stage)
    file = next(one for one in world.send() if one.task == (f"{stage}_conflict" if conflict else stage))
    world.sent = None  # so that the list may come back from any of them
    before = world.state("c1", stage)
    taken = world.take(fill(file, **ILLEGAL_CELLS.get(event, {"decision": event})))
    world.append(taken)
    assert [one.reason for one in taken.refused] == [states.ILLEGAL[stage, event]]
    assert taken.logs == {}
    assert world.state("c1", stage) == before != {}


def test_who_voted_in_another_round_may_settle(world, fill):
    world.people += (Person(id="max", roles=("adjudicator",)),)
    world.vote("max", "c1", "include")
    for who, decision in (("ann", "include"), ("bob", "exclude")):
        world.vote(who, "c1", decision, round=2)
    (file,) = (one for one in world.send() if one.task.endswith("conflict"))
    world.sent = None
    row = _one(world.take(fill(file, decision="include", reviewer="max")), "log.resolution")
    assert (row["round"], row["how"]) == (2, "third")


@pytest.mark.parametrize(
    ("status", "kept"), [("asked", "asked"), ("Refused", "refused"), ("Not retrieved", "not_retrieved"), ("got it", None)]
)
def test_retrieval(world, fill, status, kept):
    world.both("c1", "include")
    (file,) = world.send()
    taken = world.take(fill(file, status=status, note="interlibrary loan"))
    if kept is None:
        assert taken.refused[0].reason == "status 'got_it' is not one of asked, refused, arrived, not_retrieved"
    else:
        row = _one(taken, "log.retrieval")
        assert (row["status"], row["by"], row["note"], row["record_ids"]) == (kept, "lib", "interlibrary loan", ["r1"])


def test_a_plain_table_of_decisions(asked):
    asked.papers["c3"] = ["r3", "r4"]
    taken = asked.take(
        _plain(
            "record_id,reviewer,stage,decision,reason,note,decided_on\n"
            "r4,ann,title_abstract,include,,,2024-03-02\n"
            "r1,ann,title_abstract,exclude,wrong country,seen,\n"
            "r2,ann,title_abstract,,,,\n"
        )
    )
    assert taken.refused == ()
    votes = taken.logs["log.vote"].to_pylist()
    assert [(vote["citation_id"], vote["record_ids"], vote["worklist_id"]) for vote in votes] == [
        ("c3", ["r3", "r4"], None),
        ("c1", ["r1"], None),
    ]
    assert (votes[1]["reason"], votes[1]["note"]) == (None, "seen; reason: wrong country")


PLAIN = [
    ("c404,ann,title_abstract,include,", "no paper is known by the id 'c404'"),
    ("c1,zoe,title_abstract,include,", "reviewer 'zoe' is not in the protocol"),
    ("c1,ann,abstract,include,", "stage 'abstract' is not one of title_abstract, full_text"),
    ("c1,ann,title_abstract_conflict,include,", "stage 'title_abstract_conflict' is not one of"),
    ("c1,ann,title_abstract,yes,", "decision 'yes' is not one of"),
    ("c1,ann,full_text,exclude,", "needs a reason"),
    ("c1,ann,full_text,exclude,boring", "is not among the protocol's reasons"),
]


def test_plain_rows_are_refused_with_their_reason(asked):
    rows = "\n".join(row for row, _ in PLAIN)
    refused = asked.take(_plain(f"citation_id,reviewer,stage,decision,reason\n{rows}\n")).refused
    assert [one.line for one in refused] == list(range(2, len(PLAIN) + 2))
    for one, (_, says) in zip(refused, PLAIN, strict=True):
        assert says in one.reason


def test_a_plain_table_may_have_several_people_on_one_paper(asked):
    rows = "c1,ann,title_abstract,include\nc1,bob,title_abstract,exclude\nc1,ann,title_abstract,exclude\n"
    taken = asked.take(_plain("citation_id,reviewer,stage,decision\n" + rows))
    assert taken.logs["log.vote"].column("reviewer").to_pylist() == ["bob"]
    assert [one.line for one in taken.refused] == [2, 4]


def test_a_table_without_the_columns_is_refused_whole(asked):
    taken = asked.take(_plain("citation_id,decision\nc1,include\nc2,exclude\n"))
    assert [one.reason for one in taken.refused] == ["the table has no column reviewer, stage"] * 2


def test_a_big_file_is_taken_in_seconds(new_world):
    world = new_world(papers={f"c{number:05}": [f"r{number:05}"] for number in range(10_000)})
    tables = world.tables()
    rows = "".join(f"c{number:05},ann,title_abstract,include\n" for number in range(10_000))
    world.tables = lambda: tables
    started = time.process_time()
    taken = world.take(_plain("citation_id,reviewer,stage,decision\n" + rows))
    assert time.process_time() - started < 5
    assert taken.logs["log.vote"].num_rows == 10_000


def test_a_file_saved_in_a_code_page_is_taken(new_world):
    world = new_world(papers={"c1": ["r1"]}, titles={"c1": "The β of Ω — children’s care"})
    data = write(world.send()[0]).decode("utf-8-sig").encode("cp1252", "replace")
    sheet = read(data)
    taken = world.take(Sheet(sheet.columns, tuple(Row(row.line, row.values | {"decision": "include"}) for row in sheet.rows)))
    assert _one(taken)["decision"] == "include"


def test_rows_that_say_the_same_are_each_judged_by_what_is_known_of_their_paper(new_world):
    world = new_world(papers={"c1": ["r1"], "c2": ["r2"], "c3": ["r3"]}, people=TWO)
    world.vote("ann", "c2", "include")
    rows = "".join(f"{paper},removal,other,lib,withdrawn\n" for paper in ("c1", "c2", "c3"))
    taken = world.take(_plain(f"citation_id,stage,decision,reviewer,note\n{rows}"))
    assert [row["citation_id"] for row in taken.logs["log.removal"].to_pylist()] == ["c1", "c3"]
    assert [(one.line, one.citation_id) for one in taken.refused] == [(3, "c2")]
