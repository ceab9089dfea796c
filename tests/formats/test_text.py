import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import dates, fields, people
from tasks.formats.text import clean, damaged, decode, outside, protect


@pytest.mark.parametrize(
    ("data", "encoding", "lines"),
    [
        ("Zoë\nb".encode(), "utf-8", ["Zoë", "b"]),
        (codecs.BOM_UTF8 + "Zoë\r\n".encode(), "utf-8", ["Zoë"]),
        ("Zoë – b\r".encode("cp1252"), "cp1252", ["Zoë – b"]),
        (codecs.BOM_UTF16_LE + "Zoë\r\n😀\n".encode("utf-16-le"), "utf-16-le", ["Zoë", "😀"]),
        (codecs.BOM_UTF16_BE + "Zoë\n".encode("utf-16-be"), "utf-16-be", ["Zoë"]),
        (b"a\r\r\nb\rc\n\nd", "utf-8", ["a ", "b", "c", "", "d"]),
        (b"first file\n" + codecs.BOM_UTF8 + b"second file", "utf-8", ["first file", "second file"]),
        (b"one\x0btwo\x1cthree\n", "utf-8", ["one\x0btwo\x1cthree"]),
        (b"", "utf-8", []),
    ],
)
def test_encodings_and_line_ends(data, encoding, lines):
    text = decode(data)
    assert (text.encoding, text.lines) == (encoding, lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_offsets_are_of_bytes(encoding):
    data = "TY  - JOUR\r\nTI  - Größe\r\nER  - \r\n".encode(encoding)
    text = decode(data)
    offset, length = text.span(1, 1)
    assert data[offset : offset + length].decode(text.encoding) == "TI  - Größe\r\n"
    assert text.offsets[-1] == len(data)


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda value: value.encode("utf-16", "surrogatepass")))
@settings(max_examples=40, deadline=None)
def test_lines_cover_the_file_without_gaps(data):
    text = decode(data)
    assert len(text.offsets) == len(text.lines) + 1
    assert text.offsets == sorted(text.offsets)
    assert text.offsets[0] in (0, 2, 3)
    assert text.offsets[-1] == len(data) or not text.lines


def test_one_broken_letter_does_not_make_utf8_windows_1252():
    text = decode("é à ü ".encode() + b"\xc3\n")
    assert text.encoding == "utf-8"
    assert text.lines == ["é à ü \ufffd"]
    assert text.warnings == ("1 sequence of bytes not valid as UTF-8, read as U+FFFD",)


def test_letters_of_the_old_macintosh():
    written = "Gómez, José: Étude de l’été à Málaga, réélection"
    text = decode(written.encode("mac-roman"))
    assert (text.encoding, text.lines) == ("mac-roman", [written])
    assert "Mac OS Roman" in text.warnings[0]


@pytest.mark.parametrize(
    "written", ["Café “Größe” child’s l’été parent–child €5", "Šimůnek žena œuvre".replace("ů", "u"), "Ÿ Ž ‡ kites•wind word™s"]
)
def test_windows_is_not_taken_for_the_macintosh(written):
    text = decode(written.encode("cp1252"))
    assert (text.encoding, text.lines) == ("cp1252", [written])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding):
    data = "TY  - JOUR\r\nTI  - Größe\r\nER  - \r\n".encode(encoding)
    text = decode(data)
    assert (text.encoding, text.lines, text.offsets[0]) == (encoding, ["TY  - JOUR", "TI  - Größe", "ER  - "], 0)
    assert data[slice(text.offsets[1], text.offsets[2])].decode(encoding) == "TI  - Größe\r\n"


def test_zeros_in_other_places_are_no_utf16():
    assert decode(b"\0" * 100).encoding == "utf-8"
    assert decode(b"a\0\0\0" * 100).encoding == "utf-8"


def test_bytes_without_a_letter_in_windows_1252_are_reported():
    text = decode(b"caf\xe9 \x81")
    assert text.lines == ["café \ufffd"]
    assert text.warnings == ("1 byte unknown to Windows-1252, read as U+FFFD",)


def test_replacement_character_of_the_source_is_kept_and_reported_per_field():
    assert damaged((("title", "Ros\ufffd"), ("authors", ("A", "M\ufffdller")), ("journal", None), ("abstract", "fine"))) == (
        "U+FFFD in title",
        "U+FFFD in authors",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  two \t words\u00a0here ", "two words here"),
        ("Arts &amp; Humanities &#233; &#x2013; &nbsp; end", "Arts & Humanities é – end"),
        ("a?x=1&copy=2&section=3", "a?x=1&copy=2&section=3"),
        ("&notanentity; &amp;amp;", "&notanentity; &amp;"),
        ("be\x00ll\x07", "bell"),
        ("\u200f  ", "\u200f"),
        (" \r ", None),
        ("", None),
    ],
)
def test_clean(value, expected):
    assert clean(value) == expected


@given(st.text() | st.from_regex(r"(&(amp|lt|#\d\d|#x[0-9A-F]{2});?){1,3}"))
@settings(max_examples=40, deadline=None)
def test_protect_undoes_clean(value):
    cleaned = clean(value)
    if cleaned is not None:
        assert clean(protect(cleaned)) == cleaned


def test_neighbouring_strays_share_a_warning():
    assert outside([(2, "a"), (3, "b"), (9, "c" * 99)], "text") == ("lines 3 to 4: text: 'a'", f"line 10: text: '{'c' * 59}…'")


@pytest.mark.parametrize(
    ("value", "year", "iso", "rest"),
    [
        ("2021/06//", 2021, "2021-06", False),
        ("2021/06/05/", 2021, "2021-06-05", False),
        ("2021/6/5", 2021, "2021-06-05", False),
        ("2005///", 2005, "2005", False),
        ("2005", 2005, "2005", False),
        ("20210605", 2021, "2021-06-05", False),
        ("2021-06-05T10:00:00Z", 2021, "2021-06-05", False),
        ("2006/01/13 09:00", 2006, "2006-01-13", False),
        ("12 June 2021", 2021, "2021-06-12", False),
        ("June 12th, 2021", 2021, "2021-06-12", False),
        ("2021 Jun 5", 2021, "2021-06-05", False),
        ("1996 Jul", 1996, "1996-07", False),
        ("Jun2021", 2021, "2021-06", False),
        ("2012 Jul-Aug", 2012, "2012-07", True),
        ("12-15 June 2021", 2021, "2021-06", True),
        ("Summer2021", 2021, "2021", True),
        ("2021///Spring", 2021, "2021", True),
        ("2020///Jun2020", 2020, "2020-06", False),
        ("2020///Jun2019", 2020, "2020", True),
        ("Article 10 2019", 2019, "2019", True),
        ("05/06/2021", 2021, "2021", True),
        ("2021/02/30/", 2021, "2021-02", True),
        ("2021/13//", 2021, "2021", True),
        ("1998-2004", 1998, "1998", True),
        ("Start date: 20170812", 2017, "2017-08-12", True),
        ("Id 20179912", None, None, False),
        ("0000", None, None, False),
        ("Marching 12", None, None, False),
        ("in press", None, None, False),
        ("", None, None, False),
    ],
)
def test_dates(value, year, iso, rest):
    assert dates.read(value) == dates.Date(year, iso, rest)


def test_a_month_alone_needs_a_year_from_elsewhere():
    assert dates.read("DEC", 2019) == dates.Date(2019, "2019-12", False)
    assert dates.read("MAR 15", 2019) == dates.Date(2019, "2019-03-15", False)
    assert dates.read("DEC") == dates.Date()


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{4}([/ -][0-9A-Za-z]{0,4}){0,3}"))
@settings(max_examples=40, deadline=None)
def test_any_date_gives_a_year_that_fits_its_iso_form(value):
    date = dates.read(value)
    assert (date.iso is None) == (date.year is None)
    if date.iso:
        assert dates.read(date.iso) == dates.Date(date.year, date.iso, False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("doi: 10.1000/abc.", "10.1000/abc"),
        ("DOI:10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000/abc?x=1", "10.1000/abc"),
        ("http://dx.doi.org/10.1000%2Fabc%28x%29", "10.1000/abc(x)"),
        ("10.1000%2Fabc", "10.1000/abc"),
        ("http://dx.doi.org.libproxy.example.ac.uk/10.1000/abc", "10.1000/abc"),
        ("https://journal.example.org/doi/10.1000/abc/full?src=x", "10.1000/abc"),
        ("10.1016/S0027-9684(15)31340-7", "10.1016/s0027-9684(15)31340-7"),
        ("(doi 10.1000/abc)", "10.1000/abc"),
        ("10.1000/abc [doi]", "10.1000/abc"),
        ("10.1002/(SICI)1097(1998)17:15<1::AID-S1>3.0.CO;2-2", "10.1002/(sici)1097(1998)17:15<1::aid-s1>3.0.co;2-2"),
        ("DOI 1", None),
        ("version 10.1", None),
        ("10.1000/.", None),
        ("", None),
        (None, None),
    ],
)
def test_doi(value, expected):
    assert fields.doi(value) == expected


def test_a_sentence_that_mentions_a_doi_is_no_doi():
    assert fields.is_doi("doi: 10.1000/abc")
    assert fields.is_doi("https://doi.org/10.1000/abc")
    assert not fields.is_doi("Erratum to 10.1000/abc")
    assert not fields.is_doi("10.1000/abc is wrong")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("476", "481", "476-481"),
        ("476", "81", "476-481"),
        ("475-82", None, "475-482"),
        ("470-487", None, "470-487"),
        ("470–487", "487", "470-487"),
        ("p. 12", None, "12"),
        ("pp. 12-19", None, "12-19"),
        ("7121", "7121", "7121"),
        ("S12", "S19", "S12-S19"),
        ("N.PAG", "N.PAG", None),
        ("No Pagination Specified", None, None),
        ("e0815", None, "e0815"),
        ("2-xx, 320", None, "2-xx, 320"),
        (None, "12", "12"),
        ("No", "Specified", None),
        ("41103-1", None, "41103-1"),
        ("e123", "e130", "e123-e130"),
        ("S12-5", None, "S12-5"),
        ("123-+", None, "123-+"),
        (None, None, None),
    ],
)
def test_pages(first, last, expected):
    assert fields.pages(first, last) == expected


@pytest.mark.parametrize(
    ("value", "issn", "isbn"),
    [
        ("0145-2134, 0145-2134", ("0145-2134",), ()),
        ("0145-213X 1873-7757", ("0145-213X", "1873-7757"), ()),
        ("1999-7777(Electronic),0222-6666(Print)", ("1999-7777", "0222-6666"), ()),
        ("10900233 (ISSN)", ("1090-0233",), ()),
        ("ISSN-1042-1629", ("1042-1629",), ()),
        ("0-415-30980-8 (alk. paper)", (), ("0415309808",)),
        ("978 0 415 30980 8", (), ("9780415309808",)),
        ("9780415309808; 0145-2134", ("0145-2134",), ("9780415309808",)),
        ("ED123456", (), ()),
        ("12345678901", (), ()),
    ],
)
def test_serial_numbers(value, issn, isbn):
    assert fields.serials(value) == (issn, isbn)


@pytest.mark.parametrize(
    ("value", "links", "rest"),
    [
        ("https://a.example/x", ("https://a.example/x",), None),
        ("http://a.example/x;http://b.example/", ("http://a.example/x", "http://b.example/"), None),
        ("http://a.example/x http://b.example/y", ("http://a.example/x", "http://b.example/y"), None),
        ("https://p.example/login?url=http://a.example", ("https://p.example/login?url=http://a.example",), None),
        ("someone@a.example", (), "someone@a.example"),
        ("ORCID: 0000-0001-0000-0002 https://a.example/x", ("https://a.example/x",), "ORCID: 0000-0001-0000-0002"),
        ("www.a.example", (), "www.a.example"),
        ("ftp://a.example", (), "ftp://a.example"),
        ("javascript:alert(1)", (), "javascript:alert(1)"),
        ("http://", (), "http://"),
    ],
)
def test_urls(value, links, rest):
    assert fields.urls(value) == (links, rest)


def test_an_abstract_that_is_absent_and_a_copyright_that_is_no_abstract():
    assert fields.abstract(["NA"]) == (None, ())
    assert fields.abstract(["n/a"]) == (None, ())
    tail = "Copyright of Invented Letters is the property of Nobody Ltd and its content may not be copied."
    assert fields.abstract([f"We asked. {tail}"]) == ("We asked.", (tail,))
    assert fields.abstract(["We asked.", tail]) == ("We asked.", (tail,))
    assert fields.abstract(["Copyright of maps was studied."]) == ("Copyright of maps was studied.", ())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Doe,J.A.", ("Doe, J.A.",)),
        ("Doe, Jane; Roe, R", ("Doe, Jane", "Roe, R")),
        ("Doe Jane", ("Doe Jane",)),
        ("Doe, Jane,", ("Doe, Jane",)),
    ],
)
def test_names_of_tagged_formats(value, expected):
    assert fields.names(value) == (expected, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Smith, J., Jones, K., Doe, A.", ("Smith, J.", "Jones, K.", "Doe, A.")),
        ("Smith, J. and Jones, K.", ("Smith, J.", "Jones, K.")),
        ("Smith, J.; Jones, K., Doe, A.", ("Smith, J.", "Jones, K.", "Doe, A.")),
        ("Smith J, de la Cruz MA, Öz Ç", ("Smith J", "de la Cruz MA", "Öz Ç")),
        ("Smith J, Jones K", ("Smith J, Jones K",)),  # two parts may be one name
        ("King, Martin Luther, Jr.", ("King, Martin Luther, Jr.",)),
        (
            "Department of Health, Social Services and Public Safety",
            ("Department of Health, Social Services and Public Safety",),
        ),
        ("Home Office, Border Force and HM Revenue", ("Home Office, Border Force and HM Revenue",)),
        ("World Health Organization", ("World Health Organization",)),
    ],
)
def test_several_names_in_one_field(value, expected):
    assert fields.names(value) == (expected, None)


def test_et_al_is_nobody():
    assert fields.names("Doe, J.; et al.") == (("Doe, J.",), "et al.")
    assert fields.names("And Others") == ((), "And Others")
    assert fields.names("Kamal") == (("Kamal",), None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Smith A, Walter B", ("Smith A", "Walter B")),
        ("Yagi T., Kimu Y., de la Cruz M.-L.", ("Yagi T.", "Kimu Y.", "de la Cruz M.-L.")),
        ("Smith, A.; Doe, B.", ("Smith, A.", "Doe, B.")),
        ("Smith, Anna and Doe, Ben", ("Smith, Anna", "Doe, Ben")),
        ("Smith A, Jones B and Doe C", ("Smith A", "Jones B", "Doe C")),
        ("Smith, A., Doe, B.", ("Smith, A.", "Doe, B.")),
        ("Smith, John Paul", ("Smith, John Paul",)),
        ("de Vries, Anna Maria", ("de Vries, Anna Maria",)),
        ("John Smith, Jane Doe", ("John Smith", "Jane Doe")),
        ("Ministry of Kites", ("Ministry of Kites",)),
        ("King, Martin, Jr.", ("King, Martin, Jr.",)),
        ("", ()),
    ],
)
def test_names_in_one_cell(cell, expected):
    assert people.names(cell)[0] == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("29097493", "29097493"), ("29097493[pmid]", "29097493"), ("PMID: 29097493", "29097493"), ("0", None), ("abc", None)],
)
def test_pmid(value, expected):
    assert fields.pmid(value) == expected
