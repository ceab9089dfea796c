import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, table
from tests.formats.invented import ENCODINGS, NEWLINES, PAPERS, accounted, cleaned, read


def rows(text: str):
    return table.parse(text.encode()).references


def test_a_generic_table():
    parsed = table.parse(
        b"id,title,authors,year,journal,volume,issue,pages,doi,abstract,colour\n"
        b'7,"Kites, and\nwind","Doe, Jane; Roe, R",2021,Kite Letters,12,3,476-81,'
        b'https://doi.org/10.1000/ABC,"We ""flew"".",red\n'
    )
    (found,) = parsed.references
    assert (parsed.format, parsed.starts, parsed.warnings) == ("table", 1, ())
    assert (found.accession, found.title, found.authors) == ("7", "Kites, and wind", ("Doe, Jane", "Roe, R"))
    assert (found.year, found.date, found.journal, found.volume, found.issue) == (2021, "2021", "Kite Letters", "12", "3")
    assert (found.pages, found.doi, found.abstract, found.other) == (
        "476-481", "10.1000/abc", 'We "flew".', (("colour", "red"),),
    )  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n"])
def test_delimiters_encodings_newlines(delimiter, encoding, newline):
    text = 'Title|Year|DOI\n"Größe; of, kites"|2021|\nZoë|1999|10.1000/a'
    data = text.replace("|", delimiter).replace("\n", newline).encode(encoding)
    parsed = table.parse(data)
    assert [(r.title, r.year) for r in parsed.references] == [("Größe; of, kites", 2021), ("Zoë", 1999)]
    last = parsed.references[1]
    assert data[last.offset : last.offset + last.length].decode(parsed.encoding) == f"Zoë{delimiter}1999{delimiter}10.1000/a"


def test_pubmed_csv():
    (found,) = rows(
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
        '"11","Kites","Doe A, Roe B","Kites. 2021;1(2):10-11.","Doe A","Kite Letters",'
        '"2021","2021/12/21","PMC1","","10.1000/k"\n'
    )
    assert (found.pmid, found.accession, found.journal, found.year) == ("11", "11", "Kite Letters", 2021)
    assert found.doi == "10.1000/k"
    assert found.authors == ("Doe A", "Roe B")
    assert dict(found.other)["PMCID"] == "PMC1"


def test_scopus_csv():
    (found,) = rows(
        '"Authors","Title","Year","Source title","Volume","Issue","Art. No.","Page start","Page end","Cited by","DOI","Link",'
        '"Abstract","Author Keywords","Index Keywords","Publisher","ISSN","PubMed ID","Language of Original Document",'
        '"Document Type","Source","EID"\n'
        '"Doe J., Roe R.","Kites","2016","Kite Letters","26","4"," 7433444","","","3","10.1000/k","https://s.example/x",'
        '"[No abstract available]","kites; wind","Wind; rain","Nobody Ltd","10518223",'
        '"123","English","Article","Scopus","2-s2.0-1"\n'
    )
    assert (found.accession, found.database, found.pages, found.journal) == ("2-s2.0-1", "Scopus", "7433444", "Kite Letters")
    assert (found.keywords, found.issn, found.pmid, found.abstract) == (
        ("kites", "wind", "Wind", "rain"), ("1051-8223",), "123", None,
    )  # fmt: skip
    assert (found.type, found.language, found.urls) == ("article", "English", ("https://s.example/x",))
    assert found.authors == ("Doe J.", "Roe R.")
    assert found.other == (("Cited by", "3"),)


def test_covidence_csv():
    (found,) = rows(
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,"
        "Covidence #,Study,Notes,Tags\n"
        'Kites,"Doe, J.; Roe, R.",We flew.,2021,June,Kite Letters,1,2,3-4,PSY-1,10.1000/k,9,#12,'
        'Doe 2021,"Exclusion reason: Toys; ",red\n'
    )
    assert (found.accession, found.date, found.notes) == ("#12", "2021-06", ("Exclusion reason: Toys;",))
    assert dict(found.other) == {"Accession Number": "PSY-1", "Ref": "9", "Study": "Doe 2021", "Tags": "red"}


def test_rayyan_csv():
    (found,) = rows(
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,notes,doi,"
        "keywords,pubmed_id,pmc_id\n"
        'rayyan-123,Kites,2021,6,5,Kite Letters,0145-2134,1,2,3-4,"Doe, Jane and Roe, R",https://a.example,eng,'
        'Nobody,X,We flew.,"RAYYAN-INCLUSION: {""Ann""=>""Included""}",10.1000/k,"kites,wind",123,PMC1\n'
    )
    assert (found.accession, found.date, found.authors) == ("rayyan-123", "2021-06-05", ("Doe, Jane", "Roe, R"))
    assert found.notes == ('RAYYAN-INCLUSION: {"Ann"=>"Included"}',)
    assert (found.keywords, found.pmid, found.issn) == (("kites", "wind"), "123", ("0145-2134",))
    assert dict(found.other) == {"location": "X", "pmc_id": "PMC1"}


def test_rows_that_cannot_be_references_are_rejected_with_line_and_reason():
    data = b"title,year,doi\nKites,2021,\nShort,2021\nLong,2021,,\n,2021,none\n,,10.1000/k\n,,\n\nLast,1999,\n"
    parsed = table.parse(data)
    assert [r.title for r in parsed.references] == ["Kites", None, "Last"]
    assert [(r.line, r.reason, r.data) for r in parsed.rejected] == [
        (3, "the row has 2 cells, the header 3", b"Short,2021\n"),
        (4, "the row has 4 cells, the header 3", b"Long,2021,,\n"),
        (5, "the row has neither a title nor a DOI", b",2021,none\n"),
    ]
    assert parsed.starts == 6


def test_a_quotation_mark_that_is_never_closed_costs_one_row():
    parsed = table.parse(b'title,year,doi\nOne,2001,\n"Two,2002,\nThree,2003,\nFour,2004,\n')
    assert [r.title for r in parsed.references] == ["One", "Three", "Four"]
    assert [(r.line, r.data) for r in parsed.rejected] == [(3, b'"Two,2002,\n')]
    assert "quotation mark" in parsed.rejected[0].reason


def test_a_missing_quotation_mark_among_quoted_rows_costs_one_row():
    parsed = table.parse(b'"title","year","doi"\n"One","2001",""\n"Two,"2002",""\n"Three","2003",""\n"Four","2004",""\n')
    assert [r.title for r in parsed.references][-2:] == ["Three", "Four"]
    assert len(parsed.rejected) + len(parsed.references) == parsed.starts == 4


def test_two_rows_are_not_one_where_a_quotation_mark_goes_on_to_the_next_one():
    parsed = table.parse(b'title,year,doi\nOne,2001,\n"Two,2002,\nThree ""3"",or "so",2003,\nFour,2004,\n')
    assert [r.title for r in parsed.references] == ["One", "Four"]
    parsed = table.parse(b'title,note,year\nOne,x,2001\n2,"never closed,2002\n3,"closed" it,2003\nFour,x,2004\n')
    assert [r.title for r in parsed.references] == ["One", "3", "Four"]
    assert [r.data for r in parsed.rejected] == [b'2,"never closed,2002\n']


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_quotation_marks_in_a_table_with_tabs(newline):
    lines = (
        "id\ttitle\tyear\tabstract", '1\t"Kites" : a study\t2001\tWe flew.', '2\t"Remote care\t2002\tWe fell.',
        '3\tLike a "toddler" in care\t2003\tWe ran.', '4\t"Quoted ""by"" Excel"\t2004\t"We', 'sat.\tDown"',
        '5\t"Kites" and "wind"\t2005\t', '', '6\tLast\t2006\t"Open',
    )  # fmt: skip
    parsed = table.parse((newline.join(lines) + newline).encode())
    assert (parsed.starts, parsed.rejected) == (6, ())
    assert [r.title for r in parsed.references] == [
        '"Kites" : a study', '"Remote care', 'Like a "toddler" in care', 'Quoted "by" Excel', '"Kites" and "wind"', "Last",
    ]  # fmt: skip
    assert [r.abstract for r in parsed.references] == ["We flew.", "We fell.", "We ran.", "We sat. Down", None, '"Open']


@pytest.mark.parametrize("end", ['"', '"\n"', '"a\tb\n"', '""\n'])
def test_quotation_marks_at_the_end_of_a_table_raise_nothing(end):
    parsed = table.parse(f"title\tyear\tdoi\nKites\t2001\t\n{end}".encode())
    assert [r.title for r in parsed.references] == ["Kites"]
    assert len(parsed.rejected) == parsed.starts - 1


def test_a_tab_too_many_moves_nothing():
    parsed = table.parse(b"title\tyear\tdoi\nKites\t2001\t\t\nToys\t2002\t\textra\nWind\t2003\n")
    assert [r.title for r in parsed.references] == ["Kites"]
    assert [r.line for r in parsed.rejected] == [3, 4]


def test_a_cell_may_be_longer_than_the_csv_module_allows():
    limit = csv.field_size_limit()
    (found,) = rows(f"title,year,References\nKites,2021,{'x' * 200_000}\n")
    assert len(found.other[0][1]) == 200_000
    assert csv.field_size_limit() == limit


def test_what_cannot_be_read_is_left_under_its_column():
    (found,) = rows("title,year,doi,url,authors,issn\nKites,in press,pending,www.a.example,Doe J; et al.,none\n")
    assert found.authors == ("Doe J",)
    assert dict(found.other) == {
        "year": "in press", "doi": "pending", "url": "www.a.example", "authors": "et al.", "issn": "none",
    }  # fmt: skip


def test_header_below_a_line_of_text():
    parsed = table.parse(b"sep=;\nExport of 5 May\n\nTitle;Year;DOI\nKites;2021;\n")
    assert parsed.references[0].title == "Kites"
    assert parsed.warnings == ("line 2: text above the header: 'Export of 5 May'",)


def test_no_header():
    parsed = table.parse(b"a,b,c\n1,2,3\n")
    assert (parsed.starts, parsed.references) == (1, ())
    assert "no header row" in parsed.rejected[0].reason


def test_lost_letters_are_reported():
    (found,) = rows("title,year\nRos\ufffd,2021\n")
    assert found.warnings == ("U+FFFD in title",)


CELLS = st.sampled_from(["Kites", "", '"', '"a,b"', '"a\nb"', "2021", "10.1000/k", "é", ";", "&#0;"]) | st.text(max_size=6)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
@settings(max_examples=40, deadline=None)
def test_any_rows_are_accounted_for(lines, newline):
    data = newline.join(["title,year,doi", *lines]).encode(errors="replace")
    parsed = table.parse(data)
    pieces = sorted((*parsed.references, *parsed.rejected), key=lambda piece: piece.offset)
    assert parsed.starts == len(pieces)
    assert all(a.offset + a.length <= b.offset for a, b in pairwise(pieces))
    assert all(piece.offset + piece.length <= len(data) for piece in pieces)


@given(st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_any_bytes(data):
    parsed = table.parse(data)
    assert parsed.starts == len(parsed.references) + len(parsed.rejected)


def _written(papers, delimiter, quoting):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerow(["id", "title", "authors", "year", "doi", "pages", "abstract"])
    for number, paper in enumerate(papers):
        names = "; ".join(paper.authors)
        writer.writerow([number, paper.title, names, paper.year, paper.doi, paper.pages, paper.abstract])
    return buffer.getvalue()


@given(
    PAPERS, st.sampled_from(",;\t|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(NEWLINES),
    st.sampled_from(ENCODINGS[:3]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(papers, delimiter, quoting, newline, encoding):
    data = _written(papers, delimiter, quoting).replace("\n", newline).encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.rejected, parsed.warnings) == ("table", (), ())
    assert [read(one) for one in parsed.references] == [cleaned(paper) for paper in papers]
    accounted(parsed, data)


@given(
    st.lists(PAPERS, min_size=2, max_size=3), st.sampled_from(",\t"), st.integers(0, 3_000),
    st.sampled_from(['"', '""', "", "\t", "\n", ","]), st.integers(0, 9),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_damage_loses_no_row_in_silence(lists, delimiter, at, put, cut):
    """What is damaged in one row may spoil that and the next one; any other is read, or rejected with its bytes."""
    papers = [paper for several in lists for paper in several]
    whole = _written(papers, delimiter, csv.QUOTE_MINIMAL)
    start = whole.index("\n") + 1 + at % (len(whole) - whole.index("\n") - 1)
    lines = whole.splitlines()[1:]
    row = whole[:start].count("\n") - 1
    spoilt = {row, row + 1, row + 2} if "\n" in whole[start : start + cut] else {row, row + 1}
    data = (whole[:start] + put + whole[start + cut :]).encode()
    parsed = table.parse(data)
    accounted(parsed, data)
    read_as = {one.accession for one in parsed.references}
    kept = b"".join(one.data for one in parsed.rejected)
    for number in {*range(len(papers))} - spoilt:
        assert str(number) in read_as or lines[number].encode() in kept
