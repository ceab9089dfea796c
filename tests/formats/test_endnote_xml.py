"""EndNote XML: its fields, its damage, and the records of other programs."""

import re
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.formats import detect, endnote_xml, markup
from tests.formats.invented import PAPERS, Paper, accounted, read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>'
TAIL = "</records></xml>\n"


def file(*records, head=HEAD):
    return (head + "\n".join(f"<record>{record}</record>" for record in records) + TAIL).encode()


def one(inside, kind='<ref-type name="Journal Article">17</ref-type>'):
    data = file(f"{kind}{inside}")
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.format, parsed.rejected, parsed.warnings) == ("endnote_xml", (), ())
    [reference] = parsed.references
    return reference


def styled(text):
    """A value as EndNote writes it: in runs of style."""
    return f'<style face="normal" font="default" size="100%">{text}</style>'


TITLE = "<titles><title>Kites</title></titles>"


def test_a_whole_record_as_endnote_writes_it():
    found = one(
        f"""<database name="My.enl">My.enl</database><source-app name="EndNote" version="20">EndNote</source-app>
        <rec-number>12</rec-number><foreign-keys><key app="EN" db-id="x" timestamp="1">12</key></foreign-keys>
        <contributors><authors><author>{styled("Doe, Jane A.")}</author><author>{styled("Kite Trust,")}</author></authors>
        <secondary-authors><author>Roe, Rita</author></secondary-authors></contributors>
        <auth-address>Nowhere</auth-address>
        <titles><title>{styled("Kites in ")}<style face="italic">vivo</style>{styled(" &amp; care")}</title>
        <secondary-title>Journal of Kites</secondary-title><alt-title>J Kites</alt-title></titles>
        <periodical><full-title>Journal of Kites</full-title><abbr-1>J. Kites</abbr-1></periodical>
        <pages>476-81</pages><volume>12</volume><number>3</number>
        <keywords><keyword>care</keyword><keyword>wind; air&#xD;strings</keyword></keywords>
        <dates><year>2020</year><pub-dates><date>Jun 5</date></pub-dates></dates><publisher>Nobody</publisher>
        <isbn>0145-2134 (Print)&#xD;1873-7757 (Electronic)</isbn><accession-num>WOS:000123</accession-num>
        <electronic-resource-num>https://doi.org/10.1000/ABC</electronic-resource-num>
        <abstract>{styled("We flew. p &lt; .05")}</abstract><notes>read</notes><research-notes>good</research-notes>
        <urls><related-urls><url>http://a.org/1</url></related-urls><pdf-urls><url>internal-pdf://1.pdf</url></pdf-urls></urls>
        <remote-database-name>Web of Science</remote-database-name><language>English</language><custom2>PMC1</custom2>"""
    )
    assert (found.title, found.authors) == ("Kites in vivo & care", ("Doe, Jane A.", "Kite Trust"))
    assert (found.type, found.year, found.date, found.journal) == ("article", 2020, "2020-06-05", "Journal of Kites")
    assert (found.volume, found.issue, found.pages, found.doi) == ("12", "3", "476-481", "10.1000/abc")
    assert (found.issn, found.abstract, found.language) == (("0145-2134", "1873-7757"), "We flew. p < .05", "English")
    assert (found.keywords, found.publisher) == (("care", "wind", "air", "strings"), "Nobody")
    assert (found.accession, found.database, found.notes) == ("WOS:000123", "Web of Science", ("read", "good"))
    assert found.urls == ("http://a.org/1",)
    left = dict(found.other)
    assert (left["secondary-author"], left["custom2"], left["rec-number"]) == ("Roe, Rita", "PMC1", "12")
    assert (left["auth-address"], left["pdf-url"]) == ("Nowhere", "internal-pdf://1.pdf")


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ('<ref-type name="Book Section">5</ref-type>', "chapter"), ('<ref-type name="Thesis">32</ref-type>', "thesis"),
        ('<ref-type name="Conference Paper">47</ref-type>', "conference"), ("<ref-type>17</ref-type>", "article"),
        ('<ref-type name="Report">10</ref-type>', "report"),  # Papers has its own numbers, and EndNote's names
        ('<ref-type name="Unpublished Work">34</ref-type>', "report"), ("<ref-type>999999999999</ref-type>", "other"),
        ('<ref-type name="Music">61</ref-type>', "other"), ("", None),
    ],
)  # fmt: skip
def test_types(kind, meant):
    assert one(TITLE, kind).type == meant


def test_a_type_of_which_ours_says_less_is_kept():
    assert ("ref-type", "Newspaper Article") in one(TITLE, '<ref-type name="Newspaper Article">23</ref-type>').other
    assert one(TITLE).other == ()


def test_what_contradicts_or_is_none_is_left():
    found = one(f"{TITLE}<dates><year>in press</year></dates><electronic-resource-num>none</electronic-resource-num>")
    assert (found.year, found.doi, dict(found.other)) == (
        None, None, {"year": "in press", "electronic-resource-num": "none"}
    )  # fmt: skip
    book = one(f"{TITLE}<pages>xii, 340</pages>", '<ref-type name="Book">6</ref-type>')
    assert (book.pages, ("pages", "xii, 340") in book.other) == (None, True)
    assert one(f"{TITLE}<dates><year>2020</year><pub-dates><date>2019 Dec</date></pub-dates></dates>").warnings == (
        "pub-date says 2019, the year taken is 2020",
    )


def test_the_doi_of_a_link_is_taken_where_no_field_has_one():
    assert one(f"{TITLE}<urls><related-urls><url>https://doi.org/10.1000/x</url></related-urls></urls>").doi == "10.1000/x"


def test_a_retraction_is_told():
    assert one(f"{TITLE}<work-type>Journal Article; Retracted Publication</work-type>").notices == ("retracted",)


def test_a_record_that_says_nothing_of_a_paper_is_rejected():
    data = file(TITLE, '<database>My.enl</database><ref-type name="Book">6</ref-type><rec-number>9</rec-number>', "", TITLE)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.starts, len(parsed.references), len(parsed.rejected)) == (4, 2, 2)
    assert {piece.reason for piece in parsed.rejected} == {"the record has no element that says anything about a paper"}
    assert parsed.rejected[0].data.startswith(b"<record><database>My.enl")


def test_control_characters_that_xml_forbids_are_read_as_white_space():
    data = file("<titles><title>Ki\x0bte&#x1f;s\x00 fly</title></titles>")
    parsed = detect.read(data)
    accounted(parsed, data)
    assert [one.title for one in parsed.references] == ["Ki te s fly"]


@pytest.mark.parametrize(
    "broken",
    [b"<record><titles><title>R & D</titles></record>", b"<record><titles><title>x</record>", b"<record>", b"<record></titles>",
     b"<record><!-- </record>"],
)  # fmt: skip
def test_a_broken_record_takes_no_other_with_it(broken):
    data = file(TITLE, TITLE).replace(b"</record>\n", b"</record>\n" + broken + b"\n")
    parsed = detect.read(data)
    accounted(parsed, data)
    assert [one.title for one in parsed.references] == ["Kites", "Kites"]
    [piece] = parsed.rejected
    assert (piece.data.strip(), piece.line) == (broken, 3)


def test_bare_ampersands_and_bytes_of_windows_are_mended():
    data = file(TITLE, "<titles><title>Care & kites</title></titles>", TITLE).replace(b"Care", b"Caf\xe9")
    parsed = detect.read(data)
    accounted(parsed, data)
    assert [one.title for one in parsed.references] == ["Kites", "Café & kites", "Kites"]
    assert parsed.rejected == ()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_record_that_lost_its_beginning_is_kept(number):
    data = file(*[TITLE] * 3)
    at = [match.start() for match in re.finditer(rb"<record>", data)][number - 1]
    damaged = data[:at] + b"<recrd>" + data[at + 8 :]
    parsed = endnote_xml.parse(damaged)
    accounted(parsed, damaged)
    assert (len(parsed.references), len(parsed.rejected)) == (2, 1)
    assert parsed.rejected[0].data.strip().startswith(b"<recrd>" + TITLE.encode())


def test_a_file_that_breaks_off_behind_a_record_says_so():
    data = file(TITLE, TITLE)
    parsed = detect.read(data[: data.rindex(b"</record>") + 9])
    assert (len(parsed.references), parsed.rejected) == (2, ())
    assert "no record begins behind line 3" in parsed.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_follows_a_break_in_a_file_of_wide_characters_is_kept(encoding):
    text = "\ufeff<xml><records>" + f"<record>{TITLE}</record>" * 2 + "<record></title></record>" + TAIL
    data = text.encode(encoding)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert [one.title for one in parsed.references] == ["Kites", "Kites"]
    [piece] = parsed.rejected
    assert piece.data == data[len(text[: text.index("<record></title>")].encode(encoding)) :]


@pytest.mark.fault(42)
def test_an_entity_is_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "kites"><!ENTITY b "&a;&a;&a;&a;">]>\n<xml><records>'
    data = file("<titles><title>&b;</title></titles>", TITLE, head=bomb)
    parsed = endnote_xml.parse(data)
    accounted(parsed, data)
    assert all("kites" not in (one.title or "") for one in parsed.references)
    assert parsed.starts == 2


@pytest.mark.fault(89)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding, newline):
    declared = "UTF-8" if encoding == "utf-8-sig" else "windows-1252" if encoding == "cp1252" else encoding
    text = HEAD.replace("UTF-8", declared) + "\n<record><titles><title>Größe</title></titles></record>\n" * 2 + TAIL
    data = text.replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.format, [one.title for one in parsed.references]) == ("endnote_xml", ["Größe", "Größe"])
    for one_ in parsed.references:
        inside = data[one_.offset : one_.offset + one_.length].decode("utf-16-le" if encoding == "utf-16" else encoding)
        assert inside.startswith("<record>")
        assert inside.endswith("</record>")


@pytest.mark.parametrize(
    "data",
    [b"<xml><a/></xml>", b"<records><record><id>1</id></record></records>", b"<xml>", b"", b"<html><body/></html>",
     b"<PubmedArticleSet/>"],
)  # fmt: skip
def test_other_files_are_not_claimed(data):
    assert detect.read(data).format != "endnote_xml"


def test_a_document_of_others_is_rejected_and_an_empty_list_is_not():
    assert [one.data for one in endnote_xml.parse(b"<a/>").rejected] == [b"<a/>"]
    assert endnote_xml.parse(b"<xml><records/></xml>").starts == 0


def test_a_list_without_the_outer_element_is_read():
    data = f'<records><record><ref-type name="Book">6</ref-type>{TITLE}</record></records>'.encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.references[0].type) == ("endnote_xml", 1, "book")


@pytest.mark.fault(60)
def test_many_broken_records_take_no_more_than_linear_time():
    data = file(*["<titles><title>never closed"] * 3_000)
    assert endnote_xml.parse(data).starts == 3_000


# Any bytes, and what is written reads back.


def written(papers):
    def element(name, value):
        return f"<{name}>{styled(escape(value))}</{name}>" if value else ""

    return file(
        *(
            '<ref-type name="Journal Article">17</ref-type><contributors><authors>'
            + "".join(element("author", name) for name in paper.authors)
            + f"</authors></contributors><titles>{element('title', paper.title)}</titles>{element('pages', paper.pages)}"
            + f"<dates>{element('year', str(paper.year))}</dates>{element('electronic-resource-num', paper.doi)}"
            + element("abstract", paper.abstract)
            for paper in papers
        )
    )


@given(PAPERS)
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(papers):
    data = written(papers)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.format, parsed.rejected, parsed.warnings) == ("endnote_xml", (), ())
    assert [read(reference) for reference in parsed.references] == [
        Paper(markup.plain(one.title), one.authors, one.year, one.doi, one.pages, markup.plain(one.abstract or ""))
        for one in papers
    ]


@given(
    PAPERS, st.integers(0, 5_000), st.sampled_from([b"<", b">", b"&", b"", b"\x00", b"\xff", b'"', b"</record>", b"<record>"])
)
@settings(max_examples=40, deadline=None)
def test_damage_in_one_record_leaves_the_others(papers, at, put):
    whole = written(papers)
    at %= len(whole)
    data = whole[:at] + put + whole[at + 1 :]
    parsed = endnote_xml.parse(data)
    accounted(parsed, data)
    before = [one for one in endnote_xml.parse(whole).references if one.offset + one.length <= at]
    assert [read(one) for one in parsed.references[: len(before)]] == [read(one) for one in before]
    begun = len(re.findall(rb"<record>", data))
    assert parsed.starts >= begun - 1  # a beginning inside a record that is whole is part of it


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=40, deadline=None)
@example(b"<record>" * 300, True)
def test_no_bytes_raise(data, begun):
    data = HEAD.encode() * begun + data
    if data:
        accounted(endnote_xml.parse(data), data)
