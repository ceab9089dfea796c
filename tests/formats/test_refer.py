import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, refer
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read, spans

ARTICLE = """\
%0 Journal Article
%A Doe, Jane
%A Geoffrey Roe
%+ Univ Kite, Kiteham
%T Kites and care
%J Kite Letters
%V 12
%N 3
%P 476-81
%D 2021
%8 June 5
%R https://doi.org/10.1000/KITE.1
%@ 0145-2134
%M 12345678
%~ PubMed
%W NLM
%G eng
%K kites; wind
rain
%X We flew kites.
UK teams flew 50
% of them.

They fell.
%Z Read twice.
%U https://kites.example/1
https://kites.example/2
%1 custom
%! Kites and care
"""
BOOK = """\
%0 Edited Book
%E Poe, E.
%T Größe
%B Toys
%I Nobody Ltd
%C Kiteham
%P 254
%@ 978-0-415-30980-8
%D 2001
"""
DIGITAL_COMMONS = """\
%T Kites
%0 Journal Article
%A Doe, Jane
%B Kite Letters
%D 2021


%T Contents
%B Kite Letters
%D 2021


%T Wind
%0 Journal Article
%A Roe, R.
%D 2020
"""
FILE = ARTICLE + "\n" + BOOK + "\n"
OLD = "%T One\n%A Jane Doe\n%D 1982\n\n%A Rae Roe\n%T Two\n%J Kite Lett\n\n%D 1983\n%K kites\n"


def test_an_article():
    found = refer.parse(FILE.encode()).references[0]
    assert (found.type, found.title, found.authors) == ("article", "Kites and care", ("Doe, Jane", "Geoffrey Roe"))
    assert (found.year, found.date, found.journal, found.volume, found.issue) == (2021, "2021-06-05", "Kite Letters", "12", "3")
    assert (found.pages, found.doi, found.issn, found.language) == ("476-481", "10.1000/kite.1", ("0145-2134",), "eng")
    assert (found.accession, found.pmid, found.database) == ("12345678", "12345678", "PubMed")
    assert found.keywords == ("kites", "wind", "rain")
    assert found.abstract == "We flew kites. UK teams flew 50 % of them. They fell."
    assert (found.notes, found.urls) == (("Read twice.",), ("https://kites.example/1", "https://kites.example/2"))
    assert set(found.other) == {("%W", "NLM"), ("%+", "Univ Kite, Kiteham"), ("%1", "custom")}


def test_a_book():
    found = refer.parse(FILE.encode()).references[1]
    assert (found.type, found.title, found.journal, found.publisher) == ("book", "Größe", "Toys", "Nobody Ltd")
    assert (found.pages, found.isbn, found.authors) == (None, ("9780415309808",), ())
    assert {("%P", "254"), ("%E", "Poe, E."), ("%0", "Edited Book"), ("%C", "Kiteham")} <= set(found.other)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Journal Article", "article"),
        ("Newspaper Article", "article"),
        ("Book Section", "chapter"),
        ("Thesis", "thesis"),
        ("Electronic Book", "book"),
        ("Conference Proceedings", "conference"),
        ("Government Document", "report"),
        ("Web Page", "webpage"),
        ("Dataset", "dataset"),
        ("Generic", "other"),
        ("Unpublished Work", "report"),
        ("Personal Communication", "other"),
    ],
)
def test_types(name, kind):
    (found,) = refer.parse(f"%0 {name}\n%T Kites\n".encode()).references
    plain = {"Journal Article", "Book Section", "Thesis", "Web Page", "Dataset", "Generic"}
    assert (found.type, found.other) == (kind, () if name in plain else (("%0", name),))


def test_what_is_no_doi_is_kept():
    (found,) = refer.parse(b"%0 Report\n%T Kites\n%R TR-7\n%U http://dx.doi.org/10.1000/x\n").references
    assert (found.doi, found.other) == ("10.1000/x", (("%R", "TR-7"),))


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("last", ["", "\n"])
def test_bytes_around_the_records_do_not_matter(newline, encoding, last):
    data = (FILE.rstrip() + last).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.rejected, parsed.warnings) == ("refer", 2, (), ())
    assert parsed.references[1].title == "Größe"
    first, second = spans(parsed, data)
    assert (first.split()[1], first.split()[-1], second.split()[1], second.split()[-1]) == ("Journal", "care", "Edited", "2001")
    accounted(parsed, data)


@pytest.mark.parametrize(
    ("text", "count", "warnings"),
    [
        (ARTICLE + BOOK, 2, 0),  # no blank line between
        (FILE + FILE, 4, 0),
        (FILE + "\ufeff" + FILE, 4, 0),
        (OLD, 3, 0),  # no %0 anywhere: blank lines part the records
        (ARTICLE + "\n" + BOOK.removeprefix("%0 Edited Book\n"), 2, 0),  # one without %0 among others
        (BOOK + "\n%A Roe, R.\n%T Two\n", 2, 0),
        (ARTICLE.replace("%Z Read", "\n%Z Read"), 1, 1),  # a blank line inside a record
        (ARTICLE.replace("%A Doe", "\n%A Doe"), 1, 1),
        (DIGITAL_COMMONS, 3, 0),
        (ARTICLE.replace("%0 Journal Article\n", "") + BOOK, 2, 0),  # the first one without %0, and no blank line
        ("Saved by somebody\n\n" + FILE + "\nthe end\n", 2, 2),
    ],
)
def test_records_are_counted_whatever_is_missing(text, count, warnings):
    parsed = detect.read(text.encode())
    assert (parsed.format, len(parsed.references), parsed.rejected, len(parsed.warnings)) == ("refer", count, (), warnings)
    accounted(parsed, text.encode())


def test_a_type_below_the_title():
    kites, contents, wind = refer.parse(DIGITAL_COMMONS.encode()).references
    assert (kites.type, kites.title, kites.authors, kites.journal) == ("article", "Kites", ("Doe, Jane",), "Kite Letters")
    assert (contents.type, contents.title, contents.authors) == (None, "Contents", ())
    assert (wind.type, wind.title, wind.year) == ("article", "Wind", 2020)


def test_old_records():
    one, two, three = refer.parse(OLD.encode()).references
    assert (one.title, one.authors, one.year, one.type) == ("One", ("Jane Doe",), 1982, None)
    assert (two.title, two.journal, three.keywords) == ("Two", "Kite Lett", ("kites",))


def test_records_without_a_field_are_rejected():
    data = b"%0 Journal Article\n\n%0 Book\n%T \n\n%0 Book\n%T Kites\n"
    parsed = detect.read(data)
    assert [(piece.line, piece.data) for piece in parsed.rejected] == [(1, b"%0 Journal Article\n"), (3, b"%0 Book\n%T \n")]
    assert len(parsed.references) == 1
    assert detect.read(b"%0 Journal Article").starts == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "% a comment\n%T\n",
        "%PDF-1.4\n",
        "% of kites\n@article{doe, title={Kites}}",
        "%A and %B\n",
        "%T Kites\n\n%A Doe\n",
        "title,year\n%0 of kites,2001\n",
        "%0\n%T\n",
    ],
)
def test_other_texts_are_not_taken_for_it(text):
    assert refer.first(refer.decode(text.encode())) is None


def _written(papers):
    lines = []
    for paper in papers:
        values = [("%0", "Journal Article"), *(("%A", name) for name in paper.authors), ("%T", paper.title), ("%D", paper.year)]
        values += [("%P", paper.pages), ("%R", paper.doi), ("%X", paper.abstract)]
        lines += [f"{tag} {value}" for tag, value in values if value] + [""]
    return "\n".join(lines)


@given(PAPERS, st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, newline, encoding):
    data = _written(papers).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("refer", len(papers))
    assert [read(found) for found in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)


LINES = st.sampled_from(
    ["%0 Book", "%0", "%A Doe, J", "%T Kites", "%T", "%X we", "%K a;", "", " ", "text", "% x", "\ufeff%0 Book", "%D 20"]
)


@given(
    st.lists(LINES | st.text(max_size=12), max_size=14).map("\n".join).map(lambda text: text.encode(errors="replace"))
    | st.binary()
)
@settings(max_examples=40, deadline=None)
def test_anything_is_accounted_for(data):
    accounted(refer.parse(data), data)


@given(st.integers(0, len(FILE.encode())), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_cut_and_flipped_files_are_accounted_for(at, byte):
    data = FILE.encode()
    for changed in (data[:at], data[at:], data[:at] + bytes([byte]) + data[at + 1 :]):
        accounted(refer.parse(changed), changed)
