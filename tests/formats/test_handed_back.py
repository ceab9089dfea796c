"""Files of other tools, in the shapes that they write: what was decided, by whom, and why."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.formats.handed_back import read, workbook
from tasks.formats.handed_over import file_for
from tasks.formats.marker import NOBODY, Mark, found
from tasks.formats.worklist import NotAWorklist, Worklist

ONE = Mark("c0123456789abcdef", "title_abstract", "r1")
TWO = Mark("cfedcba9876543210", "full_text", "r2")
ARTICLES = ("key", "title", "year", "journal", "authors", "abstract", "notes", "doi", "keywords", "pubmed_id", "pmc_id")
LOG = ("created_at", "user_id", "user_email", "article_id", "key", "value")
COVIDENCE = ("Title", "Authors", "Abstract", "Accession Number", "DOI", "Ref", "Covidence #", "Study", "Notes", "Tags")


def table(columns: Iterable[str], *rows: Mapping[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, tuple(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def said(data: bytes, name: str = "export", *cells: str) -> list[tuple[str, ...]]:
    back = read(data, name)
    assert back is not None
    return [tuple(row.values[cell] for cell in cells or ("citation_id", "reviewer", "stage", "decision")) for row in back.rows]


def ruby(text: str) -> str:
    """A string as Ruby writes it."""
    return json.dumps(text, ensure_ascii=False).replace("#{", "\\#{")


def inclusion(votes: Mapping[str, str], notes: Mapping[str, str] | None = None, reasons: str = "", labels: str = "") -> str:
    parts = ["RAYYAN-INCLUSION: {" + ", ".join(f"{ruby(name)}=>{ruby(vote)}" for name, vote in votes.items()) + "}"]
    parts += [f"RAYYAN-LABELS: {labels}"] if labels else []
    parts += [f"RAYYAN-EXCLUSION-REASONS: {reasons}"] if reasons else []
    parts += (
        ["USER-NOTES: {" + ", ".join(f"{ruby(name)}=>[{ruby(note)}]" for name, note in notes.items()) + "}"] if notes else []
    )
    return " | ".join(parts)


class TestRayyan:
    def test_each_person_has_a_vote_and_reasons_go_to_those_who_excluded(self) -> None:
        note = inclusion(
            {"Ann Ex": "Included", "Bob": "Excluded", "Cy": "Maybe"}, {"Bob": "not | here"}, "wrong population", "rct"
        )
        data = table(ARTICLES, {"key": "rayyan-7", "title": "A title", "keywords": f"x; {ONE}", "notes": note})
        assert said(data) == [
            (ONE.citation_id, "Ann Ex", "title_abstract", "include"),
            (ONE.citation_id, "Bob", "title_abstract", "exclude"),
            (ONE.citation_id, "Cy", "title_abstract", "maybe"),
        ]
        assert said(data, "", "reason", "note") == [
            ("", "labels: rct"), ("wrong population", "not | here; labels: rct"), ("", "labels: rct")
        ]  # fmt: skip

    def test_ris(self) -> None:
        note = inclusion({"Ann": "Excluded"})
        data = f"TY  - JOUR\nTI  - A title\nAN  - rayyan-7\nKW  - {ONE}\nN1  - {note}\nER  - \n".encode()
        assert said(data) == [(ONE.citation_id, "Ann", "title_abstract", "exclude")]

    @given(st.text(max_size=60), st.sampled_from(["Included", "Excluded", "Maybe"]))
    def test_no_note_is_lost_whatever_is_in_it(self, words: str, vote: str) -> None:
        plain = " ".join(words.replace("\x00", "").split())
        note = inclusion({"Ann": vote, "Bob": "Maybe"}, {"Ann": plain}) if plain else inclusion({"Ann": vote, "Bob": "Maybe"})
        data = table(ARTICLES, {"key": "rayyan-7", "title": "T", "keywords": str(ONE), "notes": note})
        assert [row[0] for row in said(data, "", "note")] == [plain, ""]
        assert len(said(data)) == 2

    def test_the_log_has_the_last_decision_and_each_persons_own_reasons(self) -> None:
        articles = table(ARTICLES, {"key": "rayyan-7", "title": "A title", "keywords": str(TWO)})
        events = [
            ("2026-01-02 10:00:00", "ann@x.example", "included", "1"),
            ("2026-01-03 10:00:00", "ann@x.example", "included", "-1"),
            ("2026-01-03 10:00:01", "ann@x.example", '"__EXR__design"', "1"),
            ("2026-01-03 10:00:02", "bob@x.example", "included", "0"),
            ("2026-01-03 10:00:03", "bob@x.example", "__EXR__topic", "1"),
            ("2026-01-03 10:00:04", "bob@x.example", "__EXR__topic", "-1"),
            ("2026-01-03 10:00:05", "cy@x.example", "included", "1"),
            ("2026-01-03 10:00:06", "cy@x.example", "included", "deleted"),
        ]
        rows = [
            dict(zip(("created_at", "user_email", "key", "value"), one, strict=True)) | {"article_id": "7"} for one in events
        ]
        data = packed(articles__csv=articles, customizations_log__csv=table(LOG, *reversed(rows)))
        assert said(data, "", "reviewer", "stage", "decision", "reason", "decided_on") == [
            ("ann@x.example", "full_text", "exclude", "design", "2026-01-03"),
            ("bob@x.example", "full_text", "maybe", "", "2026-01-03"),
            ("cy@x.example", "full_text", "", "", "2026-01-03"),
        ]


class TestCovidence:
    @pytest.mark.parametrize(
        ("name", "stage", "decision"),
        [
            ("review_1_irrelevant_csv_20260101.csv", "title_abstract", "exclude"), ("Select.csv", "title_abstract", "include"),
            ("my excluded list.csv", "full_text", "exclude"), ("review_1_included_csv.csv", "full_text", "include"),
        ],
    )  # fmt: skip
    def test_the_name_says_the_list_and_nobody_is_a_voter(self, name: str, stage: str, decision: str) -> None:
        data = table(COVIDENCE, {"Title": "T", "Covidence #": "#12", "Notes": f"{ONE}; Exclusion reason: Wrong design"})
        assert said(data, name, "citation_id", "reviewer", "stage", "decision", "voters") == [
            (ONE.citation_id, "", stage, decision, "unknown")
        ]
        reason = "Wrong design" if decision == "exclude" else ""
        assert said(data, name, "reason") == [(reason,)]

    def test_ris(self) -> None:
        data = f"TY  - JOUR\r\nTI  - T\r\nN1  - Exclusion reason: Wrong design\r\nAN  - {TWO}\r\nER  - \r\n".encode()
        assert said(data, "excluded.ris", "citation_id", "decision", "reason") == [(TWO.citation_id, "exclude", "Wrong design")]

    @pytest.mark.parametrize("name", ["export.csv", "included_excluded.csv"])
    def test_a_name_that_does_not_say_which_list_is_refused_with_the_words_to_use(self, name: str) -> None:
        with pytest.raises(NotAWorklist, match=r"irrelevant \(title abstract: exclude\)"):
            read(table(COVIDENCE, {"Covidence #": "#1"}), name)


class TestEppiReviewer:
    def test_all_coding_has_the_votes_of_each_person(self) -> None:
        attributes = [
            {"attId": 1, "attName": "EXCLUDE on study design", "fullPath": "Screen on Title & Abstract"},
            {"attId": 2, "attName": "Include for second opinion", "fullPath": "Screen on Full Text"},
            {"attId": 3, "attName": "Country", "fullPath": "Data"},
        ]
        codings = [
            {"key": 1, "value": [{"contactName": "Ann", "infoBox": "no data"}, {"contactName": "Bob"}]},
            {"key": 2, "value": [{"contactName": "Bob"}]},
            {"key": 3, "value": [{"contactName": "Bob"}]},
        ]
        item = {"itemId": 9, "title": "T", "shortTitle": "S", "codingsList": codings}
        data = json.dumps({"attributes": attributes, "items": [item]}).encode()
        assert said(data, "", "title", "reviewer", "stage", "decision", "reason", "note") == [
            ("T", "Ann", "title_abstract", "exclude", "study design", "no data"),
            ("T", "Bob", "title_abstract", "exclude", "study design", ""),
            ("T", "Bob", "full_text", "include", "", ""),
        ]

    def test_a_coding_report_has_decisions_without_voters(self) -> None:
        leaf = {"AttributeId": 5, "AttributeName": "Exclude on topic", "AttributeType": "Exclude"}
        top = {"AttributeId": 4, "AttributeName": "Full text", "Attributes": {"AttributesList": [leaf]}}
        code_set = {"SetName": "Screening", "Attributes": {"AttributesList": [top]}}
        reference = {
            "ItemId": 1,
            "Title": "T",
            "Keywords": str(TWO),
            "Codes": [{"AttributeId": 5, "AdditionalText": "see p. 3"}],
        }
        data = json.dumps({"CodeSets": [code_set], "References": [reference]}).encode()
        assert said(data, "", "citation_id", "reviewer", "stage", "decision", "reason", "note", "voters") == [
            (TWO.citation_id, "", "full_text", "exclude", "topic", "see p. 3", "unknown")
        ]

    def test_a_file_that_is_cut_short_is_refused(self) -> None:
        with pytest.raises(NotAWorklist, match="cut short or damaged"):
            read(b'{"References": [', "x.json")


class TestAsreview:
    def test_a_workbook_says_the_same_as_the_csv(self) -> None:
        names = ("title", "keywords", "asreview_label", "asreview_time", "asreview_note", "asreview_user_name")
        lines = [
            ("T, quoted", f"care; {ONE}", 1, 1767312000.5, "=note\n“two”", "Ann"),
            ("U", str(TWO), 0.0, None, None, "Ann"),
            ("V", "unseen", None, None, None, None),
        ]
        book = openpyxl.Workbook()
        book.active.append(names)
        for line in lines:
            book.active.append(line)
        for cell in book.active["E"]:
            cell.data_type = "s" if cell.value else cell.data_type
        data = io.BytesIO()
        book.save(data)
        out = io.StringIO(newline="")
        csv.writer(out).writerows([names, *lines])
        assert workbook(data.getvalue()) == read(out.getvalue().encode(), "export.csv")
        assert [row.values["decision"] for row in workbook(data.getvalue()).rows] == ["include", "exclude"]

    def test_a_table_has_one_vote_of_who_labelled_or_else_of_whom_it_was_sent_to(self) -> None:
        columns = (
            "title",
            "keywords",
            "asreview_label",
            "asreview_time",
            "asreview_note",
            "asreview_user_email",
            "asreview_tag_a_b",
        )
        data = table(
            columns,
            {"title": "T", "keywords": str(ONE), "asreview_label": "1", "asreview_time": "1767312000.5", "asreview_note": "n"},
            {"title": "U", "keywords": str(TWO), "asreview_label": "0.0", "asreview_user_email": "b@x.example"}
            | {"asreview_tag_a_b": "1"},
            {"title": "V", "keywords": str(TWO)},
        )  # fmt: skip
        assert said(data, "", "reviewer", "decision", "note", "decided_on") == [
            ("r1", "include", "n", "2026-01-02"), ("b@x.example", "exclude", "tags: a_b", "")
        ]  # fmt: skip

    def test_ris(self) -> None:
        notes = 'N1  - ASReview_irrelevant\nN1  - asreview_note: "mine"'
        data = f"TY  - JOUR\nTI  - T\nKW  - {ONE}\n{notes}\nER  - \nTY  - JOUR\nTI  - U\nN1  - ASReview_not_seen\nER  - \n"
        assert said(data.encode(), "", "citation_id", "reviewer", "decision", "note") == [
            (ONE.citation_id, "r1", "exclude", "mine")
        ]

    def test_a_project(self, tmp_path: Path) -> None:
        path = tmp_path / "results.db"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE record (record_id, title, keywords, doi, url)")
            database.execute("CREATE TABLE results (record_id, label, time, note, tags)")
            database.execute(
                "INSERT INTO record VALUES (0, 'T', ?, NULL, NULL), (1, 'U', '[]', NULL, NULL)", (json.dumps([str(ONE)]),)
            )
            database.execute("INSERT INTO results VALUES (0, 1, 1767312000.0, 'a note', NULL), (1, NULL, NULL, NULL, NULL)")
        database.close()
        data = packed(project__json=b"{}", results__db=path.read_bytes())
        assert said(data, "", "citation_id", "reviewer", "decision", "note", "decided_on") == [
            (ONE.citation_id, "r1", "include", "a note", "2026-01-02")
        ]

    @pytest.mark.parametrize("database", [b"no database", b""])
    def test_a_project_that_cannot_be_read_is_refused(self, database: bytes) -> None:
        with pytest.raises(NotAWorklist, match="project"):
            read(packed(project__json=b"{}", results__db=database), "p.asreview")


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_what_is_handed_over_keeps_the_mark_of_each_paper_whatever_its_title(titles: list[str]) -> None:
    rows = tuple(
        {"citation_id": f"c{number:016x}", "title": title, "authors": "A, B; C"} for number, title in enumerate(titles)
    )
    one = Worklist("title_abstract-r1-20260101", "title_abstract", "r1", (), rows)
    for tool in ("rayyan", "asreview"):
        name, data = file_for(tool, one)
        assert name == f"{one.id}.{tool}.{'ris' if tool == 'rayyan' else 'csv'}"
        text = data.decode()
        cells = csv.reader(io.StringIO(text, newline=""))
        parts = text.split("ER  - ")[:-1] if tool == "rayyan" else [" ".join(row) for row in list(cells)[1:]]
        marks = [found(part) for part in parts]
        assert marks == [Mark(row["citation_id"], "title_abstract", "r1") for row in rows]
        assert NOBODY not in marks


def test_our_own_files_are_of_no_other_tool() -> None:
    for data in (b"citation_id,reviewer,stage,decision\nc1,r1,title_abstract,include\n", b"PK\x03\x04", b"", b"\xff\xfe"):
        assert read(data, "included.csv") is None
