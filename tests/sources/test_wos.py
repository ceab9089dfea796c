"""Web of Science Starter: its connector against a played service, and its format on played and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, wos_starter
from tasks.sources import wos
from tasks.sources.connector import Broken, Query, Refused, Response, TryLater
from tasks.sources.wos import CONNECTOR, KEY, faults
from tests.sources.played.agreeing import located, references, survives, title
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from tests.sources.played.wos import make, uid
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/wos"
QUERY = Query(BASE, "TS=(kinship AND care)", until=date(2026, 11, 23))
PAPERS = papers(230)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [uid(paper.number) for paper in sorted(held, key=lambda paper: (paper.changed, paper.number))]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 230])
def test_every_document_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 50))


def test_thousands_of_documents():
    held = papers(6_000)
    ran = harvested(held)
    assert (ran.ids, ran.asked) == (ids(held), 120)


def test_more_than_can_be_read_is_cut_by_years(monkeypatch):
    monkeypatch.setattr(wos, "CAP", 100)
    ran = run(CONNECTOR, QUERY, make(PAPERS, BASE, cap=100), BASE)
    assert sorted(ran.ids) == sorted(ids(PAPERS))
    assert (ran.hits[""], ran.notes) == (230, [])
    assert len(ran.hits) > 3


@pytest.mark.parametrize("last", [2020, 2021])
def test_more_than_can_be_read_of_a_single_year_is_told(monkeypatch, last):
    monkeypatch.setattr(wos, "CAP", 100)
    year = [replace(paper, year=2020) for paper in PAPERS]
    ran = run(CONNECTOR, replace(QUERY, from_year=2020, to_year=last), make(year, BASE, cap=100), BASE)
    assert len(set(ran.ids)) == 100
    assert ran.notes == ["Web of Science has 230 records of 2020, of which 100 can be read; narrow the search"]


def test_a_search_that_finds_nothing():
    assert harvested(PAPERS, text="nothing").hits == {"": 0}


@pytest.mark.parametrize(("low", "high"), [(2000, 2010), (2005, None), (None, 2001), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments(since):
    assert CONNECTOR.increments
    assert harvested(PAPERS, since=since).ids == ids(one for one in PAPERS if one.changed >= since)


def test_all_databases_at_once_cannot_be_asked_for_what_was_modified():
    ran = harvested(PAPERS, since=date(2025, 6, 15), filters={"db": "WOK"})
    assert ran.ids == ids(PAPERS)


def test_what_is_asked():
    [step] = CONNECTOR.begin(replace(QUERY, from_year=2001, since=date(2026, 3, 1), page_size=500))
    assert step.request.url == f"{BASE}/documents"
    assert dict(step.request.params) == {
        "db": "WOS", "q": "(TS=(kinship AND care)) AND PY=2001-2999", "modifiedTimeSpan": "2026-03-01+2026-11-23",
        "sortField": "LD+A", "limit": "50", "page": "1",
    }  # fmt: skip
    assert dict(CONNECTOR.begin(QUERY)[0].request.params)["q"] == QUERY.text


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"hits": []}', b'{"metadata": {"total": 3}}',
        b'{"metadata": {"total": "3"}, "hits": []}',
        b'{"metadata": {"total": 1}, "hits": [7]}', b'{"error": {"status": 500, "title": "busy"}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


@pytest.mark.parametrize(
    ("status", "headers", "raised"),
    [
        (429, {}, type(None)), (429, {"retry-after": "2"}, Broken), (429, {"retry-after": "40000"}, TryLater),
        (429, {"x-ratelimit-remaining-day": "0"}, TryLater), (401, {}, Refused), (403, {}, Refused), (400, {}, Refused),
        (404, {}, Refused), (500, {}, type(None)),
    ],
)  # fmt: skip
def test_what_status_codes_mean(status, headers, raised):
    for body in (
        b'{"error": {"title": "what", "details": "it says"}}', b'{"error": "what", "error_description": "it says"}',
        b'{"message": "what: it says"}'
    ):  # fmt: skip
        error = CONNECTOR.trouble(Response(status, BASE, headers, body))
        assert type(error) is raised
        assert error is None or "what: it says" in str(error)


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="Invalid query"):
        harvested(PAPERS, text="TS=(kinship")
    with pytest.raises(Refused, match="unknown parameters: edition"):
        harvested(PAPERS, filters={"edition": "SSCI"})


def test_faults_of_the_configuration():
    source = Source(id="w", database="Web of Science", connector="wos", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"db": "MEDLINE"})) == []
    assert "leave it out" in faults(source, Strategy(query="x", filters={"limit": "5"}))[0]
    assert "from_year" in faults(source, Strategy(query="x", filters={"publishTimeSpan": "x"}))[0]
    assert KEY.required


# The format.


def test_the_format_reads_what_the_papers_say():
    found = {one.accession: one for one in references(harvested(PAPERS).pages, "wos_starter")}
    assert list(found) == ids(PAPERS)
    for paper in PAPERS:
        one = found[uid(paper.number)]
        assert (one.title, one.year, one.doi, one.journal) == (title(paper), paper.year, paper.doi, paper.journal)
        assert one.authors == tuple(f"{family}, {given}" for family, given in paper.authors)
        assert (one.volume, one.issue, one.pages) == (str(paper.volume), str(paper.issue), f"{paper.first}-{paper.last}")
        assert (one.abstract, one.type, one.keywords, one.date) == (None, "article", paper.keywords, f"{paper.year}-03")
        assert (one.issn, one.database, one.warnings) == (("1234-5679",), "Web of Science", ())
        assert one.notices == (("retracted",) if paper.retracted else ())
        assert one.urls == (f"https://www.webofscience.com/wos/woscc/full-record/{one.accession}",)


def one(**changes):
    data = json.dumps({"uid": "WOS:1", "title": "T", **changes}).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("wos_starter", 1)
    located(parsed, data)
    return parsed.references[0]


def test_an_empty_page_is_read():
    empty = harvested([]).pages[0]
    assert (detect.read(empty).format, detect.read(empty).starts) == ("wos_starter", 0)


@pytest.mark.parametrize(
    ("source", "pages", "iso"),
    [
        ({"publishYear": 1991, "publishMonth": "OCT-DEC", "pages": {"range": "461-508"}}, "461-508", "1991-10"),
        ({"publishYear": 2021, "publishMonth": "DEC 5", "articleNumber": "190"}, "190", "2021-12-05"),
        ({"publishYear": 2021, "pages": "1-9"}, "1-9", "2021"),
        ({"publishYear": 2021, "publishMonth": "SPR"}, None, "2021"), ({}, None, None),
    ],
)  # fmt: skip
def test_pages_and_dates(source, pages, iso):
    assert (one(source=source).pages, one(source=source).date) == (pages, iso)


@pytest.mark.parametrize(
    ("types", "kind"),
    [(["Article", "Early Access"], "article"), (["Proceedings Paper"], "conference"), (["Book Chapter"], "chapter"),
    (["Book"], "book"),
     (["Meeting Abstract"], "conference"), ([], None), (["Poetry"], "other")],
)  # fmt: skip
def test_types(types, kind):
    assert one(types=types).type == kind


def test_a_link_may_be_an_empty_list_and_editors_are_kept():
    found = one(
        links={"record": []}, names={"authors": [{"wosStandard": "Doe, J"}], "bookEditors": [{"displayName": "Roe, R"}]}
    )
    assert (found.urls, found.authors, ("editor", "Roe, R") in found.other) == ((), ("Doe, J",), True)


@pytest.mark.parametrize("data", [b'{"hits": []}', b'{"metadata": {}, "hits": []}', b'{"uid": 5, "title": "x"}', b"[]"])
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "wos_starter"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(wos_starter.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(wos_starter.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from(["source", "names", "identifiers", "keywords", "links", "types", "sourceTypes"]))
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "WOS:1"


def test_a_page_without_hits_has_no_list_and_nothing_in_it():
    parsed = detect.read(b'{"metadata": {"total": 0, "page": 1, "limit": 50}}', "wos_starter")
    assert (parsed.starts, parsed.rejected) == (0, ())
    assert detect.read(b'{"metadata": {"total": 3, "page": 1, "limit": 50}}', "wos_starter").starts == 1, (
        "but not if there are some"
    )
