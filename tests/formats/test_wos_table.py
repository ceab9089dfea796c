import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, wos_table, wos_tagged
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read

COLUMNS = ("PT", "AU", "BA", "BE", "AF", "CA", "TI", "SO", "SE", "LA", "DT", "DE", "ID", "AB", "C1", "CR", "TC", "SN", "EI",
           "BN", "PD", "PY", "VL", "IS", "BP", "EP", "AR", "DI", "UT", "PM", "DA")  # fmt: skip
ARTICLE = {
    "PT": "J", "AU": "Doe, J; Roe, RR", "AF": "Doe, Jane; Roe, Richard R.", "TI": '"Kites" and care', "SO": "KITE LETTERS",
    "LA": "English", "DT": "Article; Retracted Publication", "DE": "kites; wind", "AB": "We flew.", "TC": "4",
    "SN": "0145-2134", "PD": "MAR 20", "PY": "2018", "VL": "12", "IS": "1", "BP": "476", "EP": "81", "DI": "10.1000/KITE",
    "UT": "WOS:0001", "PM": "29377890", "CR": "Poe E, 1999, KITE LETT, V1; Moe M, 2000, KITE LETT", "DA": "2020-11-06",
}  # fmt: skip
CHAPTER = {
    "PT": "S",
    "AU": "Öz, C",
    "BE": "Poe, E",
    "TI": 'Größe "in the',
    "SO": "TOYS",
    "DT": "Proceedings Paper",
    "PY": "2001",
}


def table(*records, more=""):
    lines = [COLUMNS, *([record.get(tag, "") for tag in COLUMNS] for record in records)]
    return "".join("\t".join(cells) + more + "\n" for cells in lines)


def test_an_article_reads_as_in_the_plain_text():
    [found] = wos_table.parse(table(ARTICLE).encode()).references
    tagged = "".join(f"{tag} {value}\n" for tag, value in ARTICLE.items())
    [same] = wos_tagged.parse(f"{tagged}ER\n".encode()).references
    assert (found.title, found.authors) == ('"Kites" and care', ("Doe, Jane", "Roe, Richard R."))
    assert (found.pages, found.doi, found.pmid, found.notices) == ("476-481", "10.1000/kite", "29377890", ("retracted",))
    for name in (
        "type",
        "title",
        "authors",
        "date",
        "journal",
        "volume",
        "issue",
        "keywords",
        "accession",
        "database",
        "other",
    ):
        assert getattr(found, name) == getattr(same, name), name


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("more", ["", "\t"])
def test_bytes_around_the_rows_do_not_matter(newline, encoding, more):
    data = table(ARTICLE, CHAPTER, more=more).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts, parsed.rejected, parsed.warnings) == ("wos_table", 2, (), ())
    assert [one.title for one in parsed.references] == ['"Kites" and care', 'Größe "in the']
    accounted(parsed, data)


def test_joined_files_have_several_headers():
    data = (table(ARTICLE) + "\n" + table(CHAPTER)).encode()
    assert [one.year for one in wos_table.parse(data).references] == [2018, 2001]


def test_rows_that_are_cut_or_say_nothing_are_rejected():
    data = (table(ARTICLE) + "J\tDoe, J\n" + "J" + "\t" * (len(COLUMNS) - 1) + "\n").encode()
    parsed = detect.read(data)
    assert (parsed.starts, len(parsed.references)) == (3, 1)
    assert [one.reason for one in parsed.rejected] == ["the row has 2 cells, the header 31", "the row says nothing"]
    accounted(parsed, data)


@pytest.mark.parametrize("data", [b"", b"PT\tAU\tTI\n", b"title\tyear\nPT AU TI SO PY\n", b"PT,AU,TI,SO,PY\n"])
def test_other_tables_are_not_claimed(data):
    assert detect.read(data).format != "wos_table"


def _written(paper):
    start, _, end = (paper.pages or "").partition("-")
    cells = {
        "PT": "J", "AU": "; ".join(paper.authors), "TI": paper.title, "SO": "KITE LETTERS", "PY": str(paper.year),
        "BP": start, "EP": end, "DI": paper.doi or "", "AB": paper.abstract or "",
    }  # fmt: skip
    return {tag: value.replace("\t", " ") for tag, value in cells.items()}


@given(PAPERS, st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, newline, encoding):
    data = table(*map(_written, papers)).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.rejected) == ("wos_table", ())
    assert [read(one) for one in parsed.references] == [cleaned(paper) for paper in papers]


FILE = table(ARTICLE, CHAPTER).encode()


@given(st.binary(max_size=200), st.integers(0, len(FILE)), st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_anything_is_accounted_for(put, at, cut):
    for data in (put, FILE[:at] + put + FILE[at + cut :], FILE[:at]):
        accounted(wos_table.parse(data), data)
