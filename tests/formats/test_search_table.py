"""Tables of search engines: of the web, and of Google Scholar by Publish or Perish."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import search_table
from tasks.formats.detect import read
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned
from tests.formats.invented import read as as_read

WEB = (
    "position,title,link,displayed_link,snippet,date,source\n"
    "1,[PDF] Kinship care in towns,https://a.invalid/r.pdf?utm_source=x#p2,a.invalid › r,"
    '"Families, and what ...","Mar 5, 2021",Charity A\n'
    "2,Foster care,https://b.invalid/10.5555/ABC,b.invalid,,3 days ago,Charity B\n"
)
PERISH = (
    "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,CitationURL,Volume,Issue,"
    "StartPage,EndPage,ECC,CitesPerYear,CitesPerAuthor,AuthorCount,Age,Abstract,FullTextURL,RelatedURL\n"
    '12,"A Larsen, BC Okafor, ...","Kites, and wind",2019,"Journal of Invented Care","Invented Press",'
    '"https://a.invalid/article/1","https://scholar.google.com/scholar?cites=1234567890123456789&as_sdt=2005&hl=en",3,'
    '"2026-11-01 10:00:00","PDF","","","",0,0,0,0,12,2.40,6,2,5,"Families and what they ...","https://a.invalid/1.pdf",'
    '"https://scholar.google.com/scholar?q=related:x"\n'
    '0,"J Whitlock","A thesis",0,"","",,"",4,"2026-11-01 10:00:00","CITATION","","","",0,0,0,0,0,0.00,0,1,0,"","",""\n'
    '3,"J Whitlock, D Larsen","A chapter",2003,"A book","","https://doi.org/10.5555/x.2","",5,"2026-11-01 10:00:00","Article",'
    '"","1234-5679","",12,3,476,481,3,0.1,1,2,22,"","",""\n'
)


def test_results_of_the_web():
    parsed = read(WEB.encode())
    assert (parsed.format, parsed.starts, parsed.rejected) == ("search_table", 2, ())
    one, two = parsed.references
    assert (one.title, one.type, one.publisher, one.journal) == ("Kinship care in towns", "webpage", "Charity A", None)
    assert (one.date, one.abstract) == ("2021-03-05", "Families, and what ...")
    assert (one.accession, one.urls) == ("https://a.invalid/r.pdf", ("https://a.invalid/r.pdf?utm_source=x#p2",))
    assert dict(one.other) == {"position": "1", "displayed_link": "a.invalid › r", "label": "PDF"}
    assert (two.doi, two.year, two.abstract) == ("10.5555/abc", None, None)
    assert ("date", "3 days ago") in two.other


@pytest.mark.parametrize(
    ("header", "format"),
    [
        ("rank;title;url;snippet", "search_table"), ("Rank\tTitle\tURL\tSnippet", "search_table"),
        ("query,position,title,link,snippet", "search_table"), ("position,title,link", "table"),
        ("title,link,snippet", "table"), ("title,url,abstract,rank", "table"), ("Title,Year,DOI", "table"),
        ("Cites,Authors,Title,Year", "table"),
    ],
)  # fmt: skip
def test_only_tables_of_search_engines_are_claimed(header, format):
    row = "".join("x" if letter.isalpha() else letter for letter in header)
    assert read(f"{header}\n{row}\n".encode()).format == format


def test_the_snippet_of_any_table_is_its_abstract():
    [one] = read(b"title,link,snippet\nT,https://a.invalid/,Words\n").references
    assert one.abstract == "Words"


def test_publish_or_perish():
    data = ("\ufeff" + PERISH.replace("\n", "\r\n")).encode()
    parsed = read(data)
    assert (parsed.format, parsed.starts, parsed.rejected) == ("search_table", 3, ())
    one, two, three = parsed.references
    assert (one.title, one.year, one.journal, one.publisher) == (
        "Kites, and wind", 2019, "Journal of Invented Care", "Invented Press",
    )  # fmt: skip
    assert (one.authors, dict(one.other)["Authors"]) == (("A Larsen", "BC Okafor"), "...")
    assert (one.volume, one.issue, one.pages, one.type) == (None, None, None, None)
    assert (one.accession, one.database) == ("1234567890123456789", "Google Scholar")
    assert (one.urls, one.abstract) == (("https://a.invalid/article/1",), "Families and what they ...")
    assert dict(one.other)["FullTextURL"] == "https://a.invalid/1.pdf"
    assert (two.title, two.year, two.accession, two.urls, two.database) == ("A thesis", None, None, (), None)
    assert (three.volume, three.issue, three.pages, three.type) == ("12", "3", "476-481", "article")
    assert (three.doi, three.issn, three.authors) == ("10.5555/x.2", ("1234-5679",), ("J Whitlock", "D Larsen"))
    assert three.accession == "https://doi.org/10.5555/x.2"
    for reference in parsed.references:
        piece = data[reference.offset : reference.offset + reference.length].decode()
        assert reference.title in piece
        assert piece.endswith("\r\n")


def test_a_row_that_is_cut_short_is_rejected_with_its_bytes():
    parsed = read((PERISH + "1,A Larsen,Cut\n").encode())
    assert [piece.data for piece in parsed.rejected] == [b"1,A Larsen,Cut\n"]
    assert "3 cells" in parsed.rejected[0].reason


@given(st.sampled_from([WEB, PERISH]), st.floats(0, 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_raises_nothing(text, share, put, cut):
    data = text.encode()
    at = int(share * (len(data) - 1))
    parsed = search_table.parse(data[:at] + put + data[at + cut :])
    assert parsed.starts == len(parsed.references) + len(parsed.rejected)
    search_table.parse(put)


@given(PAPERS, st.sampled_from(NEWLINES), st.sampled_from(ENCODINGS[:3]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(papers, newline, encoding):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["position", "title", "link", "snippet", "authors", "year", "doi", "pages"])
    for rank, paper in enumerate(papers, 1):
        link, names = f"https://kites.example/{rank}", "; ".join(paper.authors)
        writer.writerow([rank, paper.title, link, paper.abstract, names, paper.year, paper.doi, paper.pages])
    data = buffer.getvalue().replace("\n", newline).encode(encoding)
    parsed = read(data)
    assert (parsed.format, parsed.rejected, parsed.warnings) == ("search_table", (), ())
    assert [as_read(one) for one in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)
