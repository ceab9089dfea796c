"""Scopus: its connector against a played service, and its format on played, recorded and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, scopus_api
from tasks.sources.connector import Broken, Query, Refused, Response, TryLater
from tasks.sources.scopus import CONNECTOR, KEY, TOKEN, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives, title
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from tests.sources.played.scopus import eid, make
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/scopus"
QUERY = Query(BASE, "TITLE-ABS-KEY(kinship AND care)", until=date(2026, 11, 23))
COMPLETE = {"view": "COMPLETE"}
PAPERS = papers(230)
MANY = papers(5_600)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4], filters=COMPLETE).pages[0]


def ids(held):
    return [eid(paper.number) for paper in sorted(held, key=lambda paper: (paper.changed, paper.number))]


@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 199, 200, 201, 230])
@pytest.mark.parametrize(("filters", "size"), [({}, 200), (COMPLETE, 25)])
def test_every_document_comes_once(count, filters, size):
    ran = harvested(PAPERS[:count], filters=filters)
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // size))


def test_five_thousand_need_no_slices():
    ran = harvested(MANY[:5_000])
    assert (len(set(ran.ids)), ran.asked, ran.hits) == (5_000, 25, {"": 5_000})


def test_more_than_can_be_read_is_cut_by_years():
    ran = harvested(MANY)
    assert sorted(ran.ids) == sorted(ids(MANY))
    assert (ran.hits[""], ran.notes) == (5_600, [])
    assert all(".." in name or len(name) == 4 for name in ran.hits if name)


def test_a_single_year_is_cut_by_the_days_of_loading():
    year = [replace(paper, year=2020) for paper in MANY]
    ran = harvested(year)
    assert sorted(ran.ids) == sorted(ids(year))
    assert (ran.hits[""], ran.notes) == (5_600, [])
    assert any(name.startswith("2020 ") for name in ran.hits)


def test_a_year_that_the_protocol_asks_for_is_cut_at_once():
    year = [replace(paper, year=2020) for paper in MANY]
    ran = harvested(year, from_year=2020, to_year=2020, since=date(2024, 12, 1))
    assert sorted(ran.ids) == sorted(ids(year))
    assert all(name.startswith("2020 ") for name in ran.hits if name)


def test_more_than_can_be_read_of_a_single_day_is_told():
    same = [replace(paper, year=2020, changed=date(2025, 3, 4)) for paper in MANY]
    ran = harvested(same)
    assert len(set(ran.ids)) == 5_000
    assert ran.notes == ["Scopus has 5,600 records of 2020 2025-03-04 and lets 5,000 of them be read; narrow the search"]


def test_a_search_that_finds_nothing_is_an_empty_page_and_no_record():
    ran = harvested(PAPERS, text="nothing")
    assert (ran.ids, ran.hits, len(ran.pages)) == ([], {"": 0}, 1)
    parsed = detect.read(ran.pages[0])
    assert (parsed.format, parsed.starts) == ("scopus_api", 0)


@pytest.mark.parametrize(("low", "high"), [(2000, 2010), (2005, None), (None, 2001), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments(since):
    assert CONNECTOR.increments
    assert harvested(PAPERS, since=since).ids == ids(one for one in PAPERS if one.changed >= since)


def test_what_is_asked():
    [step] = CONNECTOR.begin(replace(QUERY, filters={"view": "complete", "subj": "SOCI"}, to_year=2004, since=date(2026, 3, 1)))
    assert step.request.url == f"{BASE}/content/search/scopus"
    assert dict(step.request.params) == {
        "query": "(TITLE-ABS-KEY(kinship AND care)) AND PUBYEAR BEF 2005 AND ORIG-LOAD-DATE AFT 20260228", "view": "COMPLETE",
        "subj": "SOCI", "sort": "orig-load-date", "count": "25", "start": "0",
    }  # fmt: skip
    [plain] = CONNECTOR.begin(QUERY)
    assert dict(plain.request.params)["query"] == QUERY.text
    assert not {"apiKey", "insttoken"} & {name for name, _ in plain.request.params}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"search-results": {}}',
        b'{"search-results": {"opensearch:totalResults": null}}',
        b'{"search-results": {"opensearch:totalResults": "1", "entry": [7]}}',
        b'{"service-error": {"status": {"statusText": "x"}}}',
        b'{"search-results": {"opensearch:totalResults": "3", "entry": [{"error": "Index unavailable"}]}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_one_entry_that_stands_without_a_list():
    [step] = CONNECTOR.begin(QUERY)
    body = b'{"search-results": {"opensearch:totalResults": "1", "entry": {"eid": "2-s2.0-1", "dc:title": "T"}}}'
    assert CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body)).ids == ("2-s2.0-1",)
    assert [one.accession for one in references([body], "scopus_api")] == ["2-s2.0-1"]


NOW = {"date": "Mon, 23 Nov 2026 10:00:00 GMT"}  # 1795428000 seconds after 1970


@pytest.mark.parametrize(
    ("status", "headers", "raised", "wait"),
    [
        (429, {}, type(None), None), (429, {"retry-after": "3"}, Broken, 3.0),
        (429, {"x-ratelimit-reset": "1795428030", **NOW}, Broken, 30.0),
        (429, {"x-ratelimit-reset": "1795428030000", **NOW}, Broken, 30.0),
        (429, {"x-ratelimit-reset": "1795828030000", **NOW}, TryLater, None),
        (429, {"x-ratelimit-reset": "1795828030", **NOW}, TryLater, None),
        (429, {"x-els-status": "QUOTA_EXCEEDED - Quota Exceeded"}, TryLater, None),
        (429, {"x-ratelimit-remaining": "0"}, TryLater, None),
        (401, {}, Refused, None), (403, {}, Refused, None), (400, {}, Refused, None), (500, {}, type(None), None),
    ],
)  # fmt: skip
def test_what_status_codes_mean(status, headers, raised, wait):
    body = b'{"service-error": {"status": {"statusCode": "X", "statusText": "what it says"}}}'
    error = CONNECTOR.trouble(Response(status, BASE, headers, body))
    assert type(error) is raised
    assert error is None or "what it says" in str(error)
    assert getattr(error, "wait", None) == wait


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="Error translating query"):
        harvested(PAPERS, text="TITLE(kinship")
    step = CONNECTOR.begin(QUERY)[0]
    for name, value in (("count", "201"), ("start", "5000")):
        params = tuple((key, value if key == name else old) for key, old in step.request.params)
        bad = replace(step, request=replace(step.request, params=params))
        with pytest.raises(Refused, match="page_size: 25"):
            run(replace(CONNECTOR, begin=lambda _query, bad=bad: (bad,)), QUERY, make(PAPERS, BASE), BASE)
    invalid = b'{"error-response": {"error-code": "APIKEY_INVALID", "error-message": "Invalid API Key"}}'
    error = CONNECTOR.trouble(Response(401, BASE, {}, invalid))
    assert all(part in str(error) for part in ("Invalid API Key", KEY.variable, TOKEN.variable))


def test_faults_of_the_configuration():
    source = Source(id="s", database="Scopus", connector="scopus", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"view": "complete", "subj": "SOCI"})) == []
    assert "none of" in faults(source, Strategy(query="x", filters={"view": "FULL"}))[0]
    assert "leave it out" in faults(source, Strategy(query="x", filters={"cursor": "*"}))[0]
    assert "from_year" in faults(source, Strategy(query="x", filters={"date": "2001-2002"}))[0]
    assert KEY.required
    assert not TOKEN.required


# The format.


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS, filters=COMPLETE).pages, "scopus_api")
    agree(found, PAPERS)
    assert [one.accession for one in found] == ids(PAPERS)
    assert {one.doi for one in found if one.notices == ("retracted",)} == {one.doi for one in PAPERS if one.retracted}
    keywords = {paper.doi: paper.keywords for paper in PAPERS}
    assert all(one.keywords == keywords[one.doi] for one in found)
    assert {(one.database, one.issn) for one in found} == {("Scopus", ("1234-5679",))}
    assert all(one.urls == (f"https://www.scopus.com/inward/record.uri?eid={one.accession}",) for one in found)


def test_the_standard_view_has_the_first_author_and_no_abstract():
    by_doi = {paper.doi: paper for paper in PAPERS}
    for one in references(harvested(PAPERS).pages, "scopus_api"):
        paper = by_doi[one.doi]
        assert (one.title, one.year, one.abstract, len(one.authors)) == (title(paper), paper.year, None, 1)
        assert one.authors[0].startswith(paper.authors[0][0])


def one(**changes):
    page = {"search-results": {"opensearch:totalResults": "1", "entry": [{"eid": "2-s2.0-1", "dc:title": "T", **changes}]}}
    data = json.dumps(page).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("scopus_api", 1)
    located(parsed, data)
    return parsed.references[0]


@pytest.mark.parametrize(
    ("value", "isbn"),
    [
        ("9780415309808", ("9780415309808",)), ([{"@_fa": "true", "$": "9780415309808"}], ("9780415309808",)),
        ("[9780415309808, 9780415309815]", ("9780415309808", "9780415309815")), (None, ()),
    ],
)  # fmt: skip
def test_isbns(value, isbn):
    assert one(**{"prism:isbn": value}).isbn == isbn


@pytest.mark.parametrize(
    ("subtype", "described", "kind"),
    [("cp", "Conference Paper", "conference"), ("ch", "Book Chapter", "chapter"), ("re", "Review", "article"),
    ("bk", "Book", "book"),
     (None, "Book Chapter", "chapter"), ("zz", None, None), ("dp", "Data Paper", "dataset")],
)  # fmt: skip
def test_types(subtype, described, kind):
    assert one(subtype=subtype, subtypeDescription=described).type == kind


def test_pages_or_the_number_of_the_article():
    assert one(**{"prism:pageRange": "10-20", "article-number": "5"}).pages == "10-20"
    assert one(**{"prism:pageRange": None, "article-number": "188607"}).pages == "188607"


def test_an_error_among_entries_is_rejected_with_its_reason():
    data = b'{"search-results": {"opensearch:totalResults": "2", "entry": [{"eid": "1"}, {"error": "unavailable"}]}}'
    parsed = detect.read(data)
    assert (parsed.starts, [piece.reason for piece in parsed.rejected]) == (2, ["no document of Scopus: unavailable"])


@pytest.mark.parametrize("data", [b'{"search-results": {}}', b'{"entry": []}', b"[]", b'{"search-results": []}'])
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "scopus_api"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(scopus_api.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(scopus_api.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    VALUES,
    st.sampled_from(["author", "affiliation", "prism:isbn", "link", "authkeywords", "prism:coverDate", "dc:title", "subtype"]),
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "2-s2.0-1"


# A recorded page.


def test_a_recorded_page():
    data = shared("recorded/open/scopus_api/search_standard_view.json").read_bytes()
    [entry] = json.loads(data)["search-results"]["entry"]
    [found] = references([data], "scopus_api")
    assert (found.accession, found.title, found.journal) == (entry["eid"], entry["dc:title"], entry["prism:publicationName"])
    assert (found.year, found.date, found.volume, found.issue) == (2021, "2021-12-01", "1876", "2")
    assert (found.doi, found.pages, found.issn) == (entry["prism:doi"], entry["article-number"], ("0304-419X", "1879-2561"))
    assert (found.authors, found.abstract, found.type) == ((entry["dc:creator"],), None, "article")
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, data))
    assert (turn.hits, turn.keep, len(turn.steps)) == (7_794, False, 2)  # more than 5,000
