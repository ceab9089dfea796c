"""ERIC: its connector against a played service, and its format on played, recorded and damaged pages."""

import html
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, eric
from tasks.sources.connector import Broken, Query, Refused, Response
from tasks.sources.eric import CONNECTOR, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives
from tests.sources.played.eric import make, number
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/eric"
QUERY = Query(BASE, "kinship AND care", until=date(2026, 11, 23))
PAPERS = papers(230)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [number(paper) for paper in held]


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 230])
def test_every_record_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 200))


def test_a_query_without_hits_brings_a_page_that_is_kept():
    ran = harvested(PAPERS, text="nothing")
    assert (ran.ids, ran.hits, len(ran.pages)) == ([], {"": 0}, 1)


@pytest.mark.parametrize(("size", "asked"), [(2_000, 6), (5_000, 6), (200, 6), (50, 23)])
def test_a_page_that_is_shorter_than_was_asked_for_loses_nothing(size, asked):
    many = papers(1_150)
    ran = harvested(many, page_size=size)
    assert ran.ids == ids(many)
    assert ran.asked == asked


def test_far_more_than_other_sources_let_one_read():
    many = papers(12_050)
    ran = harvested(many)
    assert ran.ids == ids(many)
    assert ran.hits == {"": 12_050}


@pytest.mark.parametrize(("low", "high"), [(2001, None), (None, 2010), (1995, 2005), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


def test_a_refresh_pulls_everything():
    assert not CONNECTOR.increments
    assert harvested(PAPERS, since=date(2025, 10, 1)).ids == ids(PAPERS)


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({"text": "kinship care"}, "kinship care"),
        ({"text": "kinship care", "from_year": 2001}, "(kinship care) AND publicationdateyear:[2001 TO *]"),
        ({"filters": {"peerreviewed": "T"}, "to_year": 2001},
         "(kinship AND care) AND peerreviewed:T AND publicationdateyear:[* TO 2001]"),
    ],
)  # fmt: skip
def test_the_query_goes_to_the_service_as_it_was_written(changes, query):
    [step] = CONNECTOR.begin(replace(QUERY, **changes))
    assert dict(step.request.params)["search"] == query


def test_fields_that_the_service_leaves_out_by_itself_are_asked_for():
    [found] = references([harvested(PAPERS[:1]).pages[0]], "eric")
    assert found.journal
    assert found.doi
    asked = dict(CONNECTOR.begin(QUERY)[0].request.params)["fields"].split(",")
    assert len(set(asked)) == len(asked)
    assert set(eric._OTHER) <= set(asked)


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "eric")
    # ERIC writes straight quotes, as an escape of XML that is there once or twice
    agree([replace(one, title=one.title.replace('"', "“", 1).replace('"', "”")) for one in found], PAPERS)
    assert [one.accession for one in found] == ids(PAPERS)
    by_month = {one.date[4:] for one in found}
    assert by_month == {"-01", "", "-09"}  # "Spr" is a season
    assert {(one.database, one.issn, one.language) for one in found} == {("ERIC", ("1234-5679", "2345-6787"), "English")}
    assert {one.publisher for one in found} == {
        "Invented Press. 1 Nowhere Road, Erewhon. Web site: http://press.played.invalid"
    }
    assert sum(("author", "And Others") in one.other for one in found) == 46


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"response": {"docs": [], "start": 0}}', b'{"response": {"numFound": 3}}',
        b'{"response": {"numFound": 1, "start": 0, "docs": [7]}}', b'{"response": []}', b'{"message": "Endpoint timed out"}',
        b'{"error": {"msg": "no servers hosting shard", "code": 503}}', b'{"error": "busy"}', b'{"error": {"code": 429}}',
        PAGE.replace(b'"start":0', b'"start":200'),
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_an_empty_page_before_the_end_is_not_the_end():
    [step] = CONNECTOR.begin(QUERY)
    body = b'{"response": {"numFound": 700, "start": 0, "docs": []}}'
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))
    assert (turn.ids, turn.hits, dict(turn.steps[0].request.params)["start"]) == ((), 700, "200")


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match=r"SyntaxError: Cannot parse '\(kinship'"):
        harvested(PAPERS, text="(kinship")
    assert isinstance(CONNECTOR.trouble(Response(400, BASE, {}, b'{"message": "Missing"}')), Refused)
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None
    assert CONNECTOR.trouble(Response(504, BASE, {}, b"")) is None


@pytest.mark.parametrize(
    ("strategy", "said"),
    [(Strategy(query="kinship AND care*"), None), (Strategy(query="x", filters={"peerreviewed": "T"}), None),
     (Strategy(query="x", filters={"rows": "5"}), "no field")],
)  # fmt: skip
def test_faults_of_the_configuration(strategy, said):
    source = Source(id="e", database="ERIC", connector="eric", strategies=(strategy,))
    found = faults(source, strategy)
    assert found == [] if said is None else said in found[0]


# The format on its own.


def one(**changes):
    record = {"id": "ED123456", "title": "T", "publicationdateyear": 2015, **changes}
    data = json.dumps(record).encode()
    parsed = detect.read(data)
    located(parsed, data)
    assert (parsed.format, parsed.starts) == ("eric", 1)
    return parsed.references[0]


def test_one_record_and_an_empty_page_are_read():
    data = json.dumps(json.loads(PAGE)["response"]["docs"][0]).encode()
    [found] = references([data], "eric")
    assert found.accession == number(PAPERS[0])
    empty = harvested([]).pages[0]
    assert (detect.read(empty).format, detect.read(empty).starts) == ("eric", 0)


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Reports - Research"], "report"), (["Books"], "book"), (["Dissertations/Theses - Doctoral Dissertations"], "thesis"),
        (["Speeches/Meeting Papers", "Reports - Research"], "conference"), (["Opinion Papers"], "other"), ([], None),
        (["Collected Works - Proceedings"], "conference"), (["Journal Articles", "Speeches/Meeting Papers"], "article"),
        ("Reports - Evaluative", "report"),
    ],
)  # fmt: skip
def test_types_of_documents(types, kind):
    assert one(publicationtype=types).type == kind
    assert one(id="EJ123456", publicationtype=types).type == "article"


def test_the_source_of_a_document_is_who_issued_it():
    report = one(publicationtype=["Reports - Research"], source="Invented Office")
    assert (report.journal, report.publisher) == (None, "Invented Office")
    both = one(publicationtype=["Books"], source="Online Submission", publisher="Invented Press")
    assert (both.journal, both.publisher, ("source", "Online Submission") in both.other) == (None, "Invented Press", True)
    paper = one(publicationtype=["Speeches/Meeting Papers"], source="Proceedings of Nobody")
    assert (paper.journal, paper.publisher) == ("Proceedings of Nobody", None)


@pytest.mark.parametrize(
    ("where", "read", "iso"),
    [
        ("v20 n1 p51-57 Jan 2015", ("20", "1", "51-57"), "2015-01"), ("v9 Article 10 2015", ("9", None, None), "2015"),
        ("n4 p1-9 Dec 2015", (None, "4", "1-9"), "2015-12"), ("v8 spec iss 1 p49-68 2015", ("8", None, "49-68"), "2015"),
        ("p12-14 2015", (None, None, "12-14"), "2015"), ("Nov 2014", (None, None, None), "2015"), ("", (None,) * 3, "2015"),
        ("v12 n3-4 p101-9 Jun-Jul 2015", ("12", "3-4", "101-109"), "2015-06"), ("v1 n2 e17 2015", ("1", "2", None), "2015"),
        ("v7 pvii-xii Nov 2015", ("7", None, "vii-xii"), "2015-11"), ("v7 p2014-2016 2015", ("7", None, "2014-2016"), "2015"),
    ],
)  # fmt: skip
def test_where_an_article_stands(where, read, iso):
    found = one(sourceid=where)
    assert ((found.volume, found.issue, found.pages), found.date) == (read, iso)
    assert not where or ("sourceid", where) in found.other  # what could not be told apart is there to be read


def test_people():
    found = one(author=["Roe, Ann", "Doe, Ben, Ed.", "Poe, Cy, Jr.", "And Others", "Centre of Nowhere"])
    assert found.authors == ("Roe, Ann", "Doe, Ben", "Poe, Cy, Jr.", "Centre of Nowhere")
    assert found.other == (("author", "Doe, Ben, Ed."), ("author", "And Others"))


def test_links_and_numbers():
    found = one(url="https://doi.org/10.5555/AB.1", issn=["EISSN-1234-567X"], isbn=["ISBN-978-0-306-40615-7"])
    assert (found.doi, found.urls) == ("10.5555/ab.1", ("https://doi.org/10.5555/AB.1", "https://eric.ed.gov/?id=ED123456"))
    assert (found.issn, found.isbn) == (("1234-567X",), ("9780306406157",))
    assert one(url="http://www.press.invalid").doi is None


@pytest.mark.parametrize(
    "data",
    [b'{"response": {"numFound": 1, "start": 0, "docs": [{"id": "10.1371/x", "title": "T"}]}}', b'{"id": "ED123456"}',
     b'{"responseHeader": {}, "response": {"numFound": 0, "start": 0, "docs": []}}', b"[]"],
)  # fmt: skip
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "eric"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(eric.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(eric.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from(["author", "source", "sourceid", "issn", "url", "publicationtype", "subject", "e_fulltextauth"]))
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "ED123456"


# Recorded pages, which have the fields only that come without being asked for.


@pytest.mark.parametrize(("path", "count"), [("ajs.json", 333), ("blockchain.json", 1)])
def test_every_recorded_record_is_read(path, count):
    data = shared(f"recorded/open/eric/{path}").read_bytes()
    theirs = json.loads(data)["response"]["docs"]
    found = references([data], "eric")
    assert len(found) == len(theirs) == count
    for ours, record in zip(found, theirs, strict=True):
        assert (ours.accession, ours.year, ours.type) == (record["id"], record["publicationdateyear"], "article")
        assert ours.title == " ".join(html.unescape(html.unescape(record["title"])).split())
        assert list(ours.authors) == [html.unescape(name) for name in record["author"] if name != "And Others"]
        assert (ours.abstract is None) == ("description" not in record)
        assert "&quot;" not in (ours.abstract or "")
        assert [f"ISSN-{value}" for value in ours.issn] == [value.removeprefix("E") for value in record.get("issn", [])]
        assert ours.keywords == tuple(html.unescape(value) for value in record["subject"])


def test_a_recorded_page_is_followed():
    data = shared("recorded/open/eric/ajs.json").read_bytes()
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, data))
    assert (turn.hits, len(set(turn.ids)), turn.steps) == (333, 333, ())
