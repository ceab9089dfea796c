"""What is sent comes back as it was, whatever a spreadsheet program does to the file in between."""

import csv
import io

import pytest

from tasks.formats.worklist import (
    ENTRY,
    EXTRA,
    LEADING,
    REFERENCE,
    NotAWorklist,
    Refused,
    Worklist,
    check,
    fits,
    marked,
    read,
    row,
    write,
)  # fmt: skip

COLUMNS = (*LEADING, *REFERENCE, *ENTRY["title_abstract"])
TITLES = [
    "Plain title",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1", "-1", "@SUM(A1)", "\tcell", "\rcell", "\n=1", "＝1",
    "'=already quoted", "''-twice", "'tis no formula",
    "Commas, \"quotes\"; semicolons\tand tabs",
    "Two\nlines",
    "مراجعة منهجية للأدلة", "סקירת היקף", "Child–parent “bond”: β = .3",
]  # fmt: skip


def _worklist(*titles, **cells):
    rows = tuple(
        row(
            "ta-ann-20240301",
            "title_abstract",
            "ann",
            {"citation_id": f"c{number}", "title": title, "authors": ["Doe, J", "Roe, R"]},
        )
        | cells
        for number, title in enumerate(titles)
    )
    return Worklist("ta-ann-20240301", "title_abstract", "ann", COLUMNS, rows)


def _resaved(data, *, delimiter=",", encoding="utf-8-sig", newline="\r\n", quoting=csv.QUOTE_MINIMAL):
    """The same cells as another program writes them."""
    buffer = io.StringIO(newline="")
    cells = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(cells)
    return buffer.getvalue().encode(encoding, "replace")


@pytest.mark.fault(54)
@pytest.mark.parametrize("title", TITLES)
def test_round_trip(title):
    sheet = read(write(_worklist(title, decision="include", note=title)))
    assert sheet.columns == COLUMNS
    (back,) = sheet.rows
    assert back.line == 2
    assert back.values["title"] == back.values["note"] == title.strip()
    assert back.values["authors"] == "Doe, J; Roe, R"
    assert back.values["decision"] == "include"
    assert fits(back.values, "")


def test_bytes_are_what_spreadsheet_programs_expect():
    data = write(_worklist("Title"))
    assert data.startswith(b'\xef\xbb\xbf"worklist_id","task"')
    assert data.count(b"\r\n") == 2
    assert data.endswith(b"\r\n")


@pytest.mark.fault(54)
@pytest.mark.parametrize("title", TITLES[1:9])
def test_no_cell_is_a_formula(title):
    data = write(_worklist(title, note=title)) + marked([Refused(2, "c1", title, {"note": title})], ("note",))
    cells = [cell for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_files_as_programs_save_them_again(delimiter, encoding, newline):
    worklist = _worklist("Café, “quoted”; one\nmore", "Second", note="naïve")
    sheet = read(_resaved(write(worklist), delimiter=delimiter, encoding=encoding, newline=newline))
    assert sheet.columns == COLUMNS
    assert [(one.line, one.values["note"]) for one in sheet.rows] == [(2, "naïve"), (3, "naïve")]
    assert all(fits(one.values, "") for one in sheet.rows)


@pytest.mark.parametrize("title", [title for title in TITLES if title.encode("cp1252", "replace").decode("cp1252") != title])
def test_letters_that_a_code_page_lacks_do_not_break_the_check(title):
    (back,) = read(_resaved(write(_worklist(title)), encoding="cp1252")).rows
    assert "?" in back.values["title"]
    assert fits(back.values, title)
    assert not fits(back.values, "Another title")


def test_a_file_saved_on_an_old_mac_is_still_known():
    (back,) = read(_resaved(write(_worklist("Ågren, café")), encoding="mac_roman")).rows
    assert "\ufffd" in back.values["title"]
    assert fits(back.values, "Ågren, café")


def test_an_altered_or_moved_row_does_not_fit():
    first, second = read(write(_worklist("First", "مراجعة"))).rows
    for moved in ({"title": second.values["title"]}, {"citation_id": "c1"}, {"worklist_id": "other"}, {"check": ""}):
        assert not fits(first.values | moved, "First")
    assert not fits(second.values | {"title": "منهجية"}, "مراجعة")  # its letters are all there, so no code page lost them


def test_check_is_the_start_of_the_hash_and_survives_new_line_ends():
    assert check("w", "c", "A title") == check("w", "c", " A\r\n title") != check("w", "cA", " title")
    assert len(check("w", "c", "A title")) == 12


def test_check_is_never_a_number_that_a_program_would_rewrite():
    with_number = [check("w", f"c{number}", "") for number in range(3000)]
    assert not [one for one in with_number if one.replace("e", "").isdigit()]


def test_blank_rows_are_skipped_and_lines_counted_as_a_person_sees_them():
    data = b'\xef\xbb\xbf\r\ncitation_id,note\r\nc1,"two\r\nlines"\r\n,\r\n , \r\nc2,x\r\n\r\n'
    assert [(one.line, one.values["citation_id"]) for one in read(data).rows] == [(3, "c1"), (6, "c2")]


def test_a_separator_hint_capitals_and_trailing_columns():
    sheet = read(b"sep=;\nCitation_ID; Note ;;\nc1;x\nc2;y;;\n")
    assert sheet.columns == ("citation_id", "note")
    assert [one.values for one in sheet.rows] == [{"citation_id": "c1", "note": "x"}, {"citation_id": "c2", "note": "y"}]


def test_short_rows_are_filled_and_cells_beyond_the_header_kept():
    short, long = read(b"record_id,decision,note\nr1,include\nr2,exclude,one,two,three\n").rows
    assert short.values == {"record_id": "r1", "decision": "include", "note": ""}
    assert long.values[EXTRA] == "two,three"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"title,decision\nx,include\n", "no column citation_id or record_id in the first row .title, decision."),
        (b"citation_id,note,note\nc1,a,b\n", "column note stands there twice"),
        (b'citation_id,note\nc1,"never closed\nc2,x\nc3,y\n', "cannot be read as CSV"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "no column citation_id"),
    ],
)
def test_what_is_no_worklist_says_why(data, says):
    with pytest.raises(NotAWorklist, match=says):
        read(data)


def test_marked_rows_carry_the_reason_first_and_can_be_returned():
    (back,) = read(write(_worklist("=1", note="-x"))).rows
    refused = Refused(back.line, "c0", "decision 'yes' is not one of …", back.values)
    again = read(marked([refused], ("refused_because", *COLUMNS)))
    assert again.columns == ("refused_because", *COLUMNS)
    assert again.rows[0].values == {"refused_because": refused.reason} | back.values


def test_cells_longer_than_a_spreadsheet_cell_are_cut_and_marked():
    shown = row("w", "coding", "ann", {"citation_id": "c1", "title": "T", "abstract": "x" * 40_000, "year": 2020})
    assert len(shown["abstract"]) < 32_767
    assert shown["abstract"].endswith("[…]")
    assert (shown["year"], shown["journal"], shown["authors"]) == ("2020", "", "")
