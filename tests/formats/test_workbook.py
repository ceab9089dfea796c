"""A workbook goes out with its locks and drop-downs, and what people answered is read back whatever program saved it."""

import io
import re
import time
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.styles import Alignment

from tasks.formats import workbook, workbook_read
from tasks.formats.packed import Limits
from tasks.formats.question import Choice, Question
from tasks.formats.workbook_read import is_workbook, read
from tasks.formats.worklist import (
    ENTRY,
    LEADING,
    REFERENCE,
    NotAWorklist,
    Refused,
    Worklist,
    check,
    fits,
    row,
    shortened,
    unanswered,
    unescaped,
)  # fmt: skip
from tests.workbooks import changed, filled, repacked, resaved, table

MADE = datetime(2026, 1, 5, 6, 30)
SHEET1 = "xl/worksheets/sheet1.xml"
REASONS = tuple(Choice(f"reason-{number}", f"Not about {number}, or not enough of it") for number in range(30))
EMMIE = tuple(Choice(one, one.capitalize(), f"Says {one}.") for one in ("effectiveness", "mechanisms", "moderators"))
QUESTIONS = (
    Question("decision", "one", "Your decision.", (Choice("include"), Choice("exclude"))),
    Question("reason", "one", "Why not.", REASONS),
    Question("note", "text", "Anything."),
    Question("decided_on", "date", "When."),
)
AWKWARD = [
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=quoted", "''-twice", "'tis no formula", "\tcell", "1e5", "00123", "TRUE",
    "Commas, \"quotes\"; semicolons\tand tabs", "Two\nlines", "Word's\x0bline", "bell\x07", "a\r\nb", "_x000D_ as text",
    "\ufffe\uffff", "مراجعة منهجية للأدلة", "😀 emoji 👩‍👧", "<r><t>injected</t></r>", "&amp; <b>", "https://evil.example/",
    "mailto:x@y", "{=1}", "#N/A", "\u202eright to left",
]  # fmt: skip


def worklist(*titles, columns=(*LEADING, *REFERENCE, *ENTRY["full_text"]), questions=QUESTIONS, spare=0, **cells):
    rows = tuple(
        row(
            "ft-ann-20260105",
            "full_text",
            "ann",
            {"citation_id": f"c{at}", "title": title, "authors": ["Doe, J"], "year": 2020},
        )
        | cells
        for at, title in enumerate(titles)
    )
    return Worklist("ft-ann-20260105", "full_text", "ann", columns, rows, questions, ("Decide.", "Return."), spare)


def written(*titles, **more):
    return workbook.write(worklist(*titles, **more), MADE)


def opened(data):
    return load_workbook(io.BytesIO(data)).worksheets[0]


def column(sheet, name):
    return next(cell.column_letter for cell in sheet[1] if cell.value == name)


# --- out


def test_what_is_read_is_locked_and_what_is_filled_in_is_open():
    sheet = opened(written("First", "Second"))
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "G2"
    assert sheet.auto_filter.ref == "A1:O3"
    for cell in sheet[2]:
        assert cell.protection.locked is (sheet.cell(1, cell.column).value not in ENTRY["full_text"])
        assert cell.alignment.wrap_text
    assert [sheet.column_dimensions[column(sheet, name)].hidden for name in ("worklist_id", "check", "title")] == [
        True,
        True,
        False,
    ]
    assert (sheet[f"{column(sheet, 'note')}2"].number_format, sheet[f"{column(sheet, 'decided_on')}2"].number_format) == (
        "@",
        "yyyy-mm-dd",
    )


def test_drop_downs_point_to_a_range_that_holds_the_answers_however_long_the_list_is():
    data = written("First", "Second")
    book = load_workbook(io.BytesIO(data))
    rules = {str(rule.sqref): rule for rule in book.worksheets[0].data_validations.dataValidation}
    letter = column(book.worksheets[0], "reason")
    rule = rules[f"{letter}2:{letter}3"]
    assert rule.type == "list"
    where = rule.formula1.split("!")
    assert where[0] == "guide"
    listed = [cell.value for (cell,) in book["guide"][where[1].replace("$", "")]]
    assert listed == [choice.value for choice in REASONS]
    assert len(",".join(listed)) > 255
    guide = [cell.value for line in book["guide"].iter_rows() for cell in line if cell.value]
    assert {"Decide.", "Return.", "Why not.", *(choice.label for choice in REASONS)} <= set(guide)
    assert book["guide"].protection.sheet


def test_a_question_with_several_answers_has_a_yes_or_no_column_for_each():
    asked = (*QUESTIONS, Question("emmie", "several", "Which evidence.", EMMIE))
    data = written("First", columns=(*LEADING, "title", "emmie"), questions=asked, emmie="mechanisms; effectiveness")
    sheet = opened(data)
    names = [cell.value for cell in sheet[1]]
    assert names[-3:] == ["emmie: effectiveness", "emmie: mechanisms", "emmie: moderators"]
    assert "emmie" not in names
    assert [cell.value for cell in sheet[2]][-3:] == ["yes", "yes", None]
    [rule] = [one for one in sheet.data_validations.dataValidation if column(sheet, "emmie: moderators") in str(one.sqref)]
    yes, no = (cell.value for (cell,) in load_workbook(io.BytesIO(data))["guide"][rule.formula1.split("!")[1].replace("$", "")])
    assert (rule.type, rule.prompt, yes, no) == ("list", "Moderators: Says moderators.", "yes", "no")


def test_an_answer_that_is_no_code_any_more_keeps_a_cell_of_its_own():
    asked = (Question("emmie", "several", "", EMMIE),)
    [back] = read(written("First", columns=(*LEADING, "title", "emmie"), questions=asked, emmie="economics; mechanisms")).rows
    assert {at: text for at, text in back.values.items() if at.startswith("emmie") and text} == {
        "emmie": "economics",
        "emmie: mechanisms": "yes",
    }


def test_each_paper_has_spare_rows_for_further_groups_that_fit_their_check():
    rows = read(written("First", "Second", columns=(*LEADING, "title", "group"), spare=2, group="1")).rows
    assert [(one.values["citation_id"], one.values["group"]) for one in rows] == [
        (paper, group) for paper in ("c0", "c1") for group in ("1", "2", "3")
    ]
    assert all(fits(one.values, "") for one in rows)


def test_the_same_worklist_gives_the_same_bytes():
    first = written("First", "Second")
    assert written("First", "Second") == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert parts.read("docProps/core.xml").count(b"2026-01-05T06:30:00Z") == 2, "made and changed, by the run's clock"
        assert len({part.date_time for part in parts.infolist()}) == 1


@pytest.mark.fault(54)
def test_no_text_becomes_a_formula_a_link_or_markup():
    data = written(*AWKWARD, note='=HYPERLINK("https://evil.example")')
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = parts.read(SHEET1)
        assert not [name for name in parts.namelist() if "external" in name.lower()]
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml
    assert b"<r>" not in xml


def test_a_text_that_no_cell_holds_is_cut_where_it_can_be_seen_and_its_row_stays():
    smiles = "😀" * 20_000  # 40,000 units of UTF-16, which is what Excel counts
    [back] = read(written("First", note=smiles)).rows
    assert back.values["note"].endswith("😀 […]")
    assert 32_000 < len(back.values["note"].encode("utf-16-le")) / 2 <= 32_767
    assert shortened("x" * 32_000) == "x" * 32_000
    assert len(shortened(smiles).encode("utf-16-le")) / 2 <= 32_767


# --- in


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_survives(text):
    [back] = read(written(text, note=text, reason=text)).rows
    assert back.values["title"] == back.values["note"] == back.values["reason"] == text.strip()
    assert fits(back.values, "")


letters = st.text(st.characters() | st.sampled_from("=+-@'\t\r\n\x0b\x00,;\"<>&_x0مع\u200f\u202e\ufffe\ud800😀"), max_size=40)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(letters, letters, st.sampled_from(["include", "exclude", ""])), min_size=1, max_size=8))
def test_no_vote_reason_or_note_is_lost_whatever_people_write(said):
    asked = worklist(*(f"{note} title" for note, _, _ in said))
    rows = tuple(
        cells | {"note": note, "reason": reason, "decision": decision}
        for cells, (note, reason, decision) in zip(asked.rows, said, strict=True)
    )
    sheet = read(workbook.write(Worklist(asked.id, asked.task, "ann", asked.columns, rows, QUESTIONS), MADE))
    writable = [[text.encode("utf-8", "replace").decode().strip() for text in one] for one in said]
    assert [[one.values[name] for name in ("note", "reason", "decision")] for one in sheet.rows] == writable
    assert all(fits(one.values, "") for one in sheet.rows)


def test_what_people_and_programs_do_to_a_sheet():
    def work(sheet):
        sheet.title = "My copy"
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Worklist of Ann"
        letters = {cell.value: cell.column_letter for cell in sheet[3]}
        sheet[f"{letters['decision']}4"] = "Exclude"
        sheet[f"{letters['reason']}4"] = True
        sheet[f"{letters['note']}4"] = 12.0
        sheet[f"{letters['decided_on']}4"] = date(2026, 2, 3)
        sheet[f"{letters['decided_on']}5"] = datetime(2026, 2, 3, 10, 30)
        sheet[f"{letters['note']}5"] = 0.1 + 0.2
        sheet["Q4"] = "a remark beside the table"
        sheet.row_dimensions[5].hidden = True
        sheet["A400"].alignment = Alignment(wrap_text=True)

    sheet = read(changed(written("First", "Second"), work))
    assert [one.line for one in sheet.rows] == [4, 5]
    names = ("decision", "reason", "note", "decided_on", "column Q")
    assert [[one.values[name] for name in names] for one in sheet.rows] == [
        ["Exclude", "true", "12", "2026-02-03", "a remark beside the table"],
        ["", "", "0.3", "2026-02-03 10:30:00", ""],
    ]


def test_columns_in_another_order_and_added_ones():
    sheet = read(
        table([["Mine", "Note", None, "Citation_ID"], ["x", "n", "loose", "c1"], [None] * 4, [None, None, None, "c2"]])
    )
    assert sheet.columns == ("mine", "note", "citation_id", "column C")
    assert [(one.line, one.values["citation_id"], one.values["column C"]) for one in sheet.rows] == [
        (2, "c1", "loose"),
        (4, "c2", ""),
    ]


def test_a_cell_merged_over_rows_speaks_for_each_of_them_and_no_others():
    rows = [
        ["citation_id", "decision", "note"],
        ["c1", "exclude", "n"],
        ["c2", None, None],
        ["c3", None, None],
        [],
        ["c4", None, None],
    ]

    def merge(sheet):
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("A4:C4")

    sheet = read(table(rows, merge))
    assert [one.values["decision"] for one in sheet.rows] == ["exclude", "exclude", "", ""]


def test_formulas_give_what_they_came_to_or_themselves():
    data = table([["citation_id", "decision", "note"], ["c1", "=B3", "n"], ["c2", "include", "=1/0"]])

    def computed(xml):
        assert re.search(rb"<f>B3</f><v ?/>", xml), "no program has computed it"
        return re.sub(rb'<c r="C3"><f>1/0</f><v ?/>', b'<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v>', xml)

    first, second = read(repacked(data, SHEET1, computed)).rows
    assert first.values["decision"] == "=B3", "a vote that was not computed is not passed over as empty"
    assert second.values["note"] == "#DIV/0!"


def test_shared_strings_and_rich_text_are_text():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("any")
    sheet.write_row(0, 0, ["citation_id", "note", "reason"])
    sheet.write_row(1, 0, ["c1", "shared", "shared"])
    sheet.write_rich_string(1, 1, "not ", book.add_format({"bold": True}), "bold_x000B_", " here")
    book.close()
    with zipfile.ZipFile(io.BytesIO(buffer.getvalue())) as parts:
        assert b"<rPr>" in parts.read("xl/sharedStrings.xml")
    [back] = read(buffer.getvalue()).rows
    assert (back.values["note"], back.values["reason"]) == ("not bold\x0b here", "shared")


def test_a_program_that_tells_escapes_not_apart_does_not_break_the_check():
    title = "A title_x000D_ that an earlier export spoilt"
    assert check("w", "c", title) == check("w", "c", "A title\r that an earlier export spoilt")


def test_a_stray_cell_at_the_end_of_the_sheet_costs_nothing():
    def stray(sheet):
        sheet["XFD1048576"] = " "
        sheet["B1048576"] = "x"

    sheet = read(table([["citation_id", "note"], ["c1", "n"]], stray))
    assert [(one.line, one.values["note"]) for one in sheet.rows] == [(2, "n"), (1048576, "x")]


def strict(xml):
    return xml.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", workbook_read._STRICT)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: data[:-400], "cannot be opened"),
        (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data, "locked with a password"),
        (lambda data: repacked(data, SHEET1, lambda xml: xml[:900]), "the workbook is damaged"),
        (lambda data: repacked(data, SHEET1, lambda xml: xml.replace(b"?>", b"?><!DOCTYPE x>", 1)), "declarations"),
        (lambda data: repacked(data, SHEET1, lambda xml: xml + b" " * 3_000_000), "more than 200 times"),
        (lambda data: repacked(data, "xl/workbook.xml", strict), "Strict Open XML"),
        (lambda data: changed(data, lambda sheet: sheet.delete_rows(1)), "no sheet has a column"),
        (lambda data: changed(data, lambda sheet: sheet.parent.copy_worksheet(sheet)), "'worklist', 'worklist Copy' are all"),
        (lambda data: changed(data, lambda sheet: sheet.__setitem__("A1", "note")), "column note stands there twice"),
    ],
)
def test_what_cannot_be_read_says_why(spoil, says):
    data = spoil(written("First"))
    assert is_workbook(data)
    with pytest.raises(NotAWorklist, match=says):
        read(data)


@pytest.mark.fault(45)
def test_sizes_beyond_the_limits_are_refused(monkeypatch):
    with pytest.raises(NotAWorklist, match="more than 0 MiB"):
        read(written("First"), Limits(total=1000))
    monkeypatch.setattr(workbook_read, "MOST_ROWS", 5)
    assert len(read(written(*"12345")).rows) == 5
    with pytest.raises(NotAWorklist, match="more than 5 rows"):
        read(written(*"123456"))
    monkeypatch.setattr(workbook_read, "MOST_CELLS", 40)
    with pytest.raises(NotAWorklist, match="more than 40 cells"):
        read(written(*"12345"))


def test_awkward_text_survives_libreoffice(tmp_path):
    asked = (*QUESTIONS, Question("emmie", "several", "Which evidence.", EMMIE))
    columns = (*LEADING, "title", "emmie", "note", "reason", "decision")
    (tmp_path / "sent.xlsx").write_bytes(
        written(*AWKWARD, columns=columns, questions=asked, emmie="moderators", decision="exclude")
    )
    (tmp_path / "again").mkdir()
    [again] = resaved([tmp_path / "sent.xlsx"], tmp_path / "again")
    sheet = read(again.read_bytes())
    assert [one.values["title"].split() for one in sheet.rows] == [unescaped(title).split() for title in AWKWARD]
    assert all(fits(one.values, "") for one in sheet.rows)
    assert {(one.values["emmie: moderators"], one.values["decision"]) for one in sheet.rows} == {("yes", "exclude")}


# --- the marked copy


def test_the_marked_copy_is_the_whole_sheet_with_the_refused_rows_red_and_the_reason_first():
    data = filled(
        written("First", "=Second", "Third"), lambda row: {"decision": "exclude" if row["title"] == "First" else "include"}
    )
    sheet = read(data)
    refused = [Refused(2, "c0", "an exclusion needs a reason", sheet.rows[0].values)]
    copy = workbook.marked("mine.xlsx", sheet, refused, QUESTIONS, ("Decide.",), MADE)
    shown = opened(copy)
    assert shown["A1"].value == "refused_because"
    assert [shown[f"A{at}"].value for at in (2, 3, 4)] == ["an exclusion needs a reason", None, None]
    red = shown["A2"].fill.fgColor.rgb
    assert {cell.fill.fgColor.rgb for cell in shown[2]} == {red}
    assert red not in {cell.fill.fgColor.rgb for cell in (*shown[3], *shown[4])}
    title = column(shown, "title")
    assert [shown[f"{title}{at}"].protection.locked for at in (2, 3)] == [False, True], "a red row can be put right"
    kept = sheet.columns
    again = read(copy)
    assert [[one.values[name] for name in kept] for one in again.rows] == [
        [one.values[name] for name in kept] for one in sheet.rows
    ]
    assert workbook.marked("mine.xlsx", sheet, refused, QUESTIONS, ("Decide.",), MADE) == copy
    assert read(workbook.marked("odd\x01\udc80.xlsx", sheet, refused, QUESTIONS, (), MADE)) == again

    corrected = read(filled(copy, lambda row: {"reason": "reason-1"} if row["title"] == "First" else {}))
    assert [one.values["title"] for one in unanswered(corrected).rows] == ["First"], "the others were taken and say the same"
    rethought = read(filled(copy, lambda row: {"decision": "exclude", "reason": "reason-2"} if row["title"] == "Third" else {}))
    assert [one.values["title"] for one in unanswered(rethought).rows] == ["First", "Third"]


def test_the_marked_copy_of_a_plain_table_is_not_locked():
    sheet = read(table([["citation_id", "reviewer", "stage", "decision"], ["c1", "ann", "title_abstract", "perhaps"]]))
    copy = workbook.marked("votes.xlsx", sheet, [Refused(2, "c1", "no such decision", {})], (), (), MADE)
    assert not opened(copy).protection.sheet
    assert read(copy).rows[0].values["decision"] == "perhaps"


def test_a_paper_of_which_one_row_was_changed_is_taken_with_all_its_rows():
    sheet = read(written("First", "Second", columns=(*LEADING, "title", "group"), spare=1, group="1"))
    copy = workbook.marked("mine.xlsx", sheet, [Refused(2, "", "x", {})], (Question("group", "number"),), (), MADE)
    group = {"c1 1": 4}
    back = read(filled(copy, lambda row: {"group": group.get(f"{row['citation_id']} {row['group']}", row["group"])}))
    assert [(one.values["citation_id"], one.values["group"]) for one in unanswered(back).rows] == [
        ("c0", "1"), ("c0", "2"), ("c1", "4"), ("c1", "2")]  # fmt: skip


# --- speed


@pytest.mark.fault(60)
@pytest.mark.soak
def test_ten_thousand_rows_are_written_and_read_in_under_twenty_seconds_each():
    words = "kinship care and the families of children who came back from foster care in four counties "
    many = worklist(*(f"{number} {words * 2}" for number in range(10_000)), abstract=words * 20)
    began = time.perf_counter()
    data = workbook.write(many, MADE)
    written_in, began = time.perf_counter() - began, time.perf_counter()
    sheet = read(data)
    read_in = time.perf_counter() - began
    assert len(sheet.rows) == 10_000
    assert max(written_in, read_in) < 20
