"""Tables as databases and programs export them, each with its own columns."""

import pytest

from tasks.formats import cited, detect
from tasks.formats.dates import Date


def read(header: str, *lines: str, name: str = "table"):
    parsed = detect.read(("\n".join((header, *lines)) + "\n").encode())
    assert (parsed.format, parsed.starts, parsed.rejected) == (name, len(lines), ())
    return parsed.references


def test_springer_has_the_journal_under_publication_title():
    (found,) = read(
        "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,Publication Year,URL,"
        "Content Type",
        "Kites,Kite Letters,,17,3,10.1000/k,Jane DoeRita Roe,2020,http://link.example/10.1000/k,Article",
    )
    assert (found.title, found.journal, found.volume, found.issue) == ("Kites", "Kite Letters", "17", "3")
    assert (found.doi, found.year, found.type, found.other) == ("10.1000/k", 2020, "article", ())


def test_ieee():
    (found,) = read(
        '"Document Title",Authors,"Author Affiliations","Publication Title",Date Added To Xplore,"Publication Year","Volume",'
        '"Issue","Start Page","End Page","Abstract","ISSN",ISBNs,"DOI",Funding Information,PDF Link,"Author Keywords",'
        '"IEEE Terms",Article Citation Count,"Reference Count","License",Online Date,Issue Date,"Meeting Date","Publisher",'
        "Document Identifier",
        '"Kites in care","J. Doe; R. Roe","Univ Kite","Kite Letters","1 Jan 2024","2024","12","","1","14","We flew.",'
        '"0145-2134","","10.1109/K.2024.1","NSF","https://kites.example/p?arnumber=1","kites;wind","Air;Wind","3","41","CCBY",'
        '"1 Jan 2024","2024","","IEEE","IEEE Journals"',
    )
    assert (found.title, found.journal, found.authors) == ("Kites in care", "Kite Letters", ("J. Doe", "R. Roe"))
    assert (found.year, found.pages, found.doi, found.abstract) == (2024, "1-14", "10.1109/k.2024.1", "We flew.")
    assert (found.keywords, found.publisher) == (("kites", "wind", "Air", "Wind"), "IEEE")
    assert found.urls == ("https://kites.example/p?arnumber=1",)


def test_dimensions_has_a_line_above_its_header():
    parsed = detect.read(
        b'"About the data: Exported on Jun 05, 2021. Criteria: kites; Publication Year is 2020."\n'
        b"Rank,Publication ID,DOI,PMID,PMCID,Title,Abstract,Source title,Anthology title,MeSH terms,Publication Date,PubYear,"
        b"Volume,Issue,Pagination,Open Access,Publication Type,Authors,Authors Affiliations,Times cited,Dimensions URL\n"
        b'9,pub.1,10.1000/k,123,,"Kites","We flew.","Kite Letters",,"Child; Wind",2020-06-05,2020,12,3,476-481,Closed,Article,'
        b'"Doe, Jane; Roe, Richard","Doe, Jane (Univ Kite)",4,https://dimensions.example/pub.1\n'
        b'500,pub.2,10.1000/b,,,"Toys",,,"A book of toys",,2019,2019,,,1-20,Closed,Chapter,"Poe, E",,0,\n'
    )
    assert (parsed.format, parsed.rejected) == ("table", ())
    article, chapter = parsed.references
    assert (article.title, article.journal, article.date) == ("Kites", "Kite Letters", "2020-06-05")
    assert (article.accession, article.pmid, article.pages, article.authors) == (
        "pub.1", "123", "476-481", ("Doe, Jane", "Roe, Richard"),
    )  # fmt: skip
    assert (article.keywords, article.urls) == (("Child", "Wind"), ("https://dimensions.example/pub.1",))
    assert (chapter.type, dict(chapter.other)["Anthology title"]) == ("chapter", "A book of toys")


def test_lens():
    (found,) = read(
        "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Publisher,Source Country,Author/s,"
        "Abstract,Volume,Issue Number,Start Page,End Page,Fields of Study,Keywords,MeSH Terms,Chemicals,Funding,Source URLs,"
        "External URL,PMID,DOI,Microsoft Academic ID,PMCID,Citing Patents Count,References,Citing Works Count,Is Open Access",
        '001-002,Kites,2020-06-05,2020,journal article,Kite Letters,01452134; 1873775X,Nobody,UK,"Jane Doe; Rita Roe",We flew.,'
        "12,3,476,481,Air,,Child,,,https://kites.example/1,https://lens.example/1,123,10.1000/k,9,,0,7;8,2,false",
    )
    assert (found.accession, found.date, found.journal, found.issue) == ("001-002", "2020-06-05", "Kite Letters", "3")
    assert (found.authors, found.issn, found.pages) == (("Jane Doe", "Rita Roe"), ("0145-2134", "1873-775X"), "476-481")
    assert (found.urls, found.doi, found.pmid) == (("https://kites.example/1",), "10.1000/k", "123")


def test_embase_has_the_parts_in_its_source():
    (found,) = read(
        "Title,Original Title,Author Names,Correspondence Address,Editors,Source,Abstract,Original Abstract,"
        "Emtree Medical Index Terms,keywords,Open URL Link,Copyright",
        'Kites,,"Doe J., Roe R.A.",,,Kite Letters (2014) 3:2 (152-160). Date of Publication: 2014,We flew.,,"child, wind",,,',
    )
    assert (found.authors, found.journal, found.year) == (("Doe J.", "Roe R.A."), "Kite Letters", 2014)
    assert (found.volume, found.issue, found.pages) == ("3", "2", "152-160")
    assert dict(found.other)["Source"].startswith("Kite Letters (2014)")


def test_embase_with_columns_of_its_own_choice():
    (found,) = read(
        "Title,Author Names,Source Title,Publication Year,Volume,Issue,First Page,Last Page,Date of Publication,"
        "Publication Type,ISSN,DOI,Embase Accession ID,Medline PMID,PUI,Emtree Medical Index Terms,Embase Link",
        'Kites,"Doe J.",Kite Letters,2014,3,2,152,160,5 June 2014,Article,0145-2134,10.1000/k,20140001,123,L1,child,https://e.example',
    )
    assert (found.date, found.pages, found.pmid, found.accession) == ("2014-06-05", "152-160", "123", "20140001")


def test_pubmed_has_volume_and_pages_in_its_citation():
    found, ahead = read(
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI",
        '"11","Kites","Doe A, Roe B","Kite Lett. 2021 Dec 21;1(2):110-21. doi: 10.1000/k.","Doe A","Kite Lett","2021",'
        '"2021/12/21","PMC1","","10.1000/k"',
        '"12","Toys","Doe A","Kite Lett. 2021 Dec 3. doi: 10.1000/t. Online ahead of print.","Doe A","Kite Lett","2021",'
        '"2021/12/21","","","10.1000/t"',
    )
    assert (found.journal, found.date, found.volume, found.issue, found.pages) == (
        "Kite Lett", "2021-12-21", "1", "2", "110-121",
    )  # fmt: skip
    assert dict(found.other)["Citation"].startswith("Kite Lett. 2021 Dec 21;1(2)")
    assert (ahead.date, ahead.volume, ahead.pages) == ("2021-12-03", None, None)


def test_scopus_tells_of_retractions_and_has_full_names_beside():
    (found,) = read(
        '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.","Page start",'
        '"Page end","Cited by","DOI","Link","Document Type","Publication Stage","Open Access","Source","EID"',
        '"Doe J.; Roe R.","Doe, Jane (57); Roe, Rita (58)","57; 58","RETRACTED: Kites","2024","Kite Letters","170","","114698",'
        '"","","2","10.1000/k","https://s.example","Retracted","Final","","Scopus","2-s2.0-1"',
    )
    assert (found.authors, found.pages, found.accession) == (("Doe J.", "Roe R."), "114698", "2-s2.0-1")
    assert (found.type, found.notices) == ("article", ("retracted",))
    assert dict(found.other)["Document Type"] == "Retracted"


def test_web_of_science_saved_from_a_spreadsheet():
    (found,) = read(
        "Publication Type;Authors;Book Authors;Author Full Names;Article Title;Source Title;Language;Document Type;"
        "Author Keywords;Keywords Plus;Abstract;ISSN;eISSN;Publication Date;Publication Year;Volume;Issue;Start Page;End Page;"
        "Article Number;DOI;Pubmed Id;UT (Unique WOS ID)",
        'J;"Doe, J; Roe, R";;"Doe, Jane; Roe, Rita";Kites;KITE LETTERS;English;Article;"kites; wind";CHILDREN;We flew.;'
        "0145-2134;1873-775X;DEC;2023;12;4;101;118;;10.1000/k;123;WOS:001",
    )
    assert (found.title, found.journal, found.authors) == ("Kites", "KITE LETTERS", ("Doe, J", "Roe, R"))
    assert (found.date, found.pages, found.pmid, found.accession) == ("2023-12", "101-118", "123", "WOS:001")
    assert (found.type, found.keywords) == ("article", ("kites", "wind", "CHILDREN"))


def test_zotero():
    (found,) = read(
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url","Abstract Note",'
        '"Date","Date Added","Pages","Issue","Volume","Publisher","Language","Extra","Notes","Manual Tags","Automatic Tags"',
        '"ABCD1234","journalArticle","2020","Doe, Jane; Roe, R.","Kites","Kite Letters","","0145-2134","10.1000/k",'
        '"https://kites.example","We flew.","2020-06-05","2024-01-01 10:00:00","476–481","3","12","","en","PMID: 123","",'
        '"kites; wind","Child"',
    )
    assert (found.accession, found.title, found.journal, found.date) == ("ABCD1234", "Kites", "Kite Letters", "2020-06-05")
    assert (found.pages, found.keywords, found.abstract) == ("476-481", ("kites", "wind", "Child"), "We flew.")


def test_refworks():
    (found,) = read(
        "Reference Type,Authors, Primary Title Primary,Periodical Full,Periodical Abbrev,Pub Year,Volume,Issue,Start Page,"
        "Other Pages,Keywords,Abstract,DOI".replace("Authors, Primary Title", '"Authors, Primary",Title'),
        'Journal Article,"Doe, Jane;Roe, R",Kites,Kite Letters,Kite Lett,2020,12,3,476,481,kites,We flew.,10.1000/k',
    )
    assert (found.title, found.authors, found.journal, found.year) == ("Kites", ("Doe, Jane", "Roe, R"), "Kite Letters", 2020)


def test_whole_numbers_that_a_program_made_decimal():
    (found,) = read("title,year,volume,issue,pages,pmid", "Kites,2024.0,12.0,3.0,12.0-15.0,123.0")
    assert (found.year, found.volume, found.issue, found.pmid) == (2024, "12", "3", "123")
    (found,) = read("title,volume,issue", "Kites,12.05,3.0b")
    assert (found.volume, found.issue) == ("12.05", "3.0b")


def test_a_doi_may_stand_in_the_link_only():
    direct, publisher = read("title,url", "Kites,https://doi.org/10.1000/k", "Toys,https://kites.example/10.1000/t")
    assert (direct.doi, publisher.doi) == ("10.1000/k", None)


@pytest.mark.parametrize(
    ("line", "journal", "date", "rest"),
    [
        ("Kite Lett. 2021 Dec 21;1(2):10-11. doi: 10.1000/k.", "Kite Lett", "2021-12-21", ("1", "2", "10-11")),
        ("Kite Lett. 2021 Mar;45(Pt 2):101-12. Epub 2020.", "Kite Lett", "2021-03", ("45", "Pt 2", "101-112")),
        ("PLoS Kite. 2012;7(3):e33141.", "PLoS Kite", "2012", ("7", "3", "e33141")),
        ("J Kite (Lond). 2020 Apr 3;11:540. doi: 10.1000/k.", "J Kite (Lond)", "2020-04-03", ("11", None, "540")),
        ("Kite Lett. 2012 Jul-Aug;3:1-9.", "Kite Lett", "2012-07", ("3", None, "1-9")),
        ("Kite Lett. 2020 Apr 26. doi: 10.1000/k. Online ahead of print.", "Kite Lett", "2020-04-26", (None, None, None)),
        ("Kite Letters (2019) 54 (83-86). Date of Publication: 2019", "Kite Letters", "2019", ("54", None, "83-86")),
        ("Kites (London) (2018) 25:SUPPL. 1 (S12). Date of Publication: 2018", "Kites (London)", "2018",
         ("25", "SUPPL. 1", "S12")),
    ],
)  # fmt: skip
def test_references_in_one_line(line, journal, date, rest):
    found = cited.read(line)
    assert (found.journal, found.date.iso, (found.volume, found.issue, found.pages)) == (journal, date, rest)


@pytest.mark.parametrize("line", [None, "", "Kite Letters", "Kites (2014)", "Kites fly. 2021 was windy.", "x" * 5_000])
def test_other_lines_are_no_references(line):
    assert cited.read(line) is None


def test_a_journal_that_is_no_reference_in_one_line_stays():
    (found,) = read("title,source,year", "Kites,The Journal (2014),2014")
    assert (found.journal, found.volume) == ("The Journal (2014)", None)
    assert Date(2014, "2014") == Date(found.year, found.date)


def test_ebscos_table():
    (found,) = read(
        '"Article Title","Author","Journal Title","ISSN","Publication Date","Volume","Issue","First Page","Page Count",'
        '"Accession Number","DOI","Publisher","Doctype","Subjects","Keywords","Abstract","PLink"',
        '"Kites","Doe, Jane; Roe, R.","Kite Letters","01452134","Jun2020","12","3","476","6","123456789","10.1000/k","Nobody",'
        '"Article","KITES; CARE","kites","We flew.","https://search.example/login.aspx?db=a9h&AN=123456789"',
    )
    assert (found.title, found.journal, found.date, found.pages) == ("Kites", "Kite Letters", "2020-06", "476")
    assert (found.accession, found.type, found.keywords) == ("123456789", "article", ("kites",))


def test_proquests_table():
    (found,) = read(
        "Title,Abstract,StoreId,ArticleType,Authors,copyright,documentType,entryDate,issn,issue,language,pages,pubdate,pubtitle,"
        "year,DocumentURL,startPage,subjectTerms,subjects,volume,digitalObjectIdentifier,Database",
        'Kites,We flew.,123456,Scholarly Journals,"Doe, Jane; Roe, R.",x,Journal Article,2020-06-05,01452134,3,English,476-481,'
        'Jun 2020,Kite Letters,2020,https://proquest.example/x,476,kites,"kites, care",12,10.1000/k,ASSIA',
    )
    assert (found.journal, found.date, found.pages, found.accession) == ("Kite Letters", "2020-06", "476-481", "123456")
    assert (found.urls, found.database, found.keywords) == (("https://proquest.example/x",), "ASSIA", ("kites", "care"))


def test_openalex_parts_names_by_bars():
    (found,) = read(
        "id,doi,title,display_name,publication_year,publication_date,type,authorships.author.display_name,"
        "primary_location.source.display_name,biblio.volume,biblio.issue,biblio.first_page,biblio.last_page,abstract",
        "https://w.example/W1,https://doi.org/10.1000/k,Kites,Kites,2020,2020-06-05,article,Jane Doe|Rita Roe,Kite Letters,"
        "12,3,476,481,We flew.",
    )
    assert (found.authors, found.journal, found.volume, found.issue) == (("Jane Doe", "Rita Roe"), "Kite Letters", "12", "3")
    assert (found.pages, found.doi) == ("476-481", "10.1000/k")


def test_endnote_parts_names_by_slashes():
    (found,) = read("Author\tYear\tTitle\tJournal\tPages", "Doe, Jane//Roe, R.\t2020\tKites\tKite Letters\t1-2")
    assert found.authors == ("Doe, Jane", "Roe, R.")


def test_a_table_with_bars():
    (found,) = read("title|authors|year|doi", "Kites, and wind|Doe, J.|2020|10.1000/k")
    assert (found.title, found.authors, found.doi) == ("Kites, and wind", ("Doe, J.",), "10.1000/k")


@pytest.mark.parametrize("title", ["Title (original)", "Title of the study", "title_en", "Full title (English)"])
def test_the_one_column_with_a_title_in_its_name_is_the_title(title):
    (found,) = read(f"No,{title},Journal Title,Year of publication", "1,Kites,Kite Letters,2020")
    assert (found.title, found.journal, found.year) == ("Kites", "Kite Letters", 2020)
    assert detect.read(f"No,{title},Title of the talk,Year\n1,Kites,Wind,2020\n".encode()).format != "table"
