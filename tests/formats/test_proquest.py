import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, proquest
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read, spans

LINE = "_" * 60 + "\n"
HEAD = f"""\
{LINE}
Report Information from ProQuest
June 05 2021 21:33
{LINE}
{LINE}
Table of contents

1. Kites and care

2. Größe

Bibliography

"""
ARTICLE = """\
Document 1 of 2

Kites and care

Author: Doe, Jane 1 ; Roe, Richard 2   1 Univ Kite, Kiteham 2 Univ Wind, Windham

https://www.proquest.com/docview/1548716365?accountid=1

Abstract: Background: We flew.

Methods: They fell.
Subjects: 20 kites.

Links: http://resolver.example/?a=1&amp;b=2

http://resolver.example/?a=1&amp;b=2

Full text: A whole paper.

Title: not this one

Subject: Kites; Wind

Identifier / keyword: Social sciences, Kite flying

Title: Kites and care

Publication title: Kite Letters

Volume: 12

Issue: 3

Pages: 476-481

Publication year: 2021

Publication date: Jun 2021

Publisher: Nobody Ltd

ISSN: 0145-2134

Source type: Scholarly Journals

Language of publication: English

Document type: Journal Article

DOI: http://dx.doi.org/10.1000/KITE.1

ProQuest document ID: 1548716365

Kite colour: red

Document URL: https://www.proquest.com/docview/1548716365?accountid=1

Last updated: 2021-06-05

Database: ASSIA
"""
THESIS = """\
Document 2 of 2

Größe

Author: Roe, R.

Degree date: 2014

Document type: Dissertation/Thesis

ISBN: 9781303940095

ProQuest document ID: 1691074914

University/institution: University of Kites
"""
TAIL = """\

Contact us at: http://www.proquest.com/go/contactsupport

Database copyright © 2021 ProQuest LLC. All rights reserved.
"""
FILE = HEAD + LINE + "\n" + ARTICLE + "\n" + LINE + "\n" + THESIS + "\n" + LINE + TAIL


def test_an_article():
    found = proquest.parse(FILE.encode()).references[0]
    assert (found.type, found.title, found.authors) == ("article", "Kites and care", ("Doe, Jane", "Roe, Richard"))
    assert found.abstract == "Background: We flew. Methods: They fell. Subjects: 20 kites."
    assert (found.journal, found.volume, found.issue, found.pages) == ("Kite Letters", "12", "3", "476-481")
    assert (found.year, found.date, found.doi, found.accession) == (2021, "2021-06", "10.1000/kite.1", "1548716365")
    assert (found.issn, found.language, found.publisher, found.database) == (("0145-2134",), "English", "Nobody Ltd", "ASSIA")
    assert found.keywords == ("Kites", "Wind", "Social sciences", "Kite flying")
    assert found.urls == ("https://www.proquest.com/docview/1548716365?accountid=1",)
    assert {
        ("Kite colour", "red"),
        ("author", "1 Univ Kite, Kiteham 2 Univ Wind, Windham"),
        ("document type", "Journal Article"),
    } <= set(found.other)
    assert [value for tag, value in found.other if tag == "links"] == ["http://resolver.example/?a=1&b=2"]
    assert "full text" not in dict(found.other)
    assert ("title", "not this one") in found.other


def test_a_thesis():
    found = proquest.parse(FILE.encode()).references[1]
    assert (found.type, found.title, found.authors, found.year) == ("thesis", "Größe", ("Roe, R.",), 2014)
    assert (found.publisher, found.isbn, found.journal) == ("University of Kites", ("9781303940095",), None)


@pytest.mark.parametrize(
    ("fields", "kind", "notices"),
    [
        (("Document type: Article", "Source type: Scholarly Journals"), "article", ()),
        (("Document type: News", "Source type: Newspapers"), "article", ()),
        (("Document type: General Information", "Source type: Reports"), "report", ()),
        (("Document type: Retraction", "Source type: Scholarly Journals"), "article", ("retraction-of",)),
        (("Document type: Instructional Material", "Database: ERIC"), "other", ()),
    ],
)
def test_types(fields, kind, notices):
    (found,) = detect.read(
        (LINE + "Kites: a study\n\nAuthor: Doe, J\n\n" + "\n\n".join(fields) + "\n" + LINE).encode()
    ).references
    assert (found.title, found.type, found.notices) == ("Kites: a study", kind, notices)


@pytest.mark.parametrize(
    ("written", "journal"),
    [("Kite Letters; Kiteham", "Kite Letters"), ("Kites; Toys; Wind", "Kites; Toys; Wind"), ("Kite Letters", "Kite Letters")],
)
def test_the_place_of_publication_is_not_part_of_the_journal(written, journal):
    text = f"{'_' * 60}\n\nKites\n\nPublication title: {written}\n\nProQuest document ID: 1\n"
    [found] = proquest.parse(text.encode()).references
    assert found.journal == journal
    assert (("publication title", written) in found.other) == (written != journal)


def test_a_heading_may_look_like_a_field():
    (found,) = proquest.parse(
        (LINE + "Document 1 of 1\n\nLocation: a kite's view\n\nAuthor: Doe, J\n\nSource: Kites\n").encode()
    ).references
    assert (found.title, found.authors, found.other) == ("Location: a kite's view", ("Doe, J",), (("source", "Kites"),))


def test_a_heading_that_differs_from_the_title_is_kept():
    (found,) = proquest.parse((LINE + "Document 1 of 1\n\nKites…\n\nTitle: Kites and care\n").encode()).references
    assert (found.title, found.other) == ("Kites and care", (("heading", "Kites…"),))


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("last", ["", "\n"])
def test_bytes_around_the_records_do_not_matter(newline, encoding, last):
    data = (FILE.rstrip() + last).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.rejected, parsed.warnings) == ("proquest", 2, (), ())
    assert parsed.references[1].title == "Größe"
    first, second = spans(parsed, data)
    assert (first.split()[:2], first.split()[-1]) == (["Document", "1"], "ASSIA")
    assert (second.split()[:2], second.split()[-1]) == (["Document", "2"], "Kites")
    accounted(parsed, data)


@pytest.mark.parametrize(
    ("text", "count", "warnings"),
    [
        (FILE + FILE, 4, 0),
        (FILE.rstrip() + "\n\ufeff" + FILE, 4, 0),
        (LINE + ARTICLE + "\n" + LINE + THESIS, 2, 0),  # neither head nor tail
        (LINE + ARTICLE + "\n" + THESIS, 2, 0),  # a separator lost
        (ARTICLE + "\n" + THESIS, 2, 0),  # all of them
        (LINE + "\n".join(ARTICLE.split("\n")[2:]) + LINE + "\n".join(THESIS.split("\n")[2:]), 2, 0),  # no numbers
        ("Saved by somebody\n\n" + FILE + "\n" + LINE + "the end\n", 2, 2),
        (HEAD + LINE + ARTICLE, 1, 1),  # 1 of 2, and no second
    ],
)
def test_records_are_counted_whatever_is_missing(text, count, warnings):
    parsed = detect.read(text.encode())
    assert (parsed.format, len(parsed.references), parsed.rejected, len(parsed.warnings)) == ("proquest", count, (), warnings)
    accounted(parsed, text.encode())


def test_a_cut_export_says_so():
    parsed = proquest.parse((LINE + THESIS + LINE + ARTICLE).encode())
    said = "the export says that it has 2 documents, 1 of them are in the file"
    assert parsed.warnings == (said, said)


def test_a_document_without_a_field_is_rejected():
    data = (LINE + "Document 1 of 2\n\n" + LINE + THESIS).encode()
    parsed = detect.read(data)
    assert [(piece.line, piece.data) for piece in parsed.rejected] == [(2, b"Document 1 of 2\n")]
    assert len(parsed.references) == 1


def test_a_report_head_without_documents():
    parsed = detect.read(HEAD.encode())
    assert (parsed.format, parsed.starts, parsed.warnings) == ("proquest", 0, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        LINE,
        LINE + "Title: Kites\n" + LINE,
        LINE + "Dear colleague,\nAuthor: me\n" + LINE,
        "Document 1 of 2\n\nsome text\n",
        "ProQuest document ID: 7\n",
        "TY  - JOUR\nAB  - x\nDocument type: a\nDatabase: b\nER  - \n",
    ],
)
def test_other_texts_are_not_taken_for_it(text):
    assert proquest.first(proquest.decode(text.encode())) is None


def _written(papers):
    parts = []
    for number, paper in enumerate(papers, 1):
        values = [
            ("Author", "; ".join(paper.authors)),
            ("Abstract", paper.abstract),
            ("DOI", paper.doi),
            ("Pages", paper.pages),
        ]
        values += [
            ("Document type", "Article"),
            ("ProQuest document ID", number),
            ("Publication year", paper.year),
            ("Title", paper.title),
        ]
        fields = [f"{label}: {value}" for label, value in values if value]
        parts.append("\n\n".join([f"Document {number} of {len(papers)}", paper.title, *fields]) + "\n\n")
    return LINE + LINE.join(parts) + LINE


@given(PAPERS, st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, newline, encoding):
    data = _written(papers).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.warnings) == ("proquest", len(papers), ())
    assert [read(found) for found in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)


LINES = st.sampled_from(
    [
        LINE.strip(),
        "Document 1 of 2",
        "Document 2 of 2",
        "Kites",
        "Title: Kites",
        "Author: Doe; &#0;",
        "Abstract:",
        "Links:",
        "https://a.example",
        "ProQuest document ID: 7",
        "Table of contents",
        "",
        "text",
        "Document type: x",
        "Database: y",
    ]
)


@given(
    st.lists(LINES | st.text(max_size=12), max_size=14).map("\n".join).map(lambda text: text.encode(errors="replace"))
    | st.binary()
)
@settings(max_examples=40, deadline=None)
def test_anything_is_accounted_for(data):
    accounted(proquest.parse(data), data)


@given(st.integers(0, len(FILE.encode())), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_cut_and_flipped_files_are_accounted_for(at, byte):
    data = FILE.encode()
    for changed in (data[:at], data[at:], data[:at] + bytes([byte]) + data[at + 1 :]):
        accounted(proquest.parse(changed), changed)
