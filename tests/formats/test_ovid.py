import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, ovid
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read, spans

PSYCINFO = """\
<1. >
VN  - Ovid Technologies
DB  - APA PsycInfo
AN  - Peer Reviewed Journal: 2015-33942-012.
TI  - Kites and the wellbeing of invented children. [References].

DP  - Sep 2015
YR  - 2015
LG  - English
AU  - Doe, Jane A
AU  - Roe, Richard
IN  - Doe, Jane A.: Univ Kite, Kiteham, England

      Roe, Richard: Univ Wind, Windham, England
SO  - Kite Letters. Vol.43(5), Sep 2015, pp. 623-634.
IS  - 0145-2134
IT  - 1873-775X
PU  - Nobody Ltd; United Kingdom
PT  - Journal
PT  - Peer Reviewed Journal
DT  - Journal Article
AB  - Background: We flew.
Method(s): They flew.
UK - based teams fell.
DO  - http://dx.doi.org/10.1000/KITE.1
PM  - 24892981
ID  - kites, wind power
MH  - *Kites
MH  - Wind
RF  - Poe, E. (1999). Kites.

      Moe, M. (2000). More kites.
UP  - 20150810 (PsycINFO)
JN  - Kite Letters
VO  - 43
IP  - 5
PG  - 623-634
XL  - http://ovid.example/?AN=2015-33942-012
"""
EMBASE = """\
<2. >
VN  - Ovid Technologies
DB  - Embase
UI  - 621381829
TI  - Größe.
SO  - Kite Proceedings. Conference: 2nd Kite Conference. Spain. 12 (Supplement 3) (pp 7-14), 2018. Date of Publication: 2018.
AU  - Behan L.
AU  - Rubbo B.
PB  - Nobody Ltd.
MH  - *kite
OD  - kite
PT  - Conference Abstract
RO  - Record Owner
"""
FILE = PSYCINFO + "\n" + EMBASE + "\n\n"
LABELLED = """\
<1>
Unique Identifier
  12345678
Database
  Ovid MEDLINE(R)
Title
  Kites and the wellbeing of
  invented children.[Review]
Source
  Kite Letters. 12(3):1-10, 2001 Jan 5.
Authors
  Doe JA; Roe R
Authors Full Name
  Doe, Jane A
  Roe, Richard
Institution
  (1)Univ Kite, Kiteham
  (2)Univ Wind, Windham
MeSH Subject Headings
  *Kites
  Wind
Abstract
  We flew.
  They fell.
Kite Colour
  Red
Publication Type
  Journal Article
  Retracted Publication
ISSN Print
  0145-2134
Link to the Ovid Full Text or citation
 http://ovid.example/?AN=12345678

<2>
Accession Number
  00005131-900000000-99049.
Author
  Verbeek, Jan MD *;  van Vugt, Arie MD, PhD +;  Holstiege, Jakob 1
Title
  Größe.[Article]
Source
  Journal of Kites.
DOI Number
  10.1000/BOT.1
"""


def one(*lines):
    (found,) = ovid.parse("\n".join(("<1. >", "VN  - Ovid Technologies", *lines)).encode()).references
    return found


def test_psycinfo():
    found = ovid.parse(FILE.encode()).references[0]
    assert (found.type, found.title) == ("article", "Kites and the wellbeing of invented children.")
    assert (found.authors, found.year, found.date) == (("Doe, Jane A", "Roe, Richard"), 2015, "2015-09")
    assert (found.journal, found.volume, found.issue, found.pages) == ("Kite Letters", "43", "5", "623-634")
    assert (found.doi, found.pmid, found.accession) == ("10.1000/kite.1", "24892981", "2015-33942-012")
    assert (found.issn, found.language, found.database) == (("0145-2134", "1873-775X"), "English", "APA PsycInfo")
    assert found.abstract == "Background: We flew. Method(s): They flew. UK - based teams fell."
    assert found.keywords == ("*Kites", "Wind", "kites", "wind power")
    assert found.urls == ("http://ovid.example/?AN=2015-33942-012",)
    other = found.other
    assert {("TI", "[References]"), ("RF", "Poe, E. (1999). Kites."), ("RF", "Moe, M. (2000). More kites.")} <= set(other)
    assert [value for tag, value in other if tag == "IN"][1] == "Roe, Richard: Univ Wind, Windham, England"
    assert "VN" not in dict(other)


def test_embase_has_all_but_the_title_in_its_citation():
    found = ovid.parse(FILE.encode()).references[1]
    assert (found.type, found.title, found.authors) == ("conference", "Größe.", ("Behan L.", "Rubbo B."))
    assert (found.journal, found.volume, found.issue, found.pages) == ("Kite Proceedings", "12", "Supplement 3", "7-14")
    assert (found.year, found.accession, found.pmid, found.keywords) == (2018, "621381829", None, ("*kite", "kite"))
    assert ("RO", "Record Owner") in found.other


def test_labels_in_full():
    parsed = detect.read(LABELLED.encode())
    assert (parsed.format, parsed.starts, parsed.warnings) == ("ovid", 2, ())
    first, second = parsed.references
    assert (first.title, first.abstract) == ("Kites and the wellbeing of invented children.", "We flew. They fell.")
    assert first.authors == ("Doe, Jane A", "Roe, Richard")
    assert (first.journal, first.volume, first.issue, first.pages) == ("Kite Letters", "12", "3", "1-10")
    assert (first.year, first.date, first.accession, first.pmid) == (2001, "2001-01-05", "12345678", "12345678")
    assert (first.keywords, first.issn, first.type) == (("*Kites", "Wind"), ("0145-2134",), "article")
    assert (first.notices, first.urls) == (("retracted",), ("http://ovid.example/?AN=12345678",))
    assert {("Kite Colour", "Red"), ("IN", "(2)Univ Wind, Windham")} <= set(first.other)
    assert second.authors == ("Verbeek, Jan", "van Vugt, Arie", "Holstiege, Jakob")
    assert (second.title, second.journal, second.doi) == ("Größe.", "Journal of Kites", "10.1000/bot.1")
    assert (second.accession, second.year) == ("00005131-900000000-99049", None)
    accounted(parsed, LABELLED.encode())


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("AHMED, Mughees.", "AHMED, Mughees"),
        ("Zhang, Weijia 1,2,+", "Zhang, Weijia"),
        ("Doe, MD", "Doe, MD"),
        ("Doe, Jane MS", "Doe, Jane MS"),
        ("Doe, Jane, MS", "Doe, Jane"),
        ("Werner, S. M. [Author, Reprint Author; E-mail: a@example.org]", "Werner, S. M."),
        ("Peterson, James A. Ph.D., FACSM", "Peterson, James A."),
        ("King, Martin Jr.", "King, Martin Jr."),
        ("Behan L.", "Behan L."),
    ],
)
def test_names_without_degrees_roles_and_marks(value, name):
    assert one(f"AU  - {value}").authors == (name,)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Kite Letters January/February 2010;14(1):56", ("Kite Letters", "14", "1", "56", 2010)),
        ("Kite Letters 12, Winter 2007: 7-14.", ("Kite Letters", "12", None, "7-14", 2007)),
        ("Kite Letters, 2013(1): 3-28.", ("Kite Letters", "2013", "1", "3-28", None)),
        ("Kites & Care. 201(2-3):327-34, November 15, 2004.", ("Kites & Care", "201", "2-3", "327-334", 2004)),
        (
            "Kites. 389 (10069) (pp 123-130), 2017. Date of Publication: 01 Jan 2017.",
            ("Kites", "389", "10069", "123-130", 2017),
        ),
        (
            "Kite Abstracts International. Vol.75(2-A(E)),2014, pp. No Pagination Specified.",
            ("Kite Abstracts International", "75", "2-A(E)", None, 2014),
        ),
        ("Kite Letters. ", ("Kite Letters", None, None, None, None)),
        ("x" * 700, (None, None, None, None, None)),
    ],
)
def test_citations(source, expected):
    found = one(f"SO  - {source}")
    assert (found.journal, found.volume, found.issue, found.pages, found.year) == expected
    assert ("SO", source.strip()) in found.other


def test_citations_of_chapters():
    source = "Poe, E [Ed]; Moe, M [Ed]. (2012). Kites and care: A reader. (pp. 11-31). xvii, 254 pp. London: Nobody."
    found = one("PT  - Book", "PT  - Edited Book", "DT  - Chapter", f"SO  - {source}")
    assert (found.type, found.journal, found.pages, found.year) == ("chapter", "Kites and care: A reader", "11-31", 2012)
    found = one("PT  - Book Chapter", "SO  - Poe, E. [Editor], Moe, M. [Editor]. Kites and care.:371-397, 2004.")
    assert (found.journal, found.pages) == ("Kites and care", "371-397")


@pytest.mark.parametrize(
    "change", [str, lambda text: text.replace("  - ", " - "), lambda text: " " + text.replace("\n", "\n ")]
)
@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("last", ["", "\n"])
def test_bytes_around_the_records_do_not_matter(change, newline, encoding, last):
    data = change(FILE.replace("UK - based", "Most").rstrip() + last).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.rejected, parsed.warnings) == ("ovid", 2, (), ())
    assert [found.title for found in parsed.references][1] == "Größe."
    assert parsed.references[0].abstract == "Background: We flew. Method(s): They flew. Most teams fell."
    first, second = spans(parsed, data)
    assert (first.split()[0], first.split()[-1]) == ("<1.", "http://ovid.example/?AN=2015-33942-012")
    assert (second.split()[0], second.split()[-1]) == ("<2.", "Owner")
    accounted(parsed, data)


@pytest.mark.parametrize(
    ("text", "count", "warnings"),
    [
        (FILE + FILE, 4, 0),
        (FILE.rstrip() + "\n\ufeff" + FILE, 4, 0),
        (FILE.replace("<1. >\n", "").replace("<2. >\n", ""), 2, 0),  # no numbers
        (FILE.replace("<2. >\n", ""), 2, 0),
        (FILE.replace("VN  - Ovid Technologies\n", ""), 2, 0),
        (LABELLED + "\n" + FILE, 4, 0),
        ("Database: Embase\nSearch Strategy:\n1     kites (12)\n\n" + FILE, 2, 1),
        (FILE + "the end\n", 2, 1),
    ],
)
def test_records_are_counted_whatever_is_missing(text, count, warnings):
    parsed = detect.read(text.encode())
    assert (parsed.format, len(parsed.references), parsed.rejected, len(parsed.warnings)) == ("ovid", count, (), warnings)
    accounted(parsed, text.encode())


def test_records_without_a_field_are_rejected():
    data = b"<1. >\n<2. >\nVN  - Ovid Technologies\n\n<3. >\nVN  - Ovid Technologies\nTI  - Kites\n<4>\n"
    parsed = detect.read(data)
    assert [(piece.line, piece.data) for piece in parsed.rejected] == [
        (1, b"<1. >\n"), (2, b"<2. >\nVN  - Ovid Technologies\n"), (8, b"<4>\n"),
    ]  # fmt: skip
    assert [found.title for found in parsed.references] == ["Kites"]


def test_a_number_alone_in_an_abstract_starts_nothing():
    assert one("TI  - Kites", "AB  - We saw", "<5>", "kites.").abstract == "We saw <5> kites."


def test_words_that_look_like_tags_in_the_form_with_one_space():
    text = "<1. >\nVN - Ovid Technologies\nAB - We flew in\nQQ - based teams.\nTI - Kites\n"
    (found,) = ovid.parse(text.encode()).references
    assert (found.abstract, found.title) == ("We flew in QQ - based teams.", "Kites")


def test_retractions_and_embase_links():
    found = one("PT  - Retraction of Publication", "PM  - 29097493 [https://pubmed.example/29097493]", "TI  - Kites [Review]")
    assert (found.notices, found.pmid) == (("retraction-of",), "29097493")


@pytest.mark.parametrize(
    "text",
    [
        "", "<1>\n", "<1. >\nsome text\n", "PMID- 1\nTI  - Kites\n", "TY  - JOUR\nTI  - <1. >\nER  - \n", "<html>\n<1>\n<p>\n",
        "title,year,doi\n<1>,2001,\n", "VN  - 7\nTI  - Kites\n",
    ],
)  # fmt: skip
def test_other_texts_are_not_taken_for_it(text):
    assert ovid.first(ovid.decode(text.encode())) is None


def _tagged(papers):
    lines = []
    for number, paper in enumerate(papers, 1):
        values = [
            ("VN", "Ovid Technologies"),
            ("TI", paper.title),
            *(("AU", name) for name in paper.authors),
            ("YR", paper.year),
        ]
        values += [("PG", paper.pages), ("DO", paper.doi), ("AB", paper.abstract)]
        lines += [f"<{number}. >", *(f"{tag}  - {value}" for tag, value in values if value), ""]
    return "\n".join(lines)


def _labelled(papers):
    lines = []
    for number, paper in enumerate(papers, 1):
        values = [("Title", paper.title), ("Authors", "\n  ".join(paper.authors)), ("Year of Publication", paper.year)]
        values += [("Pages", paper.pages), ("DOI", paper.doi), ("Abstract", paper.abstract)]
        lines += [f"<{number}>", *(f"{label}\n  {value}" for label, value in values if value), ""]
    return "\n".join(lines)


@given(PAPERS, st.sampled_from([_tagged, _labelled]), st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, written, newline, encoding):
    data = written(papers).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("ovid", len(papers))
    assert [read(found) for found in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)


LINES = st.sampled_from(
    [
        "<1. >",
        "<2>",
        "VN  - Ovid Technologies",
        "VN - Ovid Technologies",
        "TI  - Kites",
        "TI - &#0;",
        "Title",
        "  Kites",
        "",
        "text",
        " <3. >",
        "AU  - Doe [x",
        "SO  - a. b. 1(2):3, 2004",
        "\ufeff<1>",
    ]
)


@given(
    st.lists(LINES | st.text(max_size=12), max_size=14).map("\n".join).map(lambda text: text.encode(errors="replace"))
    | st.binary()
)
@settings(max_examples=40, deadline=None)
def test_anything_is_accounted_for(data):
    accounted(ovid.parse(data), data)


@given(st.sampled_from([FILE, LABELLED]), st.integers(0, len(FILE.encode())), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_cut_and_flipped_files_are_accounted_for(text, at, byte):
    data = text.encode()
    for changed in (data[:at], data[at:], data[:at] + bytes([byte]) + data[at + 1 :]):
        accounted(ovid.parse(changed), changed)
