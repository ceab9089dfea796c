"""PubMed's XML, on invented records."""

from dataclasses import replace
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, markup, pubmed_xml, ris
from tests.formats.invented import PAPERS, cleaned
from tests.formats.invented import read as as_read
from tests.sources.played.agreeing import located, survives

HEAD = b"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
"""
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">90000001</PMID>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1234-5679</ISSN><JournalIssue CitedMedium="Internet">
<Volume>12</Volume><Issue>3</Issue><PubDate><Year>2021</Year><Month>Mar</Month></PubDate></JournalIssue>
<Title>Journal of invented care</Title><ISOAbbreviation>J Invent Care</ISOAbbreviation></Journal>
<ArticleTitle>Effects of <i>kinship</i> care on H<sub>2</sub>O &amp; rest: p &lt; .05 of 10.</ArticleTitle>
<Pagination><StartPage>S12</StartPage><EndPage>S18</EndPage><MedlinePgn>S12-8</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="N">10.5555/wrong</ELocationID>
<ELocationID EIdType="doi" ValidYN="Y">10.5555/Invented.1</ELocationID>
<Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Invented, with &lt;b&gt;bold&lt;/b&gt; words.
</AbstractText><AbstractText Label="UNLABELLED">No label here.</AbstractText>
<AbstractText Label="RESULTS:">None <sup>at</sup> all.</AbstractText>
<CopyrightInformation>© 2021 The Inventors.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Ó Briain</LastName><ForeName>Áine M</ForeName><Initials>ÁM</Initials>
<Suffix>Jr</Suffix><AffiliationInfo><Affiliation>Invented University.</Affiliation></AffiliationInfo></Author>
<Author ValidYN="N"><LastName>Smyth</LastName><ForeName>Jo</ForeName></Author>
<Author ValidYN="Y"><LastName>Smith</LastName><Initials>J</Initials></Author>
<Author ValidYN="Y"><CollectiveName>The Invented Study Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><Language>fre</Language>
<DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT00000000</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList><Grant><GrantID>G1</GrantID></Grant></GrantList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList>
<VernacularTitle>Der Titel.</VernacularTitle>
<ArticleDate DateType="Electronic"><Year>2020</Year><Month>11</Month><Day>05</Day></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>J Invent Care</MedlineTA><ISSNLinking>8765-4321</ISSNLinking></MedlineJournalInfo>
<CommentsCorrectionsList>
<CommentsCorrections RefType="Cites"><RefSource>Nobody. 1999</RefSource><PMID Version="1">7</PMID></CommentsCorrections>
<CommentsCorrections RefType="CommentIn">
<RefSource>J Invent Care. 2022;1:1</RefSource><PMID>90000009</PMID></CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="Y">Foster Home Care</DescriptorName>
<QualifierName>methods</QualifierName></MeshHeading><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">kinship</Keyword><Keyword>Humans</Keyword></KeywordList>
<GeneralNote Owner="NLM">An invented note.</GeneralNote></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">90000001</ArticleId><ArticleId IdType="pmc">PMC1</ArticleId>
<ArticleId IdType="doi">10.5555/Invented.1</ArticleId></ArticleIdList><ReferenceList><Reference><Citation>Cited.</Citation>
<ArticleIdList><ArticleId IdType="doi">10.5555/cited</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
</PubmedArticle>"""
BOOK = """<PubmedBookArticle><BookDocument><PMID Version="1">90000002</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK000001</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>Invented Press</PublisherName><PublisherLocation>Nowhere</PublisherLocation></Publisher>
<BookTitle book="inv">A book of invented care</BookTitle><PubDate><Year>2019</Year><Month>01</Month></PubDate>
<AuthorList Type="editors" CompleteYN="Y"><Author><LastName>Lindqvist</LastName><ForeName>Bea</ForeName></Author></AuthorList>
<Isbn>9780306406157</Isbn><Medium>Internet</Medium></Book>
<ArticleTitle book="inv" part="ch1">A chapter on rest</ArticleTitle><Language>eng</Language>
<AuthorList Type="authors" CompleteYN="Y"><Author><LastName>Nakamura</LastName><ForeName>Chidi</ForeName></Author></AuthorList>
<PublicationType UI="D016454">Review</PublicationType><Abstract><AbstractText>Of rest.</AbstractText></Abstract>
<ContributionDate><Year>2020</Year></ContributionDate></BookDocument><PubmedBookData><ArticleIdList>
<ArticleId IdType="pubmed">90000002</ArticleId></ArticleIdList></PubmedBookData></PubmedBookArticle>"""


def document(*records, tail=""):
    return HEAD + ("<PubmedArticleSet>\n" + "\n".join(records) + tail + "</PubmedArticleSet>\n").encode()


def read(*records):
    data = document(*records)
    parsed = detect.read(data)
    assert (parsed.format, parsed.rejected, parsed.starts) == ("pubmed_xml", (), len(records))
    located(parsed, data)
    return parsed.references


def article(old="", new=""):
    """The article above with a piece replaced that it has."""
    assert ARTICLE.count(old) >= 1
    return read(ARTICLE.replace(old, new))[0] if old else read(ARTICLE)[0]


def values(reference, name):
    return [value for known, value in reference.other if known == name]


def test_an_article_has_all_its_fields():
    one = article()
    assert one.title == "Effects of kinship care on H2O & rest: p < .05 of 10."
    assert one.authors == ("Ó Briain, Áine M Jr", "Smith, J", "The Invented Study Group")
    assert (one.type, one.year, one.date, one.journal) == ("article", 2021, "2021-03", "Journal of invented care")
    assert (one.volume, one.issue, one.pages) == ("12", "3", "S12-S18")
    assert (one.doi, one.pmid, one.accession, one.database) == ("10.5555/invented.1", "90000001", "90000001", "PubMed")
    assert (one.issn, one.language) == (("1234-5679", "8765-4321"), "eng")
    assert one.abstract == "BACKGROUND: Invented, with bold words. No label here. RESULTS: None at all."
    assert one.keywords == ("Foster Home Care", "Humans", "kinship")
    assert (one.notes, one.notices, one.warnings) == (("An invented note.",), (), ())
    assert one.other == (
        ("VernacularTitle", "Der Titel."), ("Author", "Smyth, Jo"), ("Affiliation", "Invented University."),
        ("PublicationType", "Journal Article"), ("PublicationType", "Randomized Controlled Trial"),
        ("CopyrightInformation", "© 2021 The Inventors."), ("Language", "fre"), ("ArticleDate", "2020-11-05"), ("pmc", "PMC1"),
        ("MeshHeading", "Foster Home Care/methods"), ("ClinicalTrials.gov", "NCT00000000"),
        ("CommentIn", "J Invent Care. 2022;1:1; PMID 90000009"),
    )  # fmt: skip


def test_a_chapter_has_its_book_and_a_book_is_one_by_itself():
    chapter, book = read(BOOK, BOOK.replace('<ArticleTitle book="inv" part="ch1">A chapter on rest</ArticleTitle>', ""))
    assert (chapter.type, chapter.title, chapter.journal) == ("chapter", "A chapter on rest", "A book of invented care")
    assert (chapter.authors, values(chapter, "Editor")) == (("Nakamura, Chidi",), ["Lindqvist, Bea"])
    assert (chapter.year, chapter.date, chapter.pmid, chapter.isbn) == (2019, "2019-01", "90000002", ("9780306406157",))
    assert (chapter.abstract, chapter.publisher, values(chapter, "bookaccession")) == (
        "Of rest.",
        "Invented Press",
        ["NBK000001"],
    )
    assert (book.type, book.title, book.journal) == ("book", "A book of invented care", None)


def test_a_book_without_authors_of_the_chapter_has_those_of_the_book():
    start, end = BOOK.index('<AuthorList Type="authors"'), BOOK.index("<PublicationType")
    bare = BOOK[:start] + BOOK[end:]
    [edited] = read(bare)
    assert (edited.authors, values(edited, "Editor")) == ((), ["Lindqvist, Bea"])
    [written] = read(bare.replace('Type="editors"', 'Type="authors"'))
    assert (written.authors, values(written, "Editor")) == (("Lindqvist, Bea",), [])
    [both] = read(BOOK.replace('Type="editors"', 'Type="authors"'))
    assert (both.authors, values(both, "BookAuthor")) == (("Nakamura, Chidi",), ["Lindqvist, Bea"])


@pytest.mark.parametrize(
    ("written", "title", "beside"),
    [
        ("<ArticleTitle/>", "Der Titel.", []), ("<ArticleTitle>[Not Available].</ArticleTitle>", "Der Titel.", []),
        ("<ArticleTitle>[Of rest].</ArticleTitle>", "[Of rest].", ["Der Titel."]), ("", "Der Titel.", []),
    ],
)  # fmt: skip
def test_a_title_in_the_language_of_the_paper_stands_in_where_there_is_no_other(written, title, beside):
    start, end = ARTICLE.index("<ArticleTitle>"), ARTICLE.index("<Pagination>")
    [one] = read(ARTICLE[:start] + written + ARTICLE[end:])
    assert (one.title, values(one, "VernacularTitle")) == (title, beside)


def other_abstract(kind, language, text):
    return f'<OtherAbstract Type="{kind}" Language="{language}"><AbstractText>{text}</AbstractText></OtherAbstract>'


def test_other_abstracts_stand_in_where_there_is_none():
    start, end = ARTICLE.index("<Abstract>"), ARTICLE.index("<AuthorList")
    bare = ARTICLE[:start] + ARTICLE[end:]
    french, english = other_abstract("Publisher", "fre", "Du repos."), other_abstract("Publisher", "eng", "Of rest.")
    plain = other_abstract("plain-language-summary", "eng", "Rest is rest.")
    absent = other_abstract("Publisher", "spa", "Abstract available from the publisher.")

    def with_(record, *others):
        return read(record.replace("</CommentsCorrectionsList>", "</CommentsCorrectionsList>" + "".join(others)))[0]

    assert with_(bare, french, english).abstract == "Of rest."
    assert values(with_(bare, french, english), "OtherAbstract (Publisher, fre)") == ["Du repos."]
    assert with_(bare, absent, french).abstract == "Du repos."
    assert with_(bare, absent).abstract is None
    assert with_(bare, plain).abstract is None
    assert values(with_(bare, plain), "OtherAbstract (plain-language-summary, eng)") == ["Rest is rest."]
    assert with_(ARTICLE, english).abstract.startswith("BACKGROUND")
    assert values(with_(ARTICLE, english), "OtherAbstract (Publisher, eng)") == ["Of rest."]


@pytest.mark.parametrize(
    ("written", "year", "iso", "kept"),
    [
        ("<Year>2021</Year><Month>03</Month><Day>7</Day>", 2021, "2021-03-07", []),
        ("<Year>2021</Year><Month>3</Month>", 2021, "2021-03", []), ("<Year>2021</Year>", 2021, "2021", []),
        ("<Year>1990</Year><Season>Spring</Season>", 1990, "1990", ["1990 Spring"]),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998, "1998-12", ["1998 Dec-1999 Jan"]),
        ("", 2020, "2020-11-05", []), ("<MedlineDate>undated</MedlineDate>", 2020, "2020-11-05", ["undated"]),
    ],
)  # fmt: skip
def test_dates(written, year, iso, kept):
    one = article("<Year>2021</Year><Month>Mar</Month>", written)
    assert (one.year, one.date, values(one, "PubDate")) == (year, iso, kept)
    assert values(one, "ArticleDate") == ([] if year == 2020 else ["2020-11-05"])


PAGES = ARTICLE[ARTICLE.index("<Pagination>") : ARTICLE.index("<ELocationID")]
MODEL = 'PubModel="Print-Electronic"'


@pytest.mark.parametrize(
    ("model", "written", "pages"),
    [
        ("Print", "<Pagination><MedlinePgn>113-25</MedlinePgn></Pagination>", "113-125"),
        ("Print", "<Pagination><MedlinePgn>113-25; discussion 126</MedlinePgn></Pagination>", "113-25; discussion 126"),
        ("Print", "<Pagination><StartPage>5</StartPage><EndPage>9</EndPage></Pagination>", "5-9"),
        ("Electronic", "<Pagination><StartPage>e5</StartPage><MedlinePgn>e5</MedlinePgn></Pagination>", "e5"),
        ("Electronic", '<ELocationID EIdType="pii" ValidYN="Y">e0123</ELocationID>', "e0123"),
        ("Electronic-eCollection", '<ELocationID EIdType="pii">7</ELocationID>', "7"),
        ("Print-Electronic", '<ELocationID EIdType="pii" ValidYN="Y">e0123</ELocationID>', None),
        ("Electronic", '<ELocationID EIdType="pii" ValidYN="Y">S0140-6736(20)30183-5</ELocationID>', None),
        ("Electronic", "", None),
    ],
)  # fmt: skip
def test_pages(model, written, pages):
    [one] = read(ARTICLE.replace(MODEL, f'PubModel="{model}"').replace(PAGES, written))
    assert one.pages == pages
    if "pii" in written:
        assert values(one, "pii") == ([] if pages else [written.partition(">")[2].partition("<")[0]])


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("Journal Article", "Review"), "article"), (("Case Reports",), "article"), (("Editorial",), "article"),
        ((), "article"),
        (("Journal Article", "Preprint"), "report"), (("Dataset",), "dataset"), (("Congress", "Journal Article"), "conference"),
        (("Technical Report",), "report"), (("Academic Dissertation",), "thesis"),
    ],
)  # fmt: skip
def test_types(types, kind):
    assert typed(*types).type == kind


def typed(*types, relations=""):
    start, end = ARTICLE.index("<PublicationTypeList>"), ARTICLE.index("<VernacularTitle>")
    listed = "".join(f"<PublicationType>{one}</PublicationType>" for one in types)
    record = f"{ARTICLE[:start]}<PublicationTypeList>{listed}</PublicationTypeList>{ARTICLE[end:]}"
    return read(record.replace("</CommentsCorrectionsList>", relations + "</CommentsCorrectionsList>"))[0]


def relation(kind, pmid="90000005", source="J Invent Care. 2022;2:2"):
    number = f"<PMID>{pmid}</PMID>" if pmid else ""
    return f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>{number}</CommentsCorrections>'


@pytest.mark.parametrize(
    ("kind", "notice"),
    [
        ("RetractionIn", "retracted"), ("RetractionOf", "retraction-of"), ("RetractedandRepublishedIn", "retracted"),
        ("RetractedandRepublishedFrom", "update-of"), ("PartialRetractionIn", "concern"),
        ("PartialRetractionOf", "concern-about"), ("ExpressionOfConcernIn", "concern"),
        ("ExpressionOfConcernFor", "concern-about"), ("ErratumIn", "corrected"), ("ErratumFor", "correction-of"),
        ("CorrectedandRepublishedIn", "corrected"), ("CorrectedandRepublishedFrom", "correction-of"), ("UpdateIn", "updated"),
        ("UpdateOf", "update-of"),
    ],
)  # fmt: skip
def test_relations_are_notices(kind, notice):
    assert typed("Journal Article", relations=relation(kind)).notices == (f"{notice}: pmid:90000005",)
    named = relation(kind, source="J Invent Care. 2022;2:2. doi: 10.5555/Other.")
    assert typed("Journal Article", relations=named).notices == (f"{notice}: 10.5555/other",)
    assert typed("Journal Article", relations=relation(kind, pmid="")).notices == (notice,)


def test_comments_and_summaries_are_no_notices():
    others = ("CommentOn", "SummaryForPatientsIn", "ReprintOf", "OriginalReportIn", "AssociatedDataset", "SomethingNew")
    one = typed("Journal Article", relations="".join(map(relation, others)))
    assert one.notices == ()
    assert [values(one, name) for name in others] == [["J Invent Care. 2022;2:2; PMID 90000005"]] * len(others)
    assert values(one, "Cites") == []


def test_a_preprint_names_the_article_that_came_of_it():
    one = typed("Preprint", "Journal Article", relations=relation("UpdateIn"))
    assert one.notices == ("preprint-of: pmid:90000005",)


@pytest.mark.parametrize(
    ("types", "relations", "notices"),
    [
        (("Journal Article", "Retracted Publication"), "", ("retracted",)),
        (("Retracted Publication",), relation("RetractionIn"), ("retracted: pmid:90000005",)),
        (("Retraction of Publication",), "", ("retraction-of",)), (("Expression of Concern",), "", ("concern-about",)),
        (("Published Erratum",), relation("ErratumFor"), ("correction-of: pmid:90000005",)),
        (("Retracted Publication",), relation("ErratumIn"), ("corrected: pmid:90000005", "retracted")),
    ],
)  # fmt: skip
def test_publication_types_are_notices_where_no_relation_says_more(types, relations, notices):
    assert typed(*types, relations=relations).notices == notices


def test_a_single_record_and_an_old_set_are_read():
    alone = detect.read(ARTICLE.encode())
    assert (alone.format, alone.references[0].title, alone.references[0].length) == (
        "pubmed_xml", article().title, len(ARTICLE.encode()),
    )  # fmt: skip
    assert detect.read(BOOK.encode()).references[0].type == "chapter"
    citation = ARTICLE[ARTICLE.index("<MedlineCitation") : ARTICLE.index("<PubmedData>")]
    old = detect.read(f"<MedlineCitationSet>{citation}{citation}</MedlineCitationSet>".encode())
    assert [one.pmid for one in old.references] == ["90000001"] * 2
    assert old.references[0].doi == "10.5555/invented.1"


def test_deleted_records_are_told():
    data = document(ARTICLE, tail="<DeleteCitation><PMID Version='1'>5</PMID><PMID>6</PMID></DeleteCitation>")
    parsed = detect.read(data)
    assert (parsed.starts, parsed.warnings) == (1, ("PubMed has deleted the records 5, 6",))


def test_an_empty_set_has_no_records():
    parsed = detect.read(document())
    assert (parsed.format, parsed.starts) == ("pubmed_xml", 0)


def test_a_record_without_an_article_is_rejected():
    parsed = pubmed_xml.parse(document(ARTICLE, "<PubmedArticle><MedlineCitation/></PubmedArticle>", BOOK))
    assert (len(parsed.references), [one.reason for one in parsed.rejected]) == (
        2, ["the record has neither an article nor a book in it"],
    )  # fmt: skip
    assert parsed.rejected[0].data == b"<PubmedArticle><MedlineCitation/></PubmedArticle>"


BOMB = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
)


@pytest.mark.fault(42)
@pytest.mark.parametrize(
    "head",
    [
        BOMB + "]>", '<!DOCTYPE PubmedArticleSet [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE PubmedArticleSet [<!ENTITY % j SYSTEM "file:///etc/passwd"> %j;]>',
    ],
)  # fmt: skip
def test_declared_entities_are_rejected_with_the_whole_file(head):
    data = f"{head}<PubmedArticleSet>{ARTICLE.replace('Invented,', '&j;')}</PubmedArticleSet>".encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.references, len(parsed.rejected)) == ("pubmed_xml", (), 1)
    assert "declares an entity" in parsed.rejected[0].reason
    assert parsed.rejected[0].data == data


@pytest.mark.fault(43)
def test_entities_of_the_document_type_are_read_where_they_are_known_and_kept_where_not():
    one = article("Effects of", "&alpha;-effects &unheard; of")
    assert one.title.startswith("α-effects &unheard; of kinship")


@pytest.mark.parametrize("data", [b"<eFetchResult><ERROR>x</ERROR></eFetchResult>", b"<html></html>", b"", b"no XML", b"<a"])
def test_what_is_no_document_of_pubmed_is_rejected(data):
    parsed = pubmed_xml.parse(data)
    assert (parsed.references, len(parsed.rejected)) == ((), 1)
    assert detect.read(data).format != "pubmed_xml"


def test_what_is_read_can_be_written_as_ris():
    found = read(ARTICLE, BOOK)
    again = ris.parse(ris.write(found)).references
    names = ("title", "authors", "abstract", "pages", "doi", "pmid", "keywords", "issn", "isbn", "other", "type", "notices")
    assert [[getattr(one, name) for name in names] for one in again] == [
        [getattr(one, name) for name in names] for one in found
    ]


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(pubmed_xml.parse(data), data)


PAGE = document(ARTICLE, BOOK)


@given(st.integers(len(HEAD), len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(pubmed_xml.parse, PAGE, at, put, cut)


NAMES = ("PMID", "Article", "Journal", "JournalIssue", "PubDate", "Year", "Month", "Abstract", "AuthorList", "Author",
         "Language", "CommentsCorrections", "MeshHeading", "Pagination", "ELocationID", "ArticleTitle")  # fmt: skip


@given(st.sampled_from(NAMES), st.sampled_from(("", "Lost", "PMID")), st.text("<>/Ab0 ", max_size=4))
@settings(max_examples=40, deadline=None)
def test_elements_that_are_missing_or_odd_are_survived(name, other, text):
    data = document(ARTICLE.replace(f"<{name}", f"<{other or name}").replace(f"</{name}>", f"{text}</{other or name}>"))
    located(pubmed_xml.parse(data), data)


def _written(paper):
    names = (name.split(", ") for name in paper.authors)
    people = "".join(f"<Author><LastName>{escape(a)}</LastName><ForeName>{escape(b)}</ForeName></Author>" for a, b in names)
    doi = f'<ELocationID EIdType="doi">{escape(paper.doi)}</ELocationID>' if paper.doi else ""
    pages = f"<Pagination><MedlinePgn>{paper.pages}</MedlinePgn></Pagination>" if paper.pages else ""
    abstract = f"<Abstract><AbstractText>{escape(paper.abstract)}</AbstractText></Abstract>" if paper.abstract else ""
    return (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue><PubDate>"
        f"<Year>{paper.year}</Year></PubDate></JournalIssue></Journal><ArticleTitle>{escape(paper.title)}</ArticleTitle>"
        f"{pages}{doi}{abstract}<AuthorList>{people}</AuthorList></Article></MedlineCitation></PubmedArticle>"
    )


@given(PAPERS, st.sampled_from(["", "\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(papers, newline, encoding):
    data = f"<PubmedArticleSet>{newline.join(map(_written, papers))}</PubmedArticleSet>".encode(encoding)
    parsed = detect.read(data)
    assert (parsed.format, parsed.rejected, len(parsed.references)) == ("pubmed_xml", (), len(papers))
    for found, paper in zip(parsed.references, papers, strict=True):
        plain = replace(paper, title=markup.plain(paper.title), abstract=markup.plain(paper.abstract or ""))
        assert as_read(found) == cleaned(plain)
