"""GOV.UK: its connector against a played service, and its format on played, recorded and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, govuk
from tasks.sources.connector import Broken, Query, Refused, Response
from tasks.sources.govuk import CONNECTOR, FIELDS, faults
from tests.shared import shared
from tests.sources.played.agreeing import located, references, survives, title
from tests.sources.played.govuk import link, make
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/govuk"
QUERY = Query(BASE, "kinship care", until=date(2026, 11, 23))
PAPERS = papers(1_230)
MANY = papers(11_200)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [link(paper.number) for paper in sorted(held, key=lambda paper: (paper.changed, paper.number))]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_000, 1_230])
def test_every_result_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 500))


@pytest.mark.parametrize("size", [400, 1_500])
def test_the_last_page_does_not_reach_beyond_the_window(size):
    ran = harvested(MANY[:10_000], page_size=size)
    assert (ran.ids, ran.hits) == (ids(MANY[:10_000]), {"": 10_000})


def test_more_than_can_be_read_is_cut_by_days_and_pages_without_a_date_come_too():
    ran = run(CONNECTOR, QUERY, make(MANY, BASE, without_dates=True), BASE)
    assert sorted(ran.ids) == sorted(ids(MANY))
    assert (ran.hits[""], ran.hits["undated"], ran.notes) == (11_200, 1_120, [])


def test_slices_keep_the_limits_of_the_search():
    ran = harvested(MANY, since=date(2025, 1, 5), to_year=2025)
    wanted = [one for one in MANY if one.changed >= date(2025, 1, 5)]
    assert len(wanted) > 10_000
    assert ran.ids == ids(wanted)
    assert "undated" not in ran.hits


@pytest.mark.parametrize(("day", "name"), [(date(2025, 3, 4), "2025-03-04")])
def test_more_than_can_be_read_of_a_single_day_is_told(day, name):
    same = [replace(paper, changed=day) for paper in MANY]
    ran = harvested(same)
    assert len(set(ran.ids)) == 10_000
    assert ran.notes == [f"GOV.UK has 11,200 results of {name} and 10,000 of them are read; narrow the search"]


def test_a_search_that_finds_nothing():
    ran = harvested(PAPERS, text="nothing")
    assert ran.hits == {"": 0}
    assert (detect.read(ran.pages[0]).format, detect.read(ran.pages[0]).starts) == ("govuk", 0)


@pytest.mark.parametrize(
    ("low", "high", "all_of_them"), [(2025, 2025, True), (2025, None, True), (None, 2024, False), (2026, None, False)]
)
def test_years_are_those_of_the_last_change(low, high, all_of_them):
    assert harvested(PAPERS, from_year=low, to_year=high).ids == (ids(PAPERS) if all_of_them else [])


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments(since):
    assert CONNECTOR.increments
    assert harvested(PAPERS, since=since).ids == ids(one for one in PAPERS if one.changed >= since)


def test_what_is_asked():
    limits = {"filter_organisations": "cabinet-office | home-office", "reject_format": "person"}
    [step] = CONNECTOR.begin(
        replace(QUERY, filters=limits, from_year=2001, to_year=2004, since=date(2003, 2, 1), page_size=9_000)
    )
    assert step.request.url == f"{BASE}/api/search.json"
    assert step.request.params == (
        ("q", "kinship care"), ("filter_organisations", "cabinet-office"), ("filter_organisations", "home-office"),
        ("reject_format", "person"), ("filter_public_timestamp", "from:2003-02-01,to:2004-12-31"), ("fields", FIELDS),
        ("order", "public_timestamp"), ("count", "1500"), ("start", "0"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"results": []}', b'{"total": 3}', b'{"total": "3", "results": []}',
        b'{"total": 1, "results": [7]}', b'{"error": "busy"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="Unexpected parameters: filter_colour"):
        harvested(PAPERS, filters={"filter_colour": "red"})
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None
    assert CONNECTOR.trouble(Response(404, BASE, {}, b"")) is None


def test_faults_of_the_configuration():
    source = Source(id="g", database="GOV.UK", connector="govuk", box="website", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"filter_format": "research"})) == []
    assert "begins with" in faults(source, Strategy(query="x", filters={"count": "5"}))[0]
    assert "from_year" in faults(source, Strategy(query="x", filters={"filter_public_timestamp": "from:2001-01-01"}))[0]


# The format.


def test_the_format_reads_what_the_papers_say():
    found = {one.accession: one for one in references(harvested(PAPERS).pages, "govuk")}
    assert list(found) == ids(PAPERS)
    for paper in PAPERS:
        one = found[link(paper.number)]
        assert (one.title, one.abstract, one.type) == (title(paper), paper.abstract.strip(), "report")
        assert (one.date, one.year, one.publisher) == (
            paper.changed.isoformat(),
            paper.changed.year,
            "Department for Inventions",
        )
        assert (one.urls, one.warnings, one.authors) == ((f"https://www.gov.uk{link(paper.number)}",), (), ())


def one(**changes):
    page = {"results": [{"link": "/a", "title": "T", "_id": "/a", "index": "government", **changes}]}
    data = json.dumps(page).encode()
    parsed = govuk.parse(data)
    located(parsed, data)
    assert parsed.starts == 1
    return parsed.references[0]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"format": "answer"}, "webpage"), ({"content_store_document_type": "research"}, "report"),
        ({"format": "news_article"}, "webpage"),
        ({"content_store_document_type": "independent_report"}, "report"), ({"display_type": "Policy paper"}, "report"),
        ({}, "webpage"),
        ({"content_store_document_type": "statistical_data_set"}, "dataset"), ({"format": "organisation"}, "webpage"),
    ],
)  # fmt: skip
def test_types(changes, kind):
    assert one(**changes).type == kind


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("/a/b", "https://www.gov.uk/a/b"),
        ("a/b", "https://www.gov.uk/a/b"),
        ("https://other.invalid/x", "https://other.invalid/x"),
    ],
)
def test_links_are_made_absolute(value, address):
    assert one(link=value).urls == (address,)


@pytest.mark.parametrize(
    "data", [b'{"results": []}', b'{"results": [{"link": "/a", "title": "x"}]}', b'{"total": 0, "results": []}', b"[]"]
)
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "govuk"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(govuk.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(govuk.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from(["organisations", "public_timestamp", "description", "format", "topics", "title"]))
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "/a"


# Recorded results.


def test_recorded_results():
    data = shared("recorded/open/govuk/search_results_2016.json").read_bytes()
    theirs = json.loads(data)["results"]
    found = references([data], "govuk")
    assert [one.accession for one in found] == [result["link"] for result in theirs]
    assert [one.title for one in found] == [result["title"] for result in theirs]
    assert [one.abstract for one in found] == [result["description"] for result in theirs]
    assert [one.date for one in found] == [result.get("public_timestamp", "")[:10] or None for result in theirs]
    assert [one.type for one in found] == ["webpage", "webpage", "report"]  # the last is detailed guidance
    assert [one.publisher for one in found] == ["Department for Education", None, "Department for Education"]
