"""CORE: its connector against a played service, and its format on played and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import core, detect
from tasks.sources.connector import Broken, Expired, Query, Refused, Response, TryLater
from tasks.sources.core import CONNECTOR, faults
from tasks.sources.harvest import Harvest
from tasks.sources.journal import Journal
from tests.sources.played.agreeing import located, references, survives, title
from tests.sources.played.core import make
from tests.sources.played.playing import papers
from tests.sources.played.running import asked, run
from warehouse.archive import Raw
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/core"
QUERY = Query(BASE, "kinship AND care", until=date(2026, 11, 23))
PAPERS = papers(230)
MANY = papers(10_130)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [str(700_000 + paper.number) for paper in held]


def asked_for(step):
    return json.loads(step.request.body)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 230])
def test_every_work_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 100))


@pytest.mark.parametrize(("count", "kept"), [(10_000, 100), (10_001, 101), (10_130, 102)])
def test_beyond_the_reach_of_offsets_the_search_is_a_scroll(count, kept):
    ran = harvested(MANY[:count])
    assert ran.ids == ids(MANY[:count])
    assert (len(ran.pages), ran.hits, ran.notes) == (kept, {"": count}, [])


def test_steps_of_a_scroll_differ_although_its_id_stays_the_same():
    seen = []

    def follow(query, step, response):
        seen.append(step)
        return CONNECTOR.follow(query, step, response)

    run(replace(CONNECTOR, follow=follow), QUERY, make(MANY, BASE), BASE)
    assert len({step.key for step in seen}) == len(seen) == 103


@pytest.mark.parametrize("page", [1, 2, 102])
def test_a_page_of_a_scroll_that_was_lost_starts_the_search_again_or_is_told(page):
    service = make(MANY, BASE, losing=page)
    if page == 102:  # the last one, with 30 records: less than a page, so the count may be an estimate
        ran = run(CONNECTOR, QUERY, service, BASE)
        assert ran.notes == ["CORE gave 10,100 of the 10,130 works that it counts"]
    else:
        with pytest.raises(Expired, match="lost on its way"):
            run(CONNECTOR, QUERY, service, BASE)


def test_a_harvest_gets_over_a_lost_page(tmp_path):
    service = make(MANY, BASE, losing=7)

    def send(request, accept):
        answer = service(asked(request, BASE))
        return accept(Response(answer.status, request.url, {}, answer.body))

    journal = Journal(tmp_path / "journal.jsonl")
    done = Harvest(CONNECTOR, QUERY, send, Raw(tmp_path / "raw"), journal, lambda _got, _hits: None).run()
    assert (done.delivered, done.hits, len(done.pages)) == (10_130, 10_130, 102)
    assert ["lost on its way" in note for note in done.notes] == [True]


def test_a_search_that_finds_nothing():
    assert harvested(PAPERS, text="nothing").hits == {"": 0}


@pytest.mark.parametrize(("low", "high"), [(2000, 2010), (2005, None), (None, 2001), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


def test_without_increments_the_day_of_the_last_search_changes_nothing():
    assert CONNECTOR.increments is False
    assert CONNECTOR.begin(replace(QUERY, since=date(2026, 1, 1))) == CONNECTOR.begin(QUERY)


def test_what_is_asked():
    [step] = CONNECTOR.begin(replace(QUERY, filters={"language.code": "en"}, from_year=2001, to_year=2004, page_size=50))
    assert (step.request.method, step.request.url) == ("POST", f"{BASE}/v3/search/works/")
    assert asked_for(step) == {
        "q": '(kinship AND care) AND language.code:"en" AND yearPublished>=2001 AND yearPublished<=2004', "limit": 50,
        "offset": 0, "exclude": ["fullText"],
    }  # fmt: skip
    assert asked_for(CONNECTOR.begin(QUERY)[0])["q"] == "kinship AND care"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"results": []}', b'{"totalHits": 3}', b'{"totalHits": "3", "results": []}',
        b'{"totalHits": 1, "results": [7]}', b'{"message": "busy"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


@pytest.mark.parametrize(
    ("status", "headers", "said", "raised"),
    [
        (429, {}, "", type(None)), (429, {"x-ratelimit-retry-after": "20"}, "", Broken),
        (429, {"x-ratelimit-retry-after": "30000"}, "", TryLater),
        (429, {"x-ratelimit-remaining": "0"}, "", TryLater), (429, {"x-ratelimitremaining": "0"}, "", TryLater),
        (429, {"x-ratelimit-retry-after": "2026-11-24T00:00:00+0000", "date": "Mon, 23 Nov 2026 10:00:00 GMT"}, "", TryLater),
        (401, {}, "", Refused), (403, {}, "", Refused), (400, {}, "Failed to parse", Refused),
        (404, {}, "No scroll context", Expired),
        (400, {}, "unknown scroll", Expired), (404, {}, "Not found", type(None)), (500, {}, "", type(None)),
    ],
)  # fmt: skip
def test_what_status_codes_mean(status, headers, said, raised):
    error = CONNECTOR.trouble(Response(status, BASE, headers, json.dumps({"message": said}).encode()))
    assert type(error) is raised
    assert error is None or said in str(error)


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="Failed to parse"):
        harvested(PAPERS, text="(kinship")
    service = make(MANY, BASE)
    steps = []

    def follow(query, step, response):
        turn = CONNECTOR.follow(query, step, response)
        steps.extend(turn.steps)
        return turn

    run(replace(CONNECTOR, follow=follow), QUERY, service, BASE)
    stale = next(step for step in steps if "scrollId" in asked_for(step))
    with pytest.raises(Expired, match="scroll"):
        run(replace(CONNECTOR, begin=lambda _query: (stale,)), QUERY, make(MANY, BASE), BASE)


def test_faults_of_the_configuration():
    source = Source(id="c", database="CORE", connector="core", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"documentType": "thesis"})) == []
    assert "leave it out" in faults(source, Strategy(query="x", filters={"offset": "5"}))[0]
    assert "from_year" in faults(source, Strategy(query="x", filters={"yearPublished": "2001"}))[0]


# The format.


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "core")
    assert [one.accession for one in found] == ids(PAPERS)
    for one, paper in zip(found, PAPERS, strict=True):
        assert (one.title, one.year, one.doi, one.journal) == (title(paper), paper.year, paper.doi, paper.journal)
        assert one.authors == tuple(f"{family}, {given}" for family, given in paper.authors)
        assert (one.abstract, one.type, one.date) == (paper.abstract.strip(), "article", f"{paper.year}-03-01")
        assert (one.language, one.issn, one.database, one.warnings) == ("en", ("1234-5679",), "CORE", ())
        assert one.urls == (
            f"https://core.played.invalid/download/{paper.number}.pdf", f"https://core.played.invalid/works/{paper.number}",
            f"https://repository.played.invalid/{paper.number}",
        )  # fmt: skip
        assert ("repository", "Invented Repository") in one.other


def one(**changes):
    work = {"id": 5, "title": "T", "oaiIds": [], "yearPublished": None, **changes}
    data = json.dumps(work).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("core", 1)
    located(parsed, data)
    return parsed.references[0]


def test_one_work_and_an_empty_page_are_read():
    assert one(doi="https://doi.org/10.5555/X").doi == "10.5555/x"
    empty = harvested([]).pages[0]
    assert (detect.read(empty).format, detect.read(empty).starts) == ("core", 0)


@pytest.mark.parametrize(
    ("changes", "year", "iso"),
    [
        ({"yearPublished": 2020, "publishedDate": "2020-05-06T00:00:00"}, 2020, "2020-05-06"),
        ({"publishedDate": "2019-01"}, 2019, "2019-01"),
        ({"yearPublished": 2020, "publishedDate": "2018-05-06"}, 2020, None), ({}, None, None),
        ({"yearPublished": "x"}, None, None),
    ],
)  # fmt: skip
def test_dates(changes, year, iso):
    assert (one(**changes).year, one(**changes).date) == (year, iso)


def test_ids_of_other_databases():
    found = one(identifiers=[{"type": "PUBMED_ID", "identifier": "123"}, {"type": "ARXIV_ID", "identifier": "2101.1"}])
    assert (found.pmid, ("arxiv", "2101.1") in found.other) == ("123", True)
    assert (one(pubmedId="00456").pmid, one(documentType="Thesis").type) == ("456", "thesis")


@pytest.mark.parametrize("data", [b'{"results": []}', b'{"id": 5, "title": "x"}', b'{"totalHits": 0, "results": []}', b"[]"])
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "core"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(core.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(core.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    VALUES, st.sampled_from(["authors", "journals", "language", "links", "identifiers", "abstract", "publishedDate", "tags"])
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "5"
