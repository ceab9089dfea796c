"""The pairs that a person has to look at: what goes out, what comes back, and that an answer holds for ever."""

from datetime import datetime
from types import SimpleNamespace

import pyarrow as pa
import pytest

from tasks.dedup.returned import take
from tasks.dedup.worklists import owed, worklists
from tasks.formats import workbook
from tasks.formats.workbook_read import read as read_workbook
from tasks.formats.worklist import Owed, Row, Sheet, read, write
from tests.workbooks import filled
from warehouse.tables.catalogue import table

MONDAY, TUESDAY = datetime(2026, 1, 5), datetime(2026, 1, 6)
AWAY = {"journal": "Annals of Family Placement", "volume": "4", "issue": "1", "pages": "9", "doi": None, "year": 2015}
PEOPLE = [SimpleNamespace(id="r1", roles=("reviewer",)), SimpleNamespace(id="a1", roles=("adjudicator", "librarian"))]
REVIEW = SimpleNamespace(id="invented", protocol=SimpleNamespace(people=PEOPLE))


@pytest.fixture
def unsure(paper):
    """An article and a thing of the same title and authors that is hard to judge, twice each."""
    return [
        paper("a1"), paper("a2", database="Scopus"), paper("b1", **AWAY),
        paper("b2", database="Scopus", **AWAY),
        paper("z", title="Another thing, which has nothing to do with it", authors=["Roe, A."]),
    ]  # fmt: skip


@pytest.fixture
def stand(run):
    """The tables of a review with these records, after what people said."""

    def make(records, overrides=None, issued=None):
        tables = run(records, overrides.to_pylist() if overrides is not None else ())
        return {
            **tables, "staging.record": table("staging.record").of_rows(records),
            "log.override": overrides if overrides is not None else table("log.override").empty(),
            "log.worklist": issued if issued is not None else table("log.worklist").empty(),
        }  # fmt: skip

    return make


def groups(tables):
    found = {}
    for row in tables["staging.citation_record"].to_pylist():
        found.setdefault(row["citation_id"], set()).add(row["record_id"])
    return sorted(sorted(one) for one in found.values())


def answered(sheet, *answers, **changes):
    rows = tuple(
        Row(row.line, row.values | {"answer": answer} | changes) for row, answer in zip(sheet.rows, answers, strict=True)
    )
    return Sheet(sheet.columns, rows)


def out(tables):
    files, issued = worklists(tables, REVIEW, MONDAY)
    return [read(write(one)) for one in files], issued


def test_one_pair_of_two_papers_goes_to_the_librarian(unsure, stand):
    tables = stand(unsure)
    assert groups(tables) == [["a1", "a2"], ["b1", "b2"], ["z"]]
    [sheet], issued = out(tables)
    [row] = sheet.rows
    assert (row.values["task"], row.values["reviewer"]) == ("duplicates", "a1")
    assert {row.values["record_id"][0], row.values["other_record_id"][0]} == {"a", "b"}
    assert row.values["title"] == row.values["other_title"] == unsure[0]["title"]
    assert {row.values["place"], row.values["other_place"]} == {
        "Journal of Child Placement Studies 19 (3) 211-228", "Annals of Family Placement 4 (1) 9",
    }  # fmt: skip
    assert "same title" in row.values["why"]
    [logged] = issued.to_pylist()
    assert sorted(logged["record_ids"]) == sorted([row.values["record_id"], row.values["other_record_id"]])


def test_what_was_sent_is_not_sent_again(unsure, stand):
    _, issued = out(stand(unsure))
    assert out(stand(unsure, issued=issued)) == ([], table("log.worklist").empty())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("same", [["a1", "a2", "b1", "b2"], ["z"]]), ("Different", [["a1", "a2"], ["b1", "b2"], ["z"]])],
)
def test_an_answer_holds(unsure, stand, answer, expected):
    tables = stand(unsure)
    [sheet], _ = out(tables)
    taken = take(answered(sheet, answer, note="seen in print"), "f1", tables, REVIEW, MONDAY)
    assert taken.refused == ()
    overrides = taken.logs["log.override"]
    assert [(row["by"], row["note"], row["raw"]) for row in overrides.to_pylist()] == [("a1", "seen in print", "f1")]
    after = stand(unsure, overrides)
    assert groups(after) == expected
    assert out(after)[0] == [], "the other pairs of the same two papers are settled with it"


def test_a_wrong_merge_is_split_by_a_table_without_a_worklist(unsure, stand):
    tables = stand(unsure)
    cells = {"record_id": "a2", "other_record_id": "a1", "reviewer": "r1", "answer": "different", "note": ""}
    taken = take(Sheet(tuple(cells), (Row(2, cells),)), "f1", tables, REVIEW, MONDAY)
    [row] = taken.logs["log.override"].to_pylist()
    assert (row["record_a"], row["record_b"], row["verdict"], row["by"]) == ("a1", "a2", "apart", "r1")
    split = stand(unsure, taken.logs["log.override"])
    assert ["a1", "a2"] not in groups(split)
    back = take(Sheet(tuple(cells), (Row(2, cells | {"answer": "same"}),)), "f2", split, REVIEW, TUESDAY)
    both = pa.concat_tables([taken.logs["log.override"], back.logs["log.override"]])
    assert groups(stand(unsure, both)) == groups(tables), "the later word holds"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answer": "maybe"}, "neither same nor different"), ({"reviewer": "x9"}, "not in protocol.people"),
        ({"other_record_id": "q7"}, "no record 'q7'"), ({"title": "Pasted over"}, "sorted or pasted"),
        ({"worklist_id": "another"}, "sorted or pasted"), ({"": "more"}, "more cells than columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_goes_back_with_the_reason(unsure, stand, changes, reason):
    tables = stand(unsure)
    [sheet], _ = out(tables)
    row = sheet.rows[0]
    values = row.values | {"answer": "same"} | changes
    taken = take(Sheet(sheet.columns, (Row(2, values),)), "f1", tables, REVIEW, MONDAY)
    assert taken.logs == {}
    assert reason in taken.refused[0].reason
    assert (taken.refused[0].line, taken.refused[0].citation_id) == (2, row.values["record_id"])


def test_a_record_with_itself_and_two_answers_on_a_pair_are_refused(unsure, stand):
    tables = stand(unsure)
    cells = {"record_id": "a1", "other_record_id": "a1", "reviewer": "r1", "answer": "same"}
    pair = cells | {"other_record_id": "b1"}
    rows = (Row(2, cells), Row(3, pair), Row(4, pair | {"record_id": "b1", "other_record_id": "a1", "answer": "different"}))
    taken = take(Sheet(tuple(cells), rows), "f1", tables, REVIEW, MONDAY)
    assert taken.logs == {}
    assert [(one.line, one.reason) for one in taken.refused] == [
        (2, "a record is compared with itself"), (3, "rows 3, 4 answer differently on the same pair"),
        (4, "rows 3, 4 answer differently on the same pair"),
    ]  # fmt: skip


def test_a_row_without_an_answer_waits_and_a_table_without_columns_is_refused(unsure, stand):
    tables = stand(unsure)
    [sheet], _ = out(tables)
    assert take(sheet, "f1", tables, REVIEW, MONDAY) == take(answered(sheet, ""), "f1", tables, REVIEW, MONDAY)
    assert take(sheet, "f1", tables, REVIEW, MONDAY).logs == {}
    bare = Sheet(("record_id", "other_record_id"), (Row(2, {"record_id": "a1", "other_record_id": "b1"}),))
    assert take(bare, "f1", tables, REVIEW, MONDAY).refused[0].reason == "the table has no column reviewer, answer"


def test_a_title_that_lost_letters_in_a_code_page_still_fits(unsure, stand):
    records = [one | {"title": one["title"].replace("programmes", "programów")} for one in unsure]
    tables = stand(records)
    [sheet], _ = out(tables)
    values = dict(sheet.rows[0].values) | {"answer": "same"}
    for name in ("title", "other_title"):
        values[name] = values[name].encode("cp1252", "replace").decode("cp1252")
    assert take(Sheet(sheet.columns, (Row(2, values),)), "f1", tables, REVIEW, MONDAY).refused == ()


def test_pairs_are_answered_in_a_workbook(stand, unsure):
    tables = stand(unsure)
    [file], _ = worklists(tables, REVIEW, MONDAY)
    data = filled(workbook.write(file, MONDAY), lambda _: {"answer": "Same", "note": "=one paper"})
    assert read_workbook(data).columns == file.columns
    [override] = take(read_workbook(data), "sha", tables, REVIEW, TUESDAY).logs["log.override"].to_pylist()
    assert (override["verdict"], override["by"], override["note"]) == ("merge", "a1", "=one paper")
    moved = take(read_workbook(filled(data, lambda _: {"title": "Another"})), "sha", tables, REVIEW, TUESDAY)
    assert moved.logs == {}
    assert "ids and titles are not those that were sent" in moved.refused[0].reason


def test_a_pair_that_is_still_open_is_in_the_next_file_as_it_was_sent(unsure, stand):
    [first], issued = out(stand(unsure))
    tables = stand(unsure, issued=issued)
    [pair] = [row for row in tables["staging.record_pair"].to_pylist() if row["outcome"] == "unsure"]
    more = {**pair, "record_b": "z", "score": 0.9}
    tables["staging.record_pair"] = table("staging.record_pair").of_rows([*tables["staging.record_pair"].to_pylist(), more])
    [file], rows = worklists(tables, REVIEW, TUESDAY)
    assert [(cells["worklist_id"], cells["other_record_id"]) for cells in file.rows] == [
        ("duplicates-a1-20260106", "z"), ("duplicates-a1-20260105", pair["record_b"])
    ], "the likeliest first"  # fmt: skip
    assert (file.id, file.rows[1]["check"]) == ("duplicates-a1-20260106", first.rows[0].values["check"])
    assert [(row["position"], row["record_ids"]) for row in rows.to_pylist()] == [(1, sorted([pair["record_a"], "z"]))]
    assert owed(tables, REVIEW) == [Owed("duplicates", "a1", new=1, sent=1, since=MONDAY)]
    taken = take(answered(read(write(file)), "different", "same"), "f1", tables, REVIEW, TUESDAY)
    assert (taken.refused, taken.logs["log.override"].num_rows) == ((), 2)


def test_a_pair_goes_to_another_when_who_was_asked_has_left(unsure, stand):
    _, issued = out(stand(unsure))
    after = SimpleNamespace(id="invented", protocol=SimpleNamespace(people=PEOPLE[:1]))
    [file], rows = worklists(stand(unsure, issued=issued), after, TUESDAY)
    assert (file.reviewer, rows.num_rows) == ("r1", 1)
