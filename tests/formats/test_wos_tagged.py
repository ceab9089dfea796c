import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, wos_tagged
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read, spans

HEAD = "FN Clarivate Analytics Web of Science\nVR 1.0\n"
ARTICLE = """\
PT J
AU Doe, J
   Roe, RR
AF Doe, Jane
   Roe, Richard R.
CA Kite Group; Wind Group
TI Kites and the wellbeing of
   invented children
SO KITE LETTERS
LA English
DT Article; Retracted Publication
DE kites; wind
   power
ID CHILDREN; KITES
AB Background
   We flew UK
   kites.
C1 [Doe, Jane] Univ Kite, Kiteham, England.
   [Roe, Richard R.] Univ Wind, Windham, England.
CR Poe E, 1999, KITE LETT, V1, P1
   Moe M, 2000, KITE LETT, V2, P2
NR 2
TC 14
Z9 15
U1 0
U2 3
PU NOBODY LTD
SN 0145-2134
EI 1873-775X
J9 KITE LETT
PD MAR 20
PY 2018
VL 12
IS 1
BP 476
EP 81
AR e0006219
DI 10.1000/KITE.0006219
UT WOS:000424022700066
PM 29377890
DA 2020-11-06
ER
"""
CHAPTER = """\
PT S
AU Öz, C
BE Poe, E
   Moe, M
TI Größe
SO KITES OF THE WORLD
SE Toy Studies
DT Article; Book Chapter
BN 978-0-415-30980-8
D2 10.1000/book
PY 2009
PD WIN
UT WOS:000000000000001
ER
"""
FILE = HEAD + ARTICLE + "\n" + CHAPTER + "\nEF\n"


def test_an_article():
    found = wos_tagged.parse(FILE.encode()).references[0]
    assert (found.type, found.title) == ("article", "Kites and the wellbeing of invented children")
    assert found.authors == ("Doe, Jane", "Roe, Richard R.", "Kite Group", "Wind Group")
    assert (found.year, found.date, found.journal, found.volume, found.issue) == (2018, "2018-03-20", "KITE LETTERS", "12", "1")
    assert (found.pages, found.doi, found.pmid) == ("476-481", "10.1000/kite.0006219", "29377890")
    assert (found.accession, found.database) == ("WOS:000424022700066", "Web of Science")
    assert found.abstract == "Background We flew UK kites."
    assert found.keywords == ("kites", "wind power", "CHILDREN", "KITES")
    assert (found.issn, found.language, found.publisher) == (("0145-2134", "1873-775X"), "English", "NOBODY LTD")
    assert found.notices == ("retracted",)
    tags = [tag for tag, _ in found.other]
    assert tags.count("C1") == tags.count("CR") == 2
    assert ("AR", "e0006219") in found.other
    assert not {"TC", "Z9", "U1", "U2", "DA", "PT", "AU"} & set(tags)


def test_a_chapter_of_a_series():
    found = wos_tagged.parse(FILE.encode()).references[1]
    assert (found.type, found.title, found.journal, found.isbn) == (
        "chapter",
        "Größe",
        "KITES OF THE WORLD",
        ("9780415309808",),
    )
    assert (found.doi, found.year, found.date) == (None, 2009, "2009")  # the DOI of the book is not the chapter's
    assert {("D2", "10.1000/book"), ("PD", "WIN"), ("BE", "Poe, E"), ("BE", "Moe, M"), ("PT", "S")} <= set(found.other)


@pytest.mark.parametrize(
    ("letter", "types", "kind"),
    [
        ("J", "Article; Proceedings Paper", "article"), ("J", "Meeting Abstract", "article"), ("J", "Data Study", "dataset"),
        ("B", "Book", "book"), ("B", None, "book"), ("B", "Article", "chapter"), ("S", "Proceedings Paper", "conference"),
        ("C", None, "conference"), ("S", "Review", "chapter"), ("P", "Patent", "other"), (None, "Dissertation", "thesis"),
        ("J", "Correction", "article"), (None, None, None),
    ],
)  # fmt: skip
def test_types(letter, types, kind):
    lines = [f"PT {letter}" if letter else "PT", "TI Kites", *([f"DT {types}"] if types else []), "ER"]
    (found,) = wos_tagged.parse("\n".join(lines).encode()).references
    assert found.type == kind
    assert found.notices == (("correction-of",) if types == "Correction" else ())


def test_a_whole_book_is_not_its_own_source():
    record = "PT B\nBA Doe, J\nBF Doe, Jane\nTI Kites\nSO KITES\nSE Toys\nDT Book\nD2 10.1000/book\nPY 2001\nER\n"
    (found,) = wos_tagged.parse(record.encode()).references
    assert (found.type, found.authors, found.journal, found.doi) == ("book", ("Doe, Jane",), "Toys", "10.1000/book")


def test_short_names_are_taken_where_not_all_have_full_ones():
    (found,) = wos_tagged.parse(b"PT J\nAU Doe, J\n   Roe, R\nAF Doe, Jane\nTI Kites\nER\n").references
    assert (found.authors, found.other) == (("Doe, J", "Roe, R"), (("AF", "Doe, Jane"),))


def test_numbers_of_other_databases():
    (found,) = wos_tagged.parse(b"PT J\nTI Kites\nAR 034214\nEA JAN 2021\nUT MEDLINE:12345678\nER\n").references
    assert (found.pmid, found.database, found.pages) == ("12345678", "MEDLINE", "034214")
    assert (found.year, found.date) == (2021, "2021-01")  # early access where there is no other date


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("last", ["", "\n"])
def test_bytes_around_the_records_do_not_matter(newline, encoding, last):
    data = (FILE.rstrip() + last).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.rejected, parsed.warnings) == ("wos", 2, (), ())
    assert [found.title for found in parsed.references][1] == "Größe"
    first, second = spans(parsed, data)
    assert (first.split()[:2], first.split()[-1]) == (["PT", "J"], "ER")
    assert (second.split()[:2], second.split()[-1]) == (["PT", "S"], "ER")
    accounted(parsed, data)


@pytest.mark.parametrize(
    ("text", "titles", "warnings"),
    [
        (ARTICLE, 1, 0),  # no head
        (HEAD + ARTICLE.removesuffix("ER\n"), 1, 1),  # cut before its end
        (HEAD + ARTICLE.removesuffix("ER\n") + CHAPTER + "EF", 2, 1),  # a missing end in the middle
        (FILE + FILE, 4, 0),  # cat
        (FILE + "\ufeff" + FILE, 4, 0),
        (FILE.removesuffix("EF\n") + FILE, 4, 0),
        (HEAD + ARTICLE.removesuffix("ER\n") + "EF\n" + FILE, 3, 1),
        ("Saved by somebody\n\n" + FILE + "\nthe end\n", 2, 2),
        (HEAD + ARTICLE.removeprefix("PT J\n") + CHAPTER, 2, 0),  # PT lost: still a record
    ],
)
def test_records_are_counted_whatever_is_missing(text, titles, warnings):
    parsed = detect.read(text.encode())
    assert (parsed.format, len(parsed.references), parsed.rejected, len(parsed.warnings)) == ("wos", titles, (), warnings)
    accounted(parsed, text.encode())


def test_a_record_of_a_type_only_is_rejected_with_its_bytes():
    data = (HEAD + "PT J\nER\n\nPT J\nTC 4\nER\n" + CHAPTER).encode()
    parsed = wos_tagged.parse(data)
    assert [(piece.line, piece.data) for piece in parsed.rejected] == [(3, b"PT J\nER\n"), (6, b"PT J\nTC 4\nER\n")]
    assert [found.title for found in parsed.references] == ["Größe"]


@pytest.mark.parametrize("data", [HEAD.encode(), (HEAD + "\nEF").encode()])
def test_a_head_without_records(data):
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.warnings) == ("wos", 0, ())


def test_lines_that_only_look_like_ends_and_starts():
    text = "PT J\nTI Kites\nAB We flew\nER positive kites\nPT is physical therapy\n   EF\nUT WOS:1\nER\n"
    (found,) = wos_tagged.parse(text.encode()).references
    assert found.accession == "WOS:1"
    assert {("ER", "positive kites"), ("PT", "is physical therapy EF")} <= set(found.other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FN is a family name\n",
        "FN\nVR\n",
        "PT J\n",
        "PT J\nsome text\nAU Doe\n",
        "TY  - JOUR\nTI  - PT J\nER  - \n",
        "PT,AU\nJ,Doe\n",
        "PMID- 1\nPT  - Journal Article\nTI  - Kites\n",
        "RT Journal Article\nSR 1\nA1 Doe, J\nT1 Kites\n",
        "PT J\tAU\nJ\tDoe\n",
    ],
)
def test_other_texts_are_not_taken_for_it(text):
    assert wos_tagged.first(wos_tagged.decode(text.encode())) is None


def _written(papers):
    lines = ["FN Nobody", "VR 1.0"]
    for number, paper in enumerate(papers):
        values = [("PT", ["J"]), ("AU", list(paper.authors)), ("TI", textwrap.wrap(paper.title, 30)), ("PY", [str(paper.year)])]
        values += [("AB", textwrap.wrap(paper.abstract or "", 40)), ("DI", [paper.doi]), ("UT", [f"WOS:{number}"])]
        start, _, end = (paper.pages or "").partition("-")
        values += [("BP", [start]), ("EP", [end])]
        for tag, parts in values:
            if parts and parts[0]:
                lines += [f"{tag} {parts[0]}", *(f"   {part}" for part in parts[1:])]
        lines += ["ER", ""]
    return "\n".join([*lines, "EF"])


@given(PAPERS, st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, newline, encoding):
    data = _written(papers).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("wos", len(papers))
    assert [read(found) for found in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)


LINES = st.sampled_from(
    [
        "FN Nobody",
        "VR 1.0",
        "PT J",
        "PT",
        "AU Doe, J",
        "   Roe, R",
        "TI &#0;",
        "ER",
        "ER ",
        "EF",
        "",
        "  ",
        "text",
        "\ufeffPT J",
        "PY 20",
    ]
)


@given(
    st.lists(LINES | st.text(max_size=12), max_size=14).map("\n".join).map(lambda text: text.encode(errors="replace"))
    | st.binary()
)
@settings(max_examples=40, deadline=None)
def test_anything_is_accounted_for(data):
    accounted(wos_tagged.parse(data), data)


@given(st.integers(0, len(FILE.encode())), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_cut_and_flipped_files_are_accounted_for(at, byte):
    data = FILE.encode()
    for changed in (data[:at], data[at:], data[:at] + bytes([byte]) + data[at + 1 :]):
        accounted(wos_tagged.parse(changed), changed)
