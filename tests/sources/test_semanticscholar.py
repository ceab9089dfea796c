"""Semantic Scholar: its connector against a played service, and its format on played, recorded and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, semanticscholar
from tasks.sources.connector import Broken, Expired, Query, Refused, Response
from tasks.sources.semanticscholar import CONNECTOR, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from tests.sources.played.semanticscholar import make, paper_id
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid"
QUERY = Query(BASE, '"kinship care" + (respite | debt)')
PAPERS = papers(230)
MANY = papers(3001)
PAGE = run(CONNECTOR, QUERY, make(PAPERS[:4], BASE)).pages[0]


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE))


def ids(held):
    return {paper_id(paper.number) for paper in held}


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2000, 3001])
def test_every_paper_comes_once(count):
    ran = harvested(MANY[:count])
    assert (len(ran.ids), set(ran.ids)) == (count, ids(MANY[:count]))
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 1000))


def test_beyond_what_the_relevance_search_can_reach():
    held = papers(11_000)
    assert set(harvested(held).ids) == ids(held)


def test_a_search_that_finds_nothing_has_no_data():
    ran = harvested(PAPERS, text="nothing")
    assert (ran.hits, ran.ids, ran.pages) == ({"": 0}, [], [b'{"total": 0, "offset": 0}\n'])
    parsed = detect.read(ran.pages[0])
    assert (parsed.format, parsed.starts) == ("semanticscholar", 0)


def test_an_estimate_that_is_too_high_is_told():
    ran = run(CONNECTOR, QUERY, make(PAPERS, BASE, surplus=12))
    assert (ran.hits, ran.notes) == ({"": 242}, ["Semantic Scholar estimated 242 hits and gave 230"])


@pytest.mark.parametrize(
    ("low", "high", "year"), [(2000, 2010, "2000-2010"), (2005, None, "2005-"), (None, 2001, "-2001"), (2003, 2003, "2003")]
)
def test_years(low, high, year):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert set(ran.ids) == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids
    [step] = CONNECTOR.begin(replace(QUERY, from_year=low, to_year=high))
    assert dict(step.request.params)["year"] == year


def test_filters_and_fields_are_sent_with_every_page():
    seen = []

    def follow(query, step, response):
        seen.append(dict(step.request.params))
        return CONNECTOR.follow(query, step, response)

    run(replace(CONNECTOR, follow=follow), replace(QUERY, filters={"fieldsOfStudy": "Sociology"}), make(MANY, BASE))
    assert [params.pop("token", None) for params in seen] == [None, "PLAY:1000", "PLAY:2000", "PLAY:3000"]
    assert all(params == seen[0] for params in seen)
    assert (seen[0]["query"], seen[0]["fieldsOfStudy"]) == (QUERY.text, "Sociology")
    assert "abstract" in seen[0]["fields"].split(",")


def test_without_increments_the_day_of_the_last_search_changes_nothing():
    assert CONNECTOR.increments is False
    assert CONNECTOR.begin(replace(QUERY, since=date(2026, 1, 1))) == CONNECTOR.begin(QUERY)


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "semanticscholar")
    agree(found, PAPERS, given_first=True)
    assert {one.accession for one in found} == ids(PAPERS)
    assert {one.pmid for one in found} == {str(30_000_000 + one.number) for one in PAPERS}
    assert {(one.database, one.issn) for one in found} == {("Semantic Scholar", ("1234-5679",))}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", b"{}", PAGE[:-20], b'{"total": 3}', b'{"total": 3, "data": {}}',
        b'{"total": 1, "data": [1]}',
        b'{"total": "3", "data": []}', b'{"message": "Too Many Requests. Please wait.", "code": "429"}', b'{"error": "x"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_an_empty_page_before_the_end_asks_for_the_next_so_that_the_harvester_sees_it():
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, b'{"total": 5, "token": "t", "data": []}'))
    assert (turn.ids, turn.hits, len(turn.steps)) == ((), 5, 1)


def test_errors_of_the_service_are_told():
    step = CONNECTOR.begin(QUERY)[0]
    for name, value, raised in (("token", "stale", Expired), ("fields", "tldr", Refused)):
        params = (*(param for param in step.request.params if param[0] != name), (name, value))
        bad = replace(step, request=replace(step.request, params=params))
        with pytest.raises(raised):
            run(replace(CONNECTOR, begin=lambda _query, bad=bad: (bad,)), QUERY, make(PAPERS, BASE))
    wrong = replace(step, request=replace(step.request, headers=(("x-api-key", "wrong"),)))
    with pytest.raises(Refused, match="EVIMAP_SEMANTICSCHOLAR_KEY"):
        run(replace(CONNECTOR, begin=lambda _query: (wrong,)), QUERY, make(PAPERS, BASE))
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"{}")) is None
    assert CONNECTOR.trouble(Response(500, BASE, {}, b"{}")) is None


def test_faults_of_the_configuration():
    source = Source(id="s", database="Semantic Scholar", connector="semanticscholar", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"fieldsOfStudy": "Sociology,Medicine"})) == []
    assert "from_year" in faults(source, Strategy(query="x", filters={"year": "2001-"}))[0]
    assert "leave it out" in faults(source, Strategy(query="x", filters={"token": "t"}))[0]


# The format on its own.

ID = "0" * 39 + "a"


def one(**changes):
    data = json.dumps({"paperId": ID, "title": "T", **changes}).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("semanticscholar", 1)
    [reference] = parsed.references
    return reference


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["Review", "Book"], "book"), (["JournalArticle"], "article"), (["Conference", "JournalArticle"], "conference"),
        (["Dataset"], "dataset"), (["BookSection"], "chapter"), (["Poem"], "other"), (None, None), ([], None),
    ],
)  # fmt: skip
def test_types(kinds, kind):
    assert one(publicationTypes=kinds).type == kind


@pytest.mark.parametrize(
    ("volume", "read"),
    [("18 5", ("18", "5")), ("18", ("18", None)), ("abs/2001.1", ("abs/2001.1", None)), (None, (None, None))],
)
def test_volumes_can_hold_the_issue(volume, read):
    reference = one(journal={"volume": volume})
    assert (reference.volume, reference.issue) == read


def test_the_journal_is_the_first_of_its_names():
    assert one(journal={"name": ""}, publicationVenue={"name": "V"}, venue="W").journal == "V"
    assert one(journal=None, publicationVenue=None, venue="W").journal == "W"


def test_the_date_has_to_be_in_the_stated_year():
    assert one(year=2020, publicationDate="2020-02-03").date == "2020-02-03"
    assert one(year=2020, publicationDate="2019-12-31").date == "2020"
    assert (one(publicationDate="2019-12-31").year, one().date) == (2019, None)


def test_what_is_no_paper_is_rejected_with_its_bytes():
    data = b'[null, {"paperId": "%b", "title": "x"}, {"title": "y"}]' % ID.encode()
    parsed = semanticscholar.parse(data)
    assert [piece.data for piece in parsed.rejected] == [b"null", b'{"title": "y"}']
    assert parsed.starts == 3


@pytest.mark.parametrize(
    "data",
    [b'{"total": 0}', b'{"total": 0, "offset": 0, "page": 1}', b'{"total": 3, "offset": 0}', b"[null]", b"[]",
     b'{"paperId": "x"}', b'{"data": [{"id": "x"}], "total": 1}', b"x"],
)  # fmt: skip
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "semanticscholar"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(semanticscholar.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(semanticscholar.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    VALUES,
    st.sampled_from(["title", "authors", "journal", "externalIds", "abstract", "year", "publicationVenue", "openAccessPdf"]),
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == ID


# Recorded answers.


def answers(name):
    for call in yaml.safe_load(shared(f"recorded/open/semanticscholar/{name}").read_text(encoding="utf-8"))["interactions"]:
        response = call["response"]
        body = response["content"] if "content" in response else response["body"]["string"]
        status = response.get("status_code") or response["status"]["code"]
        yield Response(status, call["request"]["uri"], {}, body if isinstance(body, bytes) else body.encode())


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("test_search_paper_bulk_retrieval.yaml", [(1000, 0)]),
        ("test_search_paper.yaml", [(100, 0)]),
        ("test_empty_paginated_results.yaml", [(0, 0)]),
        ("test_get_papers_not_found_warning.yaml", [(3, 1)]),  # null stands for a paper that is not known
    ],
)
def test_every_recorded_paper_is_accounted_for(name, counts):
    parsed = [detect.read(answer.body) for answer in answers(name)]
    assert {one.format for one in parsed} == {"semanticscholar"}
    assert [(len(one.references), len(one.rejected)) for one in parsed] == counts
    for one, answer in zip(parsed, answers(name), strict=True):
        located(one, answer.body)
        assert all(reference.title and reference.accession for reference in one.references)


def test_a_recorded_page_of_the_bulk_search_is_followed():
    [answer] = answers("test_search_paper_bulk_retrieval.yaml")
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, answer)
    assert (len(turn.ids), len(set(turn.ids)), turn.hits) == (1000, 1000, 2674)
    assert turn.ids == tuple(sorted(turn.ids))
    assert dict(turn.steps[0].request.params)["token"] == json.loads(answer.body)["token"]


def test_a_recorded_search_without_hits_ends():
    [answer] = answers("test_empty_paginated_results.yaml")
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, answer)
    assert (turn.ids, turn.hits, turn.steps, turn.notes) == ((), 0, (), ())


def test_recorded_papers_have_their_fields():
    [parsed] = [detect.read(answer.body) for answer in answers("test_get_papers_not_found_warning.yaml")]
    first = parsed.references[0]
    assert (first.doi, first.year, first.date, first.type) == ("10.2139/ssrn.288970", 2001, "2001-10-01", "article")
    assert first.authors == ("Marianne Bertrand", "E. Duflo", "S. Mullainathan")
    assert first.journal == "Experimental & Empirical Studies eJournal"
    assert len(first.abstract) > 500


def test_recorded_errors_are_refusals_of_http():
    assert [CONNECTOR.trouble(answer) for answer in answers("test_not_found.yaml")] == [None, None]
