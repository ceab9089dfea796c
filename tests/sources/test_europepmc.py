"""Europe PMC: its connector against a played service, and its format on played, recorded and damaged pages."""

import json
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, europepmc
from tasks.sources.connector import Broken, Query, Refused, Response
from tasks.sources.europepmc import CONNECTOR, SIZE, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives
from tests.sources.played.europepmc import make, record_id
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/europepmc"
QUERY = Query(BASE, 'TITLE_ABS:"kinship" AND care', until=date(2026, 11, 23))
PAPERS = papers(1_130)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


def ids(held):
    return [":".join(record_id(paper)) for paper in held]


def begun(**changes):
    [step] = CONNECTOR.begin(replace(QUERY, **changes))
    return step


def sent(step):
    return dict(step.request.params or parse_qsl(step.request.body))


PAGE = harvested(PAPERS[:4]).pages[0]


@pytest.mark.parametrize("count", [0, 1, SIZE - 1, SIZE, SIZE + 1, 1_130])
def test_every_record_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == -(-count // SIZE) + 1, "the page past the last tells that it was the last"


def test_ids_are_unique_only_with_their_source():
    numbers = [number for _, number in map(record_id, PAPERS)]
    assert len(set(numbers)) < len(PAPERS) == len(set(harvested(PAPERS).ids))


@pytest.mark.parametrize(("size", "asked"), [(100, 13), (5_000, 3)])
def test_the_size_of_a_page(size, asked):
    ran = harvested(PAPERS, page_size=size)
    assert (ran.ids, ran.asked) == (ids(PAPERS), asked)


@pytest.mark.parametrize(("low", "high"), [(2001, None), (None, 2010), (1995, 2005), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


def test_increments():
    assert CONNECTOR.increments
    since = date(2025, 6, 15)
    ran = harvested(PAPERS, since=since)
    assert ran.ids == ids(one for one in PAPERS if one.changed >= since)
    assert 0 < len(ran.ids) < len(PAPERS)


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({}, 'TITLE_ABS:"kinship" AND care'),
        ({"from_year": 2001}, '(TITLE_ABS:"kinship" AND care) AND PUB_YEAR:[2001 TO 3000]'),
        ({"text": "x OR y", "filters": {"LANG": "eng|ger"}, "to_year": 2005, "since": date(2026, 1, 2)},
         '(x OR y) AND (LANG:"eng" OR LANG:"ger") AND PUB_YEAR:[1000 TO 2005] AND '
         "(FIRST_IDATE:[2026-01-02 TO 3000-12-31] OR UPDATE_DATE:[2026-01-02 TO 3000-12-31])"),
    ],
)  # fmt: skip
def test_the_query_stands_as_the_reviewer_wrote_it(changes, query):
    asked = sent(begun(**changes))
    assert asked == {
        "query": query, "format": "json", "resultType": "core", "pageSize": "500", "synonym": "FALSE", "cursorMark": "*",
    }  # fmt: skip


def test_synonyms_only_where_the_protocol_asks_for_them():
    step = begun(filters={"synonym": "true"})
    assert (sent(step)["synonym"], sent(step)["query"]) == ("TRUE", QUERY.text)


def test_a_long_search_is_posted():
    text = " OR ".join(f'TITLE:"foster & care {number}"' for number in range(200))
    step = begun(text=text)
    assert (step.request.method, step.request.params, sent(step)["query"]) == ("POST", (), text)
    assert harvested(PAPERS, text=text).ids == ids(PAPERS)


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "europepmc")
    agree(found, PAPERS)
    assert [one.accession for one in found] == ids(PAPERS)
    by_doi = {one.doi: one for one in found}
    assert {paper.doi: by_doi[paper.doi].notices for paper in PAPERS} == {
        paper.doi: ("retracted: pmid:99999999",) if paper.retracted else () for paper in PAPERS
    }
    assert any(paper.retracted for paper in PAPERS)
    assert {one.date[4:] for one in found} == {"-03"}
    assert {(one.database, one.issn, one.language) for one in found} == {("Europe PMC", ("1234-5679",), "eng")}
    assert {bool(one.pmid) == one.accession.startswith("MED:") for one in found} == {True}


# What may go wrong.


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"hitCount": 3}', b'{"hitCount": "3", "resultList": {"result": []}}',
        b'{"hitCount": 1, "resultList": {"result": [7]}}', b'{"hitCount": 1, "resultList": []}',
        b'{"hitCount": 1, "nextCursorMark": 5, "resultList": {"result": []}}', b'{"errCode": 500, "errMsg": "out of order"}',
        b"<?xml version='1.0'?><errorBean><errCode>503</errCode><errMsg>busy</errMsg></errorBean>",
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, begun(), Response(200, BASE, {}, body))


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="query is mandatory"):
        harvested(PAPERS, text=" ")
    fault = b'{"version": "6.9", "errCode": 404, "errMsg": "Invalid cursorMark"}'
    with pytest.raises(Refused, match="Invalid cursorMark"):
        CONNECTOR.follow(QUERY, begun(), Response(200, BASE, {}, fault))
    assert isinstance(CONNECTOR.trouble(Response(400, BASE, {}, b"<html>")), Refused)
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None
    assert CONNECTOR.trouble(Response(503, BASE, {}, b"")) is None


@pytest.mark.parametrize(
    ("query", "filters", "said"),
    [
        ('TITLE:"a (b" AND (c OR d)', {"SRC": "MED|PPR", "synonym": "TRUE"}, None), ('"a', {}, "quotation mark"),
        ("(a", {}, "parenthes"), ("a", {"synonym": "yes"}, "TRUE or FALSE"), ("a", {"pageSize": "5"}, "set by the pipeline"),
        ("a", {"PUB TYPE": "x"}, "no field"),
    ],
)  # fmt: skip
def test_faults_of_the_configuration(query, filters, said):
    strategy = Strategy(query=query, filters=filters)
    source = Source(id="e", database="Europe PMC", connector="europepmc", strategies=(strategy,))
    found = faults(source, strategy)
    assert found == [] if said is None else said in found[0]


# The format on its own.

CORE = {
    "id": "PPR123", "source": "PPR", "doi": "10.5555/Pre.1", "title": "A preprint &amp; its <i>end</i>.",
    "authorList": {"author": [
        {"fullName": "Ó Briain Á", "firstName": "Áine", "lastName": "Ó Briain", "initials": "Á",
         "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "Invented University."}]}},
        {"collectiveName": "Invented Group"}, {"fullName": "Doe J", "lastName": "Doe", "initials": "J"},
    ]},
    "pubYear": "2024", "firstPublicationDate": "2024-02-03",
    "bookOrReportDetails": {"publisher": "inventRxiv", "yearOfPublication": 2024},
    "abstractText": "<h4>Background</h4>It is p &lt; .05 in H<sub>2</sub>O. <h4>Methods:</h4> None.",
    "meshHeadingList": {"meshHeading": [{"majorTopic_YN": "Y", "descriptorName": "Foster Home Care"}]},
    "keywordList": {"keyword": ["rest", "Foster Home Care"]}, "grantsList": {"grant": [{"grantId": "G1", "agency": "Nobody"}]},
    "commentCorrectionList": {"commentCorrection": [
        {"id": "90000009", "source": "MED", "type": "Preprint of", "note": "matched"},
        {"id": "PMC7", "source": "PMC", "type": "Erratum in", "reference": "J Inv"},
        {"type": "Comment in", "reference": "J Inv. 1"},
    ]},
    "pubTypeList": {"pubType": ["Preprint"]}, "versionNumber": 2,
}  # fmt: skip


def read(document):
    data = json.dumps(document).encode()
    parsed = detect.read(data)
    located(parsed, data)
    assert (parsed.format, len(parsed.references), parsed.rejected) == ("europepmc", 1, ())
    return parsed.references[0]


@pytest.mark.parametrize(
    "document", [CORE, {"version": "6.9", "result": CORE}, {"hitCount": 1, "resultList": {"result": [CORE]}}], ids=len
)
def test_a_core_record(document):
    found = read(document)
    assert (found.type, found.title, found.doi) == ("report", "A preprint & its end.", "10.5555/pre.1")
    assert found.authors == ("Ó Briain, Áine", "Invented Group", "Doe, J")
    assert found.abstract == "Background: It is p < .05 in H2O. Methods: None."
    assert (found.year, found.date, found.publisher, found.accession) == (2024, "2024-02-03", "inventRxiv", "PPR:PPR123")
    assert found.keywords == ("Foster Home Care", "rest")
    assert found.notices == ("preprint-of: pmid:90000009", "corrected: PMC7")
    assert {
        ("grant", "Nobody G1"),
        ("affiliation", "Invented University."),
        ("version", "2"),
        ("Comment in", "J Inv. 1"),
    } <= set(found.other)


LITE = {
    "id": "90000007", "source": "MED", "pmid": "90000007", "title": "A lite one",
    "authorString": "Doe J, de la Cruz M, Roe AB.",
    "journalTitle": "J Inv Care", "issue": "2", "journalVolume": "9", "pubYear": "2025",
    "journalIssn": "1234-5679; 2345-6787; ",
    "pageInfo": "e12-9", "pubType": "journal article; retracted publication", "firstPublicationDate": "2024-12-30",
}  # fmt: skip


def as_xml(record):
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in record.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?><responseWrapper xmlns:epmc="https://www.europepmc.org/data"><version>6.9</version>'
        f"<hitCount>1</hitCount><resultList><result>{inside}</result></resultList></responseWrapper>"
    ).encode()


@pytest.mark.parametrize("data", [json.dumps(LITE).encode(), as_xml(LITE)], ids=["JSON", "XML"])
def test_a_lite_record_in_json_and_in_xml(data):
    parsed = detect.read(data)
    located(parsed, data)
    assert parsed.format == "europepmc"
    [found] = parsed.references
    assert found.authors == ("Doe J", "de la Cruz M", "Roe AB")
    assert (found.type, found.journal, found.volume, found.issue, found.pages) == ("article", "J Inv Care", "9", "2", "e12-9")
    assert (found.issn, found.pmid, found.year, found.date) == (("1234-5679", "2345-6787"), "90000007", 2025, "2025")
    assert found.notices == ("retracted",)


def test_xml_with_lists_is_read_as_json_is():
    authors = "".join(f"<author><lastName>{name}</lastName><firstName>Jo</firstName></author>" for name in ("Doe", "Roe"))
    data = as_xml(LITE).replace(b"<authorString>", f"<authorList>{authors}</authorList><authorString>".encode())
    assert detect.read(data).references[0].authors == ("Doe, Jo", "Roe, Jo")


@pytest.mark.parametrize(
    "data",
    [b'{"id": "7", "source": "MED", "title": "of another"}', b'{"hitCount": 3}', b"<result><id>7</id></result>", b"{}",
     b"<responseWrapper><version>1</version></responseWrapper>"],
)  # fmt: skip
def test_what_is_of_another_source_is_not_claimed(data):
    assert detect.read(data).format != "europepmc"


def test_a_record_without_id_and_title_is_rejected():
    parsed = europepmc.parse(b'{"hitCount": 1, "resultList": {"result": [{"pubYear": "2001"}]}}')
    assert (parsed.starts, parsed.rejected[0].reason) == (
        1, "no record of Europe PMC: it has neither an id nor a title",
    )  # fmt: skip


XML_PAGE = as_xml(LITE)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([PAGE, XML_PAGE]), st.integers(0, 3000), st.binary(max_size=6), st.integers(0, 300))
def test_damage_loses_nothing(page, at, put, cut):
    survives(europepmc.parse, page, min(at, len(page)), put, cut)


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=60), st.sampled_from([b"", b'{"hitCount": 1, "resultList": {"result": [', b"<responseWrapper><result>"])
)
def test_any_bytes_are_read_or_rejected(data, head):
    parsed = europepmc.parse(head + data)
    located(parsed, head + data)
    assert parsed.starts or not (head + data).strip() or b"[" in head


@pytest.mark.parametrize(
    ("name", "count", "hits"),
    [("search_6hits.json", 6, 6), ("search_cancer.json", 25, 5_059_039), ("search_cancer_page2.json", 5, 5_059_039),
     ("search_no_results.json", 0, 0)],
)  # fmt: skip
def test_recorded_answers(name, count, hits):
    data = shared(f"recorded/open/europepmc/{name}").read_bytes()
    parsed = detect.read(data)
    located(parsed, data)
    assert (parsed.format, len(parsed.references), parsed.rejected) == ("europepmc", count, ())
    assert all(one.title and one.year and one.accession for one in parsed.references)
    turn = CONNECTOR.follow(QUERY, begun(), Response(200, BASE, {}, data))
    assert (len(turn.ids), turn.hits, len(turn.steps)) == (count, hits, hits > 25)
    assert sum(not one.authors for one in parsed.references) == (count > 0), "a supplement of abstracts, and an erratum"
    assert turn.ids == tuple(one.accession for one in parsed.references)


def test_a_recorded_answer_in_xml_says_what_the_one_in_json_says():
    found = [
        [
            (one.accession, one.title, one.authors, one.year, one.doi, one.journal, one.volume, one.pages)
            for one in parsed.references
        ]
        for parsed in (
            detect.read(shared(f"recorded/open/europepmc/search_cancer.{suffix}").read_bytes()) for suffix in ("json", "xml")
        )
    ]
    assert len(found[0]) == 25
    assert found[0] == found[1]
