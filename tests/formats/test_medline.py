import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, medline
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read

PUBMED = b"""\
PMID- 11111111
OWN - NLM
IS  - 1476-5616 (Electronic)
IS  - 0033-3506 (Linking)
VI  - 129
IP  - 5
DP  - 2015 May 3
TI  - Effects of kites on the wellbeing of
      invented children.
PG  - 475-82
LID - 10.1000/J.KITE.2015.01 [doi]
LID - S0033(15)00037-2 [pii]
AB  - OBJECTIVES: We flew
      kites. RESULTS: Some
      - mostly red ones - fell.
FAU - Doe, Jane A
AU  - Doe JA
FAU - Roe, R
AU  - Roe R
CN  - Kite Group
LA  - eng
PT  - Evaluation Study
PT  - Journal Article
TA  - Kite Health
JT  - Journal of kite health
MH  - *Kites
MH  - Humans
OT  - Wind
"""

ERIC = b"""\

OWN - ERIC
TI  - Kites in School
AU  - Doe, Jane
AU  - Roe, Richard
OT  - Kites
JT  - Kite Teaching
SO  - v10 n1 p1-10 2005
AID - http://dx.doi.org/10.1000/kite-1
OID - EJ1234567
DP  - Spr 2005
LID - http://eric.example/?id=EJ1234567
ISSN - EISSN-1042-1629
PT  - Reports - Research

OWN - ERIC
TI  - A Report on Kites. Kite Brief 16
JT  - Kite Bureau
AID - www.kites.example/16.pdf
OID - ED123456
DP  - 2017
PT  - Reports - Research"""


def test_a_pubmed_record():
    parsed = medline.parse(PUBMED)
    (found,) = parsed.references
    assert (parsed.starts, parsed.warnings) == (1, ())
    assert (found.pmid, found.accession, found.doi) == ("11111111", "11111111", "10.1000/j.kite.2015.01")
    assert found.title == "Effects of kites on the wellbeing of invented children."
    assert found.abstract == "OBJECTIVES: We flew kites. RESULTS: Some - mostly red ones - fell."
    assert found.authors == ("Doe, Jane A", "Roe, R", "Kite Group")
    assert (found.year, found.date, found.journal, found.type) == (2015, "2015-05-03", "Journal of kite health", "article")
    assert (found.volume, found.issue, found.pages) == ("129", "5", "475-482")
    assert (found.issn, found.language, found.keywords) == (("1476-5616", "0033-3506"), "eng", ("*Kites", "Humans", "Wind"))
    assert {("LID", "S0033(15)00037-2 [pii]"), ("TA", "Kite Health"), ("OWN", "NLM")} <= set(found.other)
    assert found.database is None


def test_notices_name_the_other_paper():
    [article, preprint, notice, plain] = medline.parse(
        b"PMID- 1\nPT  - Journal Article\nPT  - Retracted Publication\nTI  - Kites\nLID - e1234 [pii]\n"
        b"RIN - Kite Lett. 2021 Jan 1;13(1):2. doi: 10.1000/R. PMID: 32345678\nEIN - Kite Lett. 2020;12:9. PMID: 31999999\n\n"
        b"PMID- 2\nPT  - Preprint\nTI  - Toys\nUIN - Kite Lett. 2020;1:1. doi: 10.1000/U. PMID: 5\n\n"
        b"PMID- 3\nPT  - Retraction of Publication\nTI  - Retraction\nROF - Kite Lett. 2020. PMID: 1\nPG  - 7\n\n"
        b"PMID- 4\nPT  - Published Erratum\nTI  - Erratum\nLID - S0145-2134(20)30123-4 [pii]\n"
    ).references
    assert article.notices == ("retracted: 10.1000/r", "corrected: pmid:31999999")
    assert (preprint.notices, notice.notices) == (("preprint-of: 10.1000/u",), ("retraction-of: pmid:1",))
    assert plain.notices == ("correction-of",)
    assert (article.pages, notice.pages, plain.pages) == ("e1234", "7", None)
    assert dict(article.other)["RIN"].startswith("Kite Lett. 2021")


def test_eric_records_without_a_last_newline():
    article, report = medline.parse(ERIC).references
    assert (article.accession, article.database, article.type) == ("EJ1234567", "ERIC", "article")
    assert article.doi == "10.1000/kite-1"
    assert (article.journal, article.volume, article.issue, article.pages) == ("Kite Teaching", "10", "1", "1-10")
    assert (article.year, article.issn, article.authors) == (2005, ("1042-1629",), ("Doe, Jane", "Roe, Richard"))
    assert article.urls == ("http://eric.example/?id=EJ1234567", "http://dx.doi.org/10.1000/kite-1")
    assert ("DP", "Spr 2005") in article.other
    assert (report.type, report.journal, report.publisher) == ("report", None, "Kite Bureau")
    assert ("AID", "www.kites.example/16.pdf") in report.other


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
@pytest.mark.parametrize("tail", [b"", b"\n", b"\n\n\n"])
def test_several_records_and_any_newline(newline, tail):
    data = (PUBMED + b"\n" + PUBMED.replace(b"11111111", b"22222222").rstrip() + tail).replace(b"\n", newline)
    parsed = medline.parse(data)
    assert [r.pmid for r in parsed.references] == ["11111111", "22222222"]
    second = parsed.references[1]
    assert data[second.offset : second.offset + second.length].rstrip() == data[second.offset :].rstrip()


def test_a_pmid_starts_a_record_also_without_a_blank_line():
    assert [r.pmid for r in medline.parse(b"PMID- 1\nTI  - One\nPMID- 2\nTI  - Two").references] == ["1", "2"]


def test_blocks_of_tags_without_pmid_are_records_and_text_is_reported():
    parsed = medline.parse(b"Saved by somebody\n\nTI  - One\nAU  - Doe J\n\nTI  - Two\n\nthe end\n")
    assert [r.title for r in parsed.references] == ["One", "Two"]
    assert parsed.references[0].authors == ("Doe J",)
    assert parsed.warnings == (
        "line 1: text that belongs to no field of a record: 'Saved by somebody'",
        "line 8: text that belongs to no field of a record: 'the end'",
    )


def test_a_blank_line_in_an_abstract_does_not_cut_it():
    (found,) = medline.parse(b"PMID- 1\nAB  - We flew\n\n      and fell.\n").references
    assert found.abstract == "We flew and fell."


def test_tags_without_text_are_rejected():
    parsed = medline.parse(b"PMID- \nTI  - \n\nPMID- 2\nTI  - Two\n")
    assert (parsed.starts, len(parsed.references)) == (2, 1)
    assert (parsed.rejected[0].line, parsed.rejected[0].data) == (1, b"PMID- \nTI  - \n")


def test_book_chapters_have_their_book():
    (found,) = medline.parse(b"PMID- 1\nTI  - Kites\nBTI - Toys of the world\nPT  - Book Chapter\nDP  - 2009\n").references
    assert (found.type, found.journal, found.title) == ("chapter", "Toys of the world", "Kites")


LINES = st.sampled_from(
    ["PMID- 1", "PMID-", "TI  - One", "AB  - &#0;", "      more", "", "  ", "text", "OWN - ERIC", "PT  - x", "DP  - Spr"]
)
FILES = st.lists(LINES | st.text(max_size=12), max_size=12).map("\n".join).map(lambda text: text.encode(errors="replace"))


@given(FILES | st.binary())
@settings(max_examples=40, deadline=None)
def test_anything_is_accounted_for(data):
    parsed = medline.parse(data)
    assert parsed.starts == len(parsed.references) + len(parsed.rejected)
    assert all(piece.offset + piece.length <= len(data) for piece in (*parsed.references, *parsed.rejected))


def _written(paper):
    """A record as PubMed writes it, in lines of at most 88 characters."""
    said = [("TI", paper.title), ("AB", paper.abstract), *(("FAU", name) for name in paper.authors), ("DP", str(paper.year)),
            ("PG", paper.pages), ("LID", f"{paper.doi} [doi]" if paper.doi else None), ("PT", "Journal Article")]  # fmt: skip
    lines = [
        textwrap.fill(value, 88, initial_indent=f"{tag:<4}- ", subsequent_indent=" " * 6, break_long_words=False,
                      break_on_hyphens=False)
        for tag, value in (("PMID", "1"), *said) if value
    ]  # fmt: skip
    return "\n".join(lines) + "\n\n"


@given(PAPERS, st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, newline, encoding):
    data = "".join(map(_written, papers)).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.rejected, parsed.warnings) == ("medline", (), ())
    assert [read(one) for one in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)


FILE = b"PMID- 1\nTI  - Kites\nFAU - Doe, Jane\n\nPMID- 2\nTI  - Toys and\n      wind\nDP  - 2020 Jun 5\n"


@given(st.integers(0, len(FILE)), st.binary(max_size=4), st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_cut_and_damaged_files_are_accounted_for(at, put, cut):
    for data in (FILE[:at], FILE[:at] + put + FILE[at + cut :]):
        accounted(medline.parse(data), data)
