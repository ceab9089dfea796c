"""The whole of a review's work in workbooks: it comes to the same logs as in CSV, and what was refused comes back marked."""

import io
import shutil
from datetime import datetime

import pytest
from openpyxl import load_workbook

from flows import exchange
from tests.flows.small import agreeable, fill, work
from tests.workbooks import changed, filled, resaved
from warehouse.storage import Storage

DAY = datetime(2026, 1, 5)
LOGS = ("worklist", "draw", "vote", "resolution", "retrieval", "coding", "verification", "override")


@pytest.fixture
def begun(begun):
    """A review after its first release, whose work goes out as workbooks from now on."""
    review, root = begun
    protocol = review / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("worklists: csv", "worklists: xlsx"))
    return review, root


def logged(root):
    """What the logs say, without the files that it came in."""
    log = Storage(root, "small").log
    return {name: sorted(str({**one, "raw": ""}) for one in log.read(name).to_pylist()) for name in LOGS}


def test_workbooks_and_csv_come_to_the_same_logs(begun, screened):
    review, root = begun
    work(review, root)
    sent = {path.name.split("-")[0] for path in (root / "small" / "worklists").rglob("*.xlsx")}
    assert sent == {"title_abstract", "retrieval", "full_text", "coding", "verification"}
    assert not list((root / "small" / "worklists").rglob("*.csv"))
    assert logged(root) == logged(screened[1])


def test_nobody_sees_anothers_vote_and_nobody_is_asked_twice(begun):
    review, root = begun
    issued = exchange.issue(review, root, DAY)
    assert [(path.suffix, rows) for path, rows in issued] == [(".xlsx", 15), (".xlsx", 15)]
    for path, _ in issued:
        names = [cell.value for cell in load_workbook(path).worksheets[0][1]]
        assert "votes" not in names
        assert "decision" in names
    assert exchange.issue(review, root, DAY) == []


def test_good_rows_are_taken_and_bad_ones_come_back_marked_with_their_reasons(begun):
    review, root = begun
    inbox = root / "small" / "inbox"
    inbox.mkdir()
    [(path, rows), _] = exchange.issue(review, root, DAY)

    def spoil(sheet):
        at = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, at["decision"], "include")
        sheet.cell(2, at["decision"], "perhaps")
        sheet.cell(3, at["title"], "Another title")
        sheet.cell(4, at["citation_id"], "c-unknown")
        copy = [cell.value for cell in sheet[5]]
        copy[at["decision"] - 1] = "exclude"
        sheet.append(copy)

    (inbox / path.name).write_bytes(changed(path.read_bytes(), spoil))
    [taken] = exchange.take_in(review, root, DAY)
    assert (taken.rows, taken.refused) == (rows - 4, 5)
    marked = root / "small" / "worklists" / "refused" / path.name
    assert str(marked) in taken.line
    sheet = load_workbook(marked).worksheets[0]
    reasons = {cell.row: cell.value for (cell,) in sheet.iter_rows(min_row=2, max_col=1) if cell.value}
    twice = f"rows 5, {rows + 2} decide differently on the same paper"
    assert reasons == {
        2: "decision 'perhaps' is not one of include, maybe, exclude",
        3: "the check does not fit: the row was altered, or its title and id were moved apart (sorted or pasted)",
        4: "no paper is known by the id 'c-unknown'",
        5: twice,
        rows + 2: twice,
    }
    assert sheet.max_row == rows + 2, "the copy is the whole sheet"
    mend = {"perhaps": {"decision": "exclude"}}
    (inbox / "again.xlsx").write_bytes(filled(marked.read_bytes(), lambda row: mend.get(row["decision"], {})))
    [taken] = exchange.take_in(review, root, DAY)
    assert (taken.rows, taken.refused) == (1, 4), "only the corrected row is new; the others are not taken twice"
    assert len(Storage(root, "small").log.read("vote")) == rows - 3


@pytest.mark.fault(18)
def test_the_same_workbook_twice_and_what_programs_leave_beside_it_change_nothing(begun):
    review, root = begun
    inbox = root / "small" / "inbox"
    [(path, _), *_] = exchange.issue(review, root, DAY)
    fill(path, inbox / path.name, agreeable)
    data = (inbox / path.name).read_bytes()
    exchange.take_in(review, root, DAY)
    before = logged(root)
    (inbox / "again.xlsx").write_bytes(data)
    (inbox / f"~${path.name}").write_bytes(b"owner")
    [one] = exchange.take_in(review, root, DAY)
    assert one.line == "again.xlsx: taken before, nothing changed"
    assert logged(root) == before


def test_a_file_that_is_too_large_is_refused_unread_and_stays(begun, monkeypatch):
    review, root = begun
    (root / "small" / "inbox").mkdir(exist_ok=True)
    (root / "small" / "inbox" / "huge.xlsx").write_bytes(b"PK\x03\x04" + bytes(5000))
    monkeypatch.setattr(exchange, "MOST_BYTES", 4000)
    [one] = exchange.take_in(review, root, DAY)
    assert (one.rows, one.refused) == (0, 1)
    assert "huge.xlsx: refused: it is larger than" in one.line
    assert (root / "small" / "inbox" / "huge.xlsx").exists()


def test_workbooks_that_libreoffice_saved_again_are_taken(begun, tmp_path):
    review, root = begun
    inbox, mine = root / "small" / "inbox", tmp_path / "mine"
    [first, second] = [path for path, _ in exchange.issue(review, root, DAY)]
    note = "“Quoted”, =1+1;\nمراجعة 😀"
    for path in (first, second):
        fill(path, mine / path.name, lambda *one: agreeable(*one) | {"note": note})
    (tmp_path / "again").mkdir()
    inbox.mkdir(exist_ok=True)
    for path in resaved([mine / first.name, mine / second.name], tmp_path / "again"):
        shutil.copy(path, inbox / path.name)
    taken = exchange.take_in(review, root, DAY)
    assert [(one.rows, one.refused) for one in taken] == [(15, 0), (15, 0)]
    votes = Storage(root, "small").log.read("vote").to_pylist()
    assert {vote["note"] for vote in votes} == {note}
    assert {str(vote["decided_on"]) for vote in votes} == {"2026-01-02"}
    sheet = load_workbook(io.BytesIO((inbox / "taken").glob("*.xlsx").__next__().read_bytes())).worksheets[0]
    assert sheet.protection.sheet, "locks survive LibreOffice"
    assert len(sheet.data_validations.dataValidation) >= 2
