"""Screening by workbook: drop-downs hold what the protocol allows, and rows are judged as in any other file."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tasks.formats.workbook import write
from tasks.formats.workbook_read import read
from tests.screening.conftest import START
from tests.workbooks import filled


@pytest.fixture
def send(new_world):
    """A world of papers, and the only workbook of a task in it."""

    def make(task, prepare):
        world = new_world(papers={f"c{at}": [f"r{at}"] for at in range(1, 5)})
        prepare(world)
        return world, write(next(one for one in world.send() if one.task == task), START)

    return make


def choices(data, name):
    book = load_workbook(io.BytesIO(data))
    letter = next(cell.column_letter for cell in book.worksheets[0][1] if cell.value == name)
    rule = next(one for one in book.worksheets[0].data_validations.dataValidation if str(one.sqref).startswith(f"{letter}2"))
    return [cell.value for (cell,) in book["guide"][rule.formula1.split("!")[1].replace("$", "")]]


def all_arrived(world):
    for citation in world.papers:
        world.arrived(citation)


def in_conflict(world):
    for citation in world.papers:
        world.vote("ann", citation, "include")
        world.vote("bob", citation, "exclude")


def test_full_texts_need_a_reason_of_the_protocol(send):
    world, data = send("full_text", all_arrived)
    assert choices(data, "reason") == ["population", "design"]
    assert choices(data, "decision") == ["include", "exclude", "awaiting_classification", "ongoing"]
    [first, second, third, *_] = read(data).rows
    said = {
        first.values["citation_id"]: {"decision": "exclude"},
        second.values["citation_id"]: {"decision": "Exclude", "reason": "wrong design", "decided_on": date(2024, 3, 2)},
        third.values["citation_id"]: {"decision": "exclude", "reason": "dull", "note": "=1+1"},
    }
    taken = world.take(read(filled(data, lambda row: said.get(row["citation_id"], {}))))
    assert [(one.line, one.reason) for one in taken.refused] == [
        (first.line, "an exclusion on the full text needs a reason"),
        (third.line, "reason 'dull' is not among the protocol's reasons"),
    ]
    [vote] = taken.logs["log.vote"].to_pylist()
    assert (vote["decision"], vote["reason"], vote["decided_on"]) == ("exclude", "design", date(2024, 3, 2))


def test_votes_are_shown_to_the_one_who_settles_and_to_nobody_else(send):
    world, data = send("title_abstract_conflict", in_conflict)
    assert {row.values["votes"] for row in read(data).rows} == {"include | exclude"}
    assert choices(data, "decision") == ["include", "maybe", "exclude"]
    taken = world.take(read(filled(data, lambda _: {"decision": "include", "note": "مراجعة"})))
    assert [(one["decision"], one["by"], one["note"]) for one in taken.logs["log.resolution"].to_pylist()] == [
        ("include", ["jo"], "مراجعة")
    ] * 4
    _, data = send("title_abstract", lambda world: world.vote("ann", "c1", "exclude"))
    assert "votes" not in read(data).columns
    assert "exclude" not in {text for row in read(data).rows for text in row.values.values()}


def test_a_librarian_chooses_among_the_statuses(send):
    world, data = send("retrieval", lambda world: [world.both(citation, "include") for citation in world.papers])
    assert choices(data, "status") == ["asked", "refused", "arrived", "not_retrieved"]
    taken = world.take(read(filled(data, lambda _: {"status": "not retrieved"})))
    assert {one["status"] for one in taken.logs["log.retrieval"].to_pylist()} == {"not_retrieved"}


def test_a_row_whose_title_was_moved_to_another_is_refused(send):
    world, data = send("title_abstract", lambda world: None)
    titles = [row.values["title"] for row in read(data).rows]
    moved = dict(zip(titles, [*titles[1:], titles[0]], strict=True))
    taken = world.take(read(filled(data, lambda row: {"title": moved[row["title"]], "decision": "include"})))
    assert taken.logs == {}
    assert all("the check does not fit" in one.reason for one in taken.refused)
    assert len(taken.refused) == len(titles)
