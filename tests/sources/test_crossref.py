"""Crossref: its connector against a played service, and its format on played, recorded and damaged pages."""

import gzip
import json
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import crossref, detect
from tasks.sources.connector import Broken, Expired, Query, Refused, Response
from tasks.sources.crossref import CONNECTOR, faults
from tasks.sources.harvest import Harvest
from tasks.sources.journal import Journal
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives
from tests.sources.played.crossref import make, scrolling
from tests.sources.played.playing import papers
from tests.sources.played.running import asked, run
from warehouse.archive import Raw
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid"
QUERY = Query(BASE, "kinship care")
PAPERS = papers(230)
PAGE = run(CONNECTOR, QUERY, make(PAPERS[:4], BASE)).pages[0]


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE))


def dois(held):
    return [paper.doi for paper in held]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 230])
@pytest.mark.parametrize("service", [lambda held: make(held, BASE), scrolling])
def test_every_work_comes_once(service, count):
    ran = run(CONNECTOR, replace(QUERY, page_size=50), service(PAPERS[:count]))
    assert ran.ids == dois(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 50))  # the count tells the end, without an empty page


def test_more_works_than_offsets_reach():
    held = papers(11_500)
    ran = harvested(held)
    assert (ran.ids, ran.asked) == (dois(held), 12)


def test_steps_differ_although_the_cursor_is_the_same():
    seen = []

    def follow(query, step, response):
        seen.append(step)
        return CONNECTOR.follow(query, step, response)

    run(replace(CONNECTOR, follow=follow), replace(QUERY, page_size=50), scrolling(PAPERS))
    assert len({step.key for step in seen}) == 5
    assert len({step.request for step in seen}) == 2


@pytest.mark.parametrize("page", [2, 3, 4, 5])
def test_a_page_that_was_lost_on_its_way_starts_the_search_again(page):
    with pytest.raises(Expired, match="lost on its way"):
        run(CONNECTOR, replace(QUERY, page_size=50), scrolling(PAPERS, loses=page))


def test_a_harvest_gets_over_a_lost_page(tmp_path):
    service = scrolling(PAPERS, loses=3)

    def send(request, accept):
        answer = service(asked(request, BASE))
        return accept(Response(answer.status, request.url, {}, answer.body))

    query, journal = replace(QUERY, page_size=50), Journal(tmp_path / "journal.jsonl")
    done = Harvest(CONNECTOR, query, send, Raw(tmp_path / "raw"), journal, lambda _got, _hits: None).run()
    assert (done.delivered, done.hits, len(done.pages)) == (230, 230, 5)
    assert ["lost on its way" in note for note in done.notes] == [True]


def test_a_total_that_is_a_little_too_high_is_told():
    [step] = CONNECTOR.begin(replace(QUERY, page_size=50))
    body = json.loads(PAGE)
    body["message"]["total-results"] = 5
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, json.dumps(body).encode()))
    body["message"]["items"] = []
    turn = CONNECTOR.follow(QUERY, turn.steps[0], Response(200, BASE, {}, json.dumps(body).encode()))
    assert turn.notes == ("Crossref gave 4 of the 5 works that it counts",)
    assert (turn.ids, turn.hits, turn.steps) == ((), 5, ())


def test_a_search_that_finds_nothing():
    assert harvested(PAPERS, text="nothing").hits == {"": 0}


@pytest.mark.parametrize(("low", "high"), [(2000, 2010), (2005, None), (None, 2001), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == dois(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments(since):
    assert CONNECTOR.increments
    assert harvested(PAPERS, since=since).ids == dois(one for one in PAPERS if one.changed >= since)


def test_filters_years_and_field_queries_stand_where_crossref_wants_them():
    limits = {"type": "journal-article", "query.title": "care", "has-abstract": "true"}
    [step] = CONNECTOR.begin(replace(QUERY, filters=limits, from_year=2001, since=date(2026, 2, 3), page_size=5000))
    assert dict(step.request.params) == {
        "query": "kinship care", "query.title": "care", "rows": "1000", "cursor": "*",
        "filter": "type:journal-article,has-abstract:true,from-pub-date:2001,from-update-date:2026-02-03",
    }  # fmt: skip


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS, page_size=100).pages, "crossref")
    agree(found, PAPERS)
    assert [one.accession for one in found] == dois(PAPERS)
    told = {one.doi: one.notices for one in found if one.notices}
    assert told == {one.doi: (f"retracted: {one.doi}.r",) for one in PAPERS if one.retracted}
    assert told
    assert {one.database for one in found} == {"Crossref"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", b"Resource not found.", PAGE[:-20], b'{"status": "ok"}',
        b'{"status": "ok", "message-type": "work-list", "message": {}}',
        b'{"status": "ok", "message-type": "work-list", "message": {"items": [], "total-results": null}}',
        b'{"status": "ok", "message-type": "work-list", "message": {"items": [1], "total-results": 1}}',
        b'{"status": "failed", "message-type": "exception", "message": "busy"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="there is no such filter"):
        harvested(PAPERS, filters={"year": "2001"})
    step = CONNECTOR.begin(QUERY)[0]
    for name, value, raised in (("cursor", "thing", Expired), ("rows", "1001", Refused)):
        params = tuple((key, value if key == name else old) for key, old in step.request.params)
        bad = replace(step, request=replace(step.request, params=params))
        with pytest.raises(raised):
            run(replace(CONNECTOR, begin=lambda _query, bad=bad: (bad,)), QUERY, make(PAPERS, BASE))
    assert CONNECTOR.trouble(Response(404, BASE, {}, b"Resource not found.")) is None
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None


def test_faults_of_the_configuration():
    source = Source(id="c", database="Crossref", connector="crossref", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"type": "book"})) == []
    assert faults(source, Strategy(filters={"query.title": "a, b"})) == []
    assert len(faults(source, Strategy())) == 1
    assert "comma" in faults(source, Strategy(query="x", filters={"type": "a,b"}))[0]
    assert "leave it out" in faults(source, Strategy(query="x", filters={"sort": "score"}))[0]


# The format on its own.


def one(**changes):
    work = {"DOI": "10.5555/X", "title": ["T"], **changes}
    data = json.dumps({"status": "ok", "message-type": "work", "message": work}).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("crossref", 1)
    located(parsed, data)
    [reference] = parsed.references
    return reference


@pytest.mark.parametrize(
    ("title", "subtitle", "read"),
    [
        (["Care"], ["a study"], "Care: a study"), (["Care?"], ["A study"], "Care? A study"), (["Care"], [], "Care"),
        (["Care: a study"], ["A study"], "Care: a study"), ([], ["Only this"], "Only this"), ([], [], None),
        (["<b>Care</b> &amp; <i>home</i>\n at p &lt; .05"], [], "Care & home at p < .05"),
    ],
)  # fmt: skip
def test_titles(title, subtitle, read):
    assert one(title=title, subtitle=subtitle).title == read


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"given": "A. B.", "family": "Doe"}, "Doe, A. B."), ({"family": "Doe"}, "Doe"), ({"name": "A Group"}, "A Group"),
        ({"given": "A.", "family": "Doe", "suffix": "Jr"}, "Doe, A., Jr"), ({"given": "Plato"}, "Plato"),
    ],
)  # fmt: skip
def test_names(person, name):
    assert one(author=[person, {"sequence": "first"}]).authors == (name,)


@pytest.mark.parametrize(
    ("changes", "iso"),
    [
        ({"issued": {"date-parts": [[2020, 2, 3]]}}, "2020-02-03"), ({"issued": {"date-parts": [[2020, 2]]}}, "2020-02"),
        ({"issued": {"date-parts": [[2020]]}}, "2020"), ({"issued": {"date-parts": [[None]]}}, None), ({}, None),
        ({"issued": {"date-parts": [[None]]}, "published-online": {"date-parts": [[2019, 1]]}}, "2019-01"),
        ({"issued": {"date-parts": "x"}}, None),
    ],
)  # fmt: skip
def test_dates(changes, iso):
    assert one(**changes).date == iso
    assert one(**changes).year == (int(iso[:4]) if iso else None)


def test_sections_of_an_abstract_keep_their_labels():
    jats = (
        "<jats:title>ABSTRACT</jats:title>"
        "<jats:sec><jats:title>Aims</jats:title><jats:p>To see if p&lt;.05.</jats:p></jats:sec>"
        "<jats:sec><jats:title>Results:</jats:title><jats:p>CO<jats:sub>2</jats:sub>.</jats:p></jats:sec>"
    )
    assert one(abstract=jats).abstract == "Aims: To see if p<.05. Results: CO2."


@pytest.mark.parametrize(
    ("changes", "notices"),
    [
        ({"updated-by": [{"DOI": "10.5555/R", "type": "retraction", "source": "retraction-watch"}]}, ("retracted: 10.5555/r",)),
        ({"updated-by": [{"DOI": "10.5555/E", "type": "erratum"}] * 2}, ("corrected: 10.5555/e",)),
        ({"updated-by": [{"DOI": "10.5555/C", "type": "expression_of_concern"}]}, ("concern: 10.5555/c",)),
        ({"updated-by": [{"DOI": "10.5555/C", "type": "partial_retraction"}]}, ("concern: 10.5555/c",)),
        ({"updated-by": [{"type": "withdrawal"}]}, ("retracted",)),
        ({"update-to": [{"DOI": "10.5555/O", "type": "retraction"}]}, ("retraction-of: 10.5555/o",)),
        ({"update-to": [{"DOI": "10.5555/O", "type": "Corrigendum"}]}, ("correction-of: 10.5555/o",)),
        ({"update-to": [{"DOI": "10.5555/x", "type": "removal"}]}, ("retracted",)),
        ({"relation": {"is-preprint-of": [{"id": "10.5555/P", "id-type": "doi"}]}}, ("preprint-of: 10.5555/p",)),
        ({"relation": {"has-review": [{"id": "10.5555/P", "id-type": "doi"}]}}, ()),
        ({"updated-by": [{"DOI": "10.5555/R", "type": "reinstatement"}]}, ()),
    ],
)  # fmt: skip
def test_notices(changes, notices):
    assert one(**changes).notices == notices


def test_what_no_field_holds_is_kept():
    reference = one(
        type="posted-content", subtype="preprint", editor=[{"family": "Roe", "given": "J."}], volume="null",
        funder=[{"name": "A Fund"}, {"name": "A Fund"}], relation={"has-review": [{"id": "10.5555/P"}]},
        **{"updated-by": [{"DOI": "10.5555/R", "type": "reinstatement"}]},
    )  # fmt: skip
    assert (reference.type, reference.volume) == ("report", None)
    assert set(reference.other) == {
        ("type", "posted-content"), ("subtype", "preprint"), ("editor", "Roe, J."), ("funder", "A Fund"),
        ("has-review", "10.5555/P"), ("updated-by", "reinstatement: 10.5555/R"),
    }  # fmt: skip


def test_a_work_without_a_doi_is_rejected_with_its_bytes():
    data = b'{"message-type": "work-list", "message": {"items": [{"DOI": "10.5555/a"}, {"title": ["x"]}, 3]}}'
    parsed = crossref.parse(data)
    assert [piece.data for piece in parsed.rejected] == [b'{"title": ["x"]}', b"3"]
    assert parsed.starts == 3


@pytest.mark.parametrize(
    "data", [b'{"message": {"items": []}}', b'{"DOI": "10.5555/x", "type": "article-journal"}', b"[]", b"x"]
)
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "crossref"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(crossref.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(crossref.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    VALUES,
    st.sampled_from(["title", "author", "issued", "abstract", "updated-by", "update-to", "relation", "ISSN", "event", "page"]),
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).doi == "10.5555/x"


# Recorded answers.

RECORDED = {
    "test_cursor_max.yaml": [20, 20, 20, 20, 20], "test_ua_string.yaml": [1], "test_works_no_id_withlimit.yaml": [2],
    "test_works_query.yaml": [2],
}  # fmt: skip


def answers(name):
    for call in yaml.safe_load(shared(f"recorded/open/crossref/{name}").read_text(encoding="utf-8"))["interactions"]:
        body = call["response"]["body"]["string"]
        body = body.encode() if isinstance(body, str) else body
        status = call["response"]["status"]["code"]
        yield Response(status, call["request"]["uri"], {}, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)


@pytest.mark.parametrize(("name", "counts"), RECORDED.items())
def test_every_recorded_work_is_read(name, counts):
    bodies = [answer.body for answer in answers(name)]
    found = references(bodies, "crossref")
    assert [detect.read(body).starts for body in bodies] == counts
    assert all(one.doi and one.title and one.database == "Crossref" for one in found)


def test_recorded_pages_are_followed_with_the_same_cursor():
    query = replace(QUERY, page_size=20)
    [step] = CONNECTOR.begin(query)
    ids = []
    for answer in list(answers("test_cursor_max.yaml"))[:3]:
        turn = CONNECTOR.follow(query, step, answer)
        assert (len(turn.ids), turn.hits) == (20, 454)
        ids += turn.ids
        [step] = turn.steps
    assert len(set(ids)) == 60
    assert step.purpose == "page after 60"


def test_recorded_errors():
    [cursor] = answers("test_cursor_fails_cursor_value.yaml")
    [unknown] = answers("test_works_bad_id_warn.yaml")
    assert isinstance(CONNECTOR.trouble(cursor), Expired)
    assert CONNECTOR.trouble(unknown) is None


def test_a_recorded_correction():
    [reference] = references([answer.body for answer in answers("test_ua_string.yaml")], "crossref")
    assert reference.notices == ("corrected: 10.1371/annotation/c76da2c1-ccb8-4797-94c1-359d3ceceeda",)
    assert (reference.year, reference.volume, reference.issue, reference.pages) == (2012, "7", "3", "e33693")
