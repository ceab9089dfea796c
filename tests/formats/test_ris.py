from dataclasses import fields as dataclass_fields
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, ris
from tasks.formats import ris_tags as tags
from tasks.formats.reference import Reference

FULL = Reference(
    offset=0, length=0, type="article", title="Kites & care", authors=("Doe, Jane", "Ministry of Kites"), year=2021,
    date="2021-06-05", journal="Journal of Invented Studies", volume="12", issue="3", pages="476-481", doi="10.1000/abc",
    pmid="12345678", issn=("0145-2134",), isbn=("9780415309808",), abstract="We flew &amp; counted.",
    keywords=("kites", "*wind"), language="English", publisher="Nobody Ltd", urls=("https://example.org/a?b=1&c=2",),
    accession="2021-001", database="PsycINFO", notes=("Cited By :10",),
    notices=("retracted", "corrected: 10.1000/xyz"), other=(("Covidence #", "#12"), ("AD", "Dept. of Kites")),
)  # fmt: skip


def one(*lines: str, end: str = "ER  - ") -> Reference:
    parsed = ris.parse("\n".join(("TY  - JOUR", *lines, end)).encode())
    assert len(parsed.references) == 1
    return parsed.references[0]


def bare(references) -> list[Reference]:
    return [replace(reference, offset=0, length=0, warnings=()) for reference in references]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_bytes_around_the_records_do_not_matter(newline, encoding, last):
    text = "TY  - JOUR\nTI  - Zoë\nER  - \n\nTY  - BOOK\nTI  - Größe\nER  -" + last
    data = text.replace("\n", newline).encode(encoding)
    parsed = ris.parse(data)
    assert [(r.type, r.title) for r in parsed.references] == [("article", "Zoë"), ("book", "Größe")]
    assert (parsed.starts, parsed.warnings) == (2, ())
    second = data[parsed.references[1].offset :][: parsed.references[1].length]
    assert second.decode(parsed.encoding).split() == ["TY", "-", "BOOK", "TI", "-", "Größe", "ER", "-"]


@pytest.mark.parametrize(
    "line", ["TY  - JOUR", "TY - JOUR", "TY  -JOUR", "TY  - ", "TY  -", "TY -", "ty  - JOUR", "TY  - NOVEL", "TY  - jour"]
)
def test_every_way_to_write_a_start_counts(line):
    space = "  " if line[2:4] == "  " else " "
    parsed = ris.parse(f"{line}\nTI{space}- Kites\nER{space}- \n".encode())
    assert parsed.starts == 1
    assert parsed.references[0].title == "Kites"


@pytest.mark.parametrize(
    "shape", ["{}\t- {}", "{}: {}", "{}   - {}", "  {}  - {}", "{}\u00a0\u00a0- {}", "{}  – {}", "\t{} -{}", "{}-{}"]
)
def test_tags_that_look_otherwise_are_read_all_the_same(shape):
    said = (("TY", "JOUR"), ("TI", "Kites"), ("AU", "Doe, J."), ("AB", "UK - based and TI: x"), ("ER", ""))
    record = "".join(shape.format(tag, value) + "\n" for tag, value in said)
    usual = "TY  - JOUR\nTI  - Toys\nER  - \n"
    for text, titles in (
        (record * 2, ["Kites", "Kites"]),
        (usual + record, ["Toys", "Kites"]),
        (record + usual, ["Kites", "Toys"]),
    ):
        parsed = detect.read(text.encode())
        assert (parsed.format, parsed.rejected, parsed.warnings) == ("ris", (), ())
        assert [found.title for found in parsed.references] == titles
        assert {(found.authors, found.abstract) for found in parsed.references if found.title == "Kites"} == {
            (("Doe, J.",), "UK - based and TI: x")
        }


def test_a_start_inside_a_record_is_a_second_record():
    parsed = ris.parse(b"TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \n")
    assert [r.title for r in parsed.references] == ["One", "Two"]
    assert parsed.warnings == ("records without an end line (ER): 1, starting in line 1",)


def test_a_record_of_a_type_only_is_rejected_with_its_bytes():
    parsed = ris.parse(b"TY  - JOUR\nTY  - JOUR\nTI  - \nER  - \nTY  - JOUR\nTI  - Kites\n")
    assert parsed.starts == 3
    assert [(r.line, r.data) for r in parsed.rejected] == [(1, b"TY  - JOUR\n"), (2, b"TY  - JOUR\nTI  - \nER  - \n")]
    assert "no other field" in parsed.rejected[0].reason
    assert parsed.references[0].title == "Kites"


def test_preamble_is_noise_but_other_text_between_records_is_reported():
    data = (
        b"Record #1 of 2\nProvider: Nobody\nContent: text/plain\n1.\nTY  - JOUR\nTI  - One\nER  - \n"
        b"\nRecord #2 of 2\n2.\nleft over\nAU  - Lost, Ann\nTY  - JOUR\nTI  - Two\nER  - \n"
    )
    parsed = ris.parse(data)
    assert [r.title for r in parsed.references] == ["One", "Two"]
    assert parsed.warnings == ("lines 11 to 12: text that belongs to no field of a record: 'left over'",)


def test_a_heading_after_a_record_without_end_is_not_its_text():
    parsed = ris.parse(b"TY  - JOUR\nAB  - We flew.\n\nRecord #2 of 2\nProvider: Nobody\nTY  - JOUR\nAB  - They flew.\nER  - ")
    assert [r.abstract for r in parsed.references] == ["We flew.", "They flew."]


def test_text_under_a_bare_type_is_reported():
    parsed = ris.parse(b"TY  - JOUR\nstray\nTI  - One\nER  - \n")
    assert parsed.references[0].title == "One"
    assert parsed.warnings == ("line 2: text that belongs to no field of a record: 'stray'",)


def test_continuation_lines():
    abstract = ("AB  - We flew,", "      ER  - then we", "ER  - landed", "", "UK - based teams.")
    reference = one("T1  - Kites and", "wind", *abstract, "N1  - a")
    assert reference.title == "Kites and wind"
    assert reference.abstract == "We flew, ER - then we ER - landed UK - based teams."
    assert reference.notes == ("a",)


def test_each_line_under_keywords_and_authors_is_a_value():
    reference = one("KW  - kites", "wind", "   rain", "AU  - Doe, J", "Roe, R")
    assert reference.keywords == ("kites", "wind", "rain")
    assert reference.authors == ("Doe, J", "Roe, R")


def test_single_space_dialect_keeps_words_that_look_like_tags():
    parsed = ris.parse(b"TY - JOUR\nAB - We flew\nin teams,\nXX - rays\nTI - Kites\nER -\nTY - BOOK\nTI - Two\nER -")
    assert parsed.references[0].abstract == "We flew in teams, XX - rays"
    assert [r.title for r in parsed.references] == ["Kites", "Two"]


def test_lower_case_tags_only_where_they_cannot_be_words():
    reference = one("ti  - Kites", "ab  - We went", "up  - and down")
    assert (reference.title, reference.abstract) == ("Kites", "We went up - and down")


def test_eppi_reviewer():
    reference = one(
        "T1  - Kites : a study", "JF  - Kite Letters", "A1  - Doe Jane", "A1  - Roe Richard", "KW  - eppi-reviewer",
        "PY  - 1988", "DA  - 1988/03//", "Y1  - 1988///", "AB  - ", "VL  - 12", "CY  - ", "SN  - 0145-2134, 0145-2134",
        "U1  - 10233382", "U2  - 8737",
    )  # fmt: skip
    assert reference.authors == ("Doe Jane", "Roe Richard")
    assert (reference.year, reference.date, reference.accession) == (1988, "1988-03", "10233382")
    assert (reference.journal, reference.issn, reference.abstract) == ("Kite Letters", ("0145-2134",), None)
    assert reference.other == (("U2", "8737"),)


def test_ebsco():
    reference = one(
        "T1  - Kites.", "JO  - Kite Letters", "JF  - Kite Letters", "Y1  - 2021/06//", "SP  - N.PAG", "EP  - N.PAG",
        "M3  - Article", "AB  - We flew.", "AB  - Copyright of Kite Letters is the property of Nobody Ltd.",
        "L3  - 10.1000/ABC", "DB  - psyh",
        "UR  - https://search.example.com/x", "UR  - me@example.org", "UR  - ORCID: 0000-0001",
        "N1  - Accession Number: 91381515; Doe, J.",
    )  # fmt: skip
    assert (reference.doi, reference.pages, reference.date) == ("10.1000/abc", None, "2021-06")
    assert (reference.abstract, reference.accession, reference.database) == ("We flew.", "91381515", "psyh")
    assert reference.urls == ("https://search.example.com/x",)
    assert dict(reference.other) == {
        "M3": "Article", "AB": "Copyright of Kite Letters is the property of Nobody Ltd.", "UR": "ORCID: 0000-0001",
    }  # fmt: skip
    assert ("UR", "me@example.org") in reference.other


def test_scopus_and_web_of_science():
    link = "UR  - https://s.example/r.uri?eid=2-s2.0-852&x=1"
    scopus = one("TI  - Kites", "C7  - 106241", "C2  - 39243807", "DB  - Scopus", link)
    assert (scopus.pages, scopus.pmid, scopus.accession) == ("106241", "39243807", "2-s2.0-852")
    journal = ("T2  - KITE LETT", "J9  - KITE L", "PU  - NOBODY")
    wos = one("TI  - Kites", *journal, "DA  - DEC", "PY  - 2019", "AN  - WOS:0001", "C2  - x")
    assert (wos.journal, wos.publisher, wos.date, wos.accession) == ("KITE LETT", "NOBODY", "2019-12", "WOS:0001")
    assert wos.other == (("J9", "KITE L"), ("C2", "x"))


def test_ovid_medline_and_psycnet():
    ovid = one("T1  - Kites", "AN  - 12345678", "DB  - Ovid MEDLINE(R)", "Y2  - 2021")
    assert (ovid.pmid, ovid.accession, ovid.other) == ("12345678", "12345678", (("Y2", "2021"),))
    net = one("T1  - Kites", "PMID  - 33355555", "ID  - 2020-5", "M3  - doi:10.1000/x", "DO  - 10.1000/x", "KW  - *Wind")
    assert (net.pmid, net.accession, net.doi, net.keywords, net.other) == ("33355555", "2020-5", "10.1000/x", ("*Wind",), ())


def test_ovids_psycinfo():
    found = one(
        "ID  - 2019-65183-001", "T1  - Kites.", "A1  - Doe, Jane A", "Y1  - 2019//", "N2  - We flew.", "KW  - *Wind",
        "JF  - Kite Letters", "SP  - No", "EP  - Specified", "CY  - US", "PB  - Nobody", "PB  - US", "M1  - Poe, E. Air.",
        "M1  - Moe, M (2000). Air.", "DO  - http://dx.doi.org/10.1000/K", "L2  - http://ovidsp.example/x?AN=2019-65183-001",
    )  # fmt: skip
    assert (found.pages, found.issue, found.publisher, found.doi) == (None, None, "Nobody", "10.1000/k")
    assert (found.accession, found.year, found.abstract) == ("2019-65183-001", 2019, "We flew.")


def test_embase():
    found = one(
        "M3  - Article", "T1  - Kites", "A1  - Doe J.", "A1  - Roe R.A.", "Y1  - 2014", "Y2  - 2014-08-29", "SP  - 152",
        "EP  - 160", "U2  - L373791783", "C5  - 15368318", "DB  - Embase", "DB  - Medline", "JF  - Kite Letters",
        "JO  - Kite Lett.", "LA  - English", "DO  - 10.1000/k",
    )  # fmt: skip
    assert (found.accession, found.pmid, found.database) == ("L373791783", "15368318", "Embase")


def test_cinahl():
    found = one(
        "TI  - Kites", "ID  - 123456", "U2  - PMID: 31234567.", "DB  - cin20", "N1  - Accession Number: 123456. NLM UID: 7."
    )
    assert (found.pmid, found.accession) == ("31234567", "123456")


@pytest.mark.parametrize("lines", [("DB  - Embase", "C5  - s 1"), ("DB  - Scopus", "C2  - none"), ("PMID  - pending",)])
def test_what_is_no_pubmed_number_is_left(lines):
    tag, _, value = lines[-1].partition("  - ")
    assert (tag, value) in one("TI  - Kites", *lines).other


def test_pubmed_out_of_a_reference_manager():
    found = one("TI  - Kites", "AN  - 21553931", "DP  - NLM", "ID  - 369")
    assert (found.pmid, found.accession) == ("21553931", "21553931")


@pytest.mark.parametrize(
    ("kind", "pages", "meant"),
    [("THES", ("150",), None), ("RPRT", ("146p",), None), ("BOOK", ("xii, 254 p.",), None), ("BOOK", ("254", "260"), "254-260"),
     ("CHAP", ("150",), "150"), ("JOUR", ("150",), "150")],
)  # fmt: skip
def test_a_number_of_pages_is_no_page(kind, pages, meant):
    tags = [f"{tag}  - {page}\n" for tag, page in zip(("SP", "EP"), pages, strict=False)]
    [found] = ris.parse(f"TY  - {kind}\nTI  - Kites\n{''.join(tags)}ER  - \n".encode()).references
    assert found.pages == meant
    assert (("SP", pages[0]) in found.other) == (meant is None)
    assert ris.parse(ris.write([found])).references[0].pages == meant


def test_rayyan_and_endnote():
    rayyan = one("TI  - Kites", "AN  - rayyan-123", 'N1  - RAYYAN-INCLUSION: {"Ann"=>"Included"} | USER-NOTES: {}', "ID  - 7")
    assert (rayyan.accession, rayyan.other) == ("rayyan-123", (("ID", "7"),))
    assert rayyan.notes == ('RAYYAN-INCLUSION: {"Ann"=>"Included"} | USER-NOTES: {}',)
    files = ("L1  - internal-pdf://a.pdf", "internal-pdf://b.pdf")
    endnote = one("TI  - Kites", "ST  - Kites", "M1  - 9", "N1  - 10.1000/abc", *files, "ID  - 3")
    assert (endnote.issue, endnote.doi, endnote.accession) == ("9", "10.1000/abc", "3")
    assert endnote.other == (("L1", "internal-pdf://a.pdf internal-pdf://b.pdf"),)


def test_proquest():
    reference = one(
        "TI  - Kites",
        "T1  - Kites",
        "AU  - Doe, Jane",
        "PY  - 2021",
        "Y1  - 2021/06//",
        "AB  - We flew.",
        "N2  - We flew.",
        "N2  - Nous volions.",
        "T2  - Kite Letters",
        "JF  - Kite Letters",
        "JO  - Kite Letters",
        "L2  - http://resolver.example/?a=1&amp;b=2",
        "UR  - https://www.proquest.com/docview/1548716365",
        "ID  - 1548716365",
        "AN  - 1548716365",
        "DB  - ASSIA",
        "M3  - Retraction",
        "N1  - Copyright - Copyright Nobody 2021",
        "N1  - Last updated - 2021-06-05",
    )
    assert (reference.abstract, reference.title, reference.journal) == ("We flew.", "Kites", "Kite Letters")
    assert (reference.accession, reference.database, reference.date) == ("1548716365", "ASSIA", "2021-06")
    assert reference.urls == ("https://www.proquest.com/docview/1548716365", "http://resolver.example/?a=1&b=2")
    assert reference.notes == ("Copyright - Copyright Nobody 2021", "Last updated - 2021-06-05")
    assert reference.notices == ("retraction-of",)
    assert set(reference.other) == {("N2", "Nous volions."), ("M3", "Retraction"), ("ID", "1548716365")}


def test_the_newer_ebscohost():
    reference = one(
        "ID  - 2020-5",
        "AN  - 2020-5",
        "T1  - Kites",
        "DB  - APA PsycInfo",
        "DP  - EBSCOhost",
        "PY  - 2021/06/05/",
        "Y1  - 2021",
    )
    assert (reference.accession, reference.database, reference.date) == ("2020-5", "APA PsycInfo", "2021-06-05")
    assert reference.other == (("ID", "2020-5"), ("DP", "EBSCOhost"))


def test_zotero():
    reference = one(
        "TI  - Kites",
        "T2  - Kite Letters",
        "J2  - Kite Lett",
        "DA  - 2021/06/05/",
        "PY  - 2021",
        "DP  - DOI.org (Crossref)",
        "N1  - ",
        "N1  - <p>Read it.</p>",
        "<p>Twice.</p>",
        "L1  - files/7/Doe.pdf",
        "Y2  - 2021/06/05/16:30:12",
        "ET  - 2",
        "C3  - x",
    )
    assert (reference.date, reference.journal, reference.notes) == (
        "2021-06-05",
        "Kite Letters",
        ("<p>Read it.</p> <p>Twice.</p>",),
    )
    assert {("L1", "files/7/Doe.pdf"), ("J2", "Kite Lett"), ("DP", "DOI.org (Crossref)"), ("ET", "2"), ("C3", "x")} <= set(
        reference.other
    )


def test_web_of_science_with_its_editions():
    lines = (
        "TI  - Kites",
        "C6  - JAN 2021",
        "M3  - Article; Retracted Publication",
        "WE  - Social Science Citation Index (SSCI)",
        "AN  - WOS:1",
    )
    reference = one(*lines, end="ER  -")
    assert (reference.accession, reference.notices, reference.year) == ("WOS:1", ("retracted",), None)
    assert ("WE", "Social Science Citation Index (SSCI)") in reference.other


def test_ovid_numbers_its_records_and_its_institutions():
    reference = one(
        "ID  - 621381829",
        "T1  - Kites.",
        "A1  - Doe J.",
        "Y1  - 2021//",
        "N2  - We flew.",
        "M1  - (Doe) Univ Kite",
        "M1  - (Doe) Univ Wind",
        "JF  - Kite Letters",
        "DO  - https://dx.doi.org/10.1000/X",
        "M3  - Erratum",
    )
    assert (reference.accession, reference.date, reference.issue, reference.doi) == ("621381829", "2021", None, "10.1000/x")
    assert (reference.authors, reference.abstract, reference.notices) == (("Doe J.",), "We flew.", ("correction-of",))
    assert [value for tag, value in reference.other if tag == "M1"] == ["(Doe) Univ Kite", "(Doe) Univ Wind"]


def test_rayyan_keeps_votes_reasons_and_labels_in_notes():
    votes = 'N1  - RAYYAN-INCLUSION: {"Ann"=>"Excluded", "Bo"=>"Included"} '
    votes += "| RAYYAN-EXCLUSION-REASONS: wrong kite,no wind | RAYYAN-LABELS: red"
    reference = one("TI  - Kites", "ID  - rayyan-123", "Y1  - 2021/6/5/", "SP  - 476-481", "N1  - Read twice.", votes)
    assert (reference.accession, reference.date, reference.pages) == ("rayyan-123", "2021-06-05", "476-481")
    assert reference.notes == ("Read twice.", votes.removeprefix("N1  - "))


def test_notices_that_are_not_ours_are_left():
    reference = one("TI  - Kites", "C8  - evimap-notice|retracted", "C8  - evimap-notice|sung", "C8  - plain")
    assert (reference.notices, reference.other) == (("retracted",), (("C8", "evimap-notice|sung"), ("C8", "plain")))


def test_the_doi_comes_from_its_own_tag_first():
    assert one("UR  - https://doi.org/10.1000/link", "DO  - 10.1000/own").doi == "10.1000/own"
    assert one("UR  - http://a.example/b https://doi.org/10.1000/link").doi == "10.1000/link"
    assert one("UR  - https://a.example/doi/10.1000/page").doi is None
    assert one("DO  - none given").other == (("DO", "none given"),)


@pytest.mark.parametrize(
    "line", ["N1  - DOI: 10.1000/A; PMID: 123", "N1  - x | 10.1000/A", "AN  - 10.1000/A", "ID  - doi:10.1000/A"]
)
def test_a_doi_may_stand_elsewhere(line):
    assert one("TI  - Kites", line).doi == "10.1000/a"
    assert one("TI  - Kites", line, "DO  - 10.1000/b").doi == "10.1000/b"


@pytest.mark.parametrize(
    "note", ["Comment on: Kite Lett. 2001. doi: 10.1000/a", "Erratum in 10.1000/a", "See 10.1000/a; also this"]
)
def test_a_doi_that_a_note_mentions_is_not_that_of_the_paper(note):
    assert one("TI  - Kites", f"N1  - {note}").doi is None


def test_the_number_of_a_trial_is_no_page():
    found = one("TI  - Kites", "AN  - CN-02145678", "C7  - NCT01234567")
    assert (found.pages, found.other) == (None, (("C7", "NCT01234567"),))


def test_dates_that_contradict_are_kept_and_reported():
    reference = one("PY  - 2004", "Y1  - 2005/01//", "DA  - Date of Code")
    assert (reference.year, reference.date) == (2004, "2004")
    assert reference.other == (("Y1", "2005/01//"), ("DA", "Date of Code"))
    assert reference.warnings == ("Y1 says 2005, the year taken is 2004",)


def test_pages_names_titles_keywords():
    reference = one(
        "SP  - 470-487",
        "TI  - R&amp;D",
        "T1  - Other title",
        "AU  - Doe,J.",
        "AU  - et al.",
        "AU  - Wang, Y.",
        "AU  - Wang, Y.",
        "A1  - Doe, J.",
        "A1  - Roe, R.",
        "KW  - kites; wind",
        "KW  - kites",
        "AB  - NA",
        "N2  - We flew.",
        "SN  - TR-7",
        "ZZ  - odd",
    )
    assert (reference.pages, reference.title, reference.abstract) == ("470-487", "R&D", "We flew.")
    assert reference.authors == ("Doe, J.", "Wang, Y.", "Wang, Y.", "Roe, R.")
    assert reference.keywords == ("kites", "wind")
    assert set(reference.other) == {("T1", "Other title"), ("AU", "et al."), ("SN", "TR-7"), ("ZZ", "odd")}


def test_lost_letters_are_reported_not_guessed():
    reference = one("TI  - Ros\ufffd", "AU  - M\ufffdller, A")
    assert (reference.title, reference.warnings) == ("Ros\ufffd", ("U+FFFD in title", "U+FFFD in authors"))


def test_a_type_that_has_no_name_of_its_own_is_kept():
    parsed = ris.parse(b"TY  - NEWS\nTI  - Kites\nER  - \nTY  - GEN\nTI  - Kites\nER  - \nTY  - \nTI  - Kites\nER  - \n")
    assert [(r.type, r.other) for r in parsed.references] == [("article", (("TY", "NEWS"),)), ("other", ()), (None, ())]
    assert ris.write(parsed.references).startswith(b"TY  - NEWS\r\n")


def test_the_full_reference_survives_writing():
    assert bare(ris.parse(ris.write([FULL])).references) == [FULL]
    names = {field.name for field in dataclass_fields(Reference)} - {"offset", "length", "warnings"}
    assert all(getattr(FULL, name) for name in names)


def test_writing_cannot_be_broken_out_of():
    evil = replace(FULL, title="x\r\nER  - \r\nTY  - JOUR\r\nTI  - y", other=(("a|b\nTY  - ", "v"),))
    parsed = ris.parse(ris.write([evil]))
    assert parsed.starts == 1
    assert parsed.references[0].title == "x ER - TY - JOUR TI - y"


PIECES = st.sampled_from(["kites", "& wind", "&lt;", "5", "ER  -", "Größe", "日本", "a;b", "<i>", '"'])
WORDS = st.lists(PIECES, min_size=1, max_size=4).map(lambda words: " ".join(" ".join(words).split()))
NAMES = st.sampled_from(["Doe, Jane", "Doe, J.", "Ministry of Kites", "Öz", "O'Neil-Smith, A B"])
MAYBE = st.none() | WORDS
REFERENCES = st.builds(
    lambda when, **values: Reference(offset=0, length=0, year=when and int(when[:4]), date=when, **values),
    when=st.sampled_from([None, "2021", "2021-06", "2021-06-05"]),
    type=st.sampled_from([None, *tags.WRITTEN]),
    title=MAYBE,
    authors=st.lists(NAMES, max_size=3).map(tuple),
    journal=MAYBE,
    volume=MAYBE,
    issue=MAYBE,
    pages=st.sampled_from([None, "476-481", "e12", "106241", "S1-S9", "2-xx, 320"]),
    doi=st.sampled_from([None, "10.1000/abc(1)<2>", "10.1234/x;y"]),
    pmid=st.none() | st.integers(1, 99_999_999).map(str),
    issn=st.sampled_from([(), ("0145-2134",), ("0145-2134", "1873-775X")]),
    isbn=st.sampled_from([(), ("9780415309808",), ("041530980X",)]),
    abstract=MAYBE,
    keywords=st.lists(NAMES, max_size=3, unique=True).map(tuple),
    language=MAYBE,
    publisher=MAYBE,
    urls=st.sampled_from([(), ("https://a.example/?q=1&amp=2",), ("http://a.example/", "http://b.example/c,d")]),
    accession=MAYBE,
    database=MAYBE,
    notes=st.lists(WORDS, max_size=2).map(tuple),
    notices=st.sampled_from([(), ("retracted",), ("correction-of: 10.1000/xyz", "updated: pmid:123")]),
    other=st.lists(st.tuples(st.sampled_from(["Covidence #", "Study", "Tags"]), WORDS), max_size=3).map(tuple),
)


@given(st.lists(REFERENCES, max_size=3))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(references):
    written = ris.parse(ris.write(references))
    empty = Reference(offset=0, length=0)
    kept = [reference for reference in references if replace(reference, type=None) != empty]
    assert written.starts == len(references)
    assert bare(written.references) == kept


LINES = st.lists(
    st.sampled_from(
        ["TY  - JOUR", "TY - BOOK", "TY  - ", "ER  - ", "ER -", "TI  - Kites", "AU  - Doe, J;", "KW  - a; b", "PY  - 2021",
         "DA  - 31/02/20", "SN  - 12", "UR  - http://", "  indented", "", "plain text", "C8  - evimap|a|b", "SP  - N.PAG",
         "AB  - &#0;&#xD800;", "\ufeffTY  - X"]
    ) | st.text(max_size=12),
    max_size=12,
)  # fmt: skip


@given(LINES, st.sampled_from(["\n", "\r", "\r\n", "\r\r\n"]), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
@settings(max_examples=40, deadline=None)
def test_any_lines_are_accounted_for_and_stay_as_they_are_when_written(lines, newline, encoding):
    data = newline.join(lines).encode(encoding, "surrogatepass")
    parsed = ris.parse(data)
    for piece in (*parsed.references, *parsed.rejected):
        assert 0 <= piece.offset <= piece.offset + piece.length <= len(data)
    assert bare(ris.parse(ris.write(parsed.references)).references) == bare(parsed.references)


@given(st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_bytes(data):
    parsed = ris.parse(data)
    assert parsed.starts == len(parsed.references) + len(parsed.rejected)
