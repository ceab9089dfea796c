"""DOAJ: its connector against a played service, and its format on played, recorded and damaged pages."""

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, doaj
from tasks.sources.connector import Broken, Query, Refused, Response
from tasks.sources.doaj import CONNECTOR, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives
from tests.sources.played.doaj import PATH, article_id, made, make
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/doaj"
QUERY = Query(BASE, "kinship AND care", until=date(2026, 11, 23))
PAPERS = papers(230)
MANY = papers(3_100)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [article_id(paper.number) for paper in sorted(held, key=made)]


def query_of(step):
    return unquote(step.request.url.removeprefix(BASE + PATH))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 230])
def test_every_article_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 100))


def test_a_search_of_a_thousand_needs_no_slices():
    ran = harvested(MANY[:1_000])
    assert (len(set(ran.ids)), ran.asked, ran.hits) == (1_000, 10, {"": 1_000})


def test_more_than_can_be_read_is_cut_by_the_days_on_which_records_were_made():
    ran = harvested(MANY)
    assert ran.ids == ids(MANY)  # slices come in the order of their days
    assert (ran.hits[""], ran.notes) == (3_100, [])
    leaves = [
        name for name in ran.hits if name and not any(other != name and inside(other, name) for other in ran.hits if other)
    ]
    assert sum(ran.hits[name] for name in leaves) == 3_100
    assert max(ran.hits[name] for name in leaves) <= 1_000


def inside(name, outer):
    first, _, last = name.partition("..")
    low, _, high = outer.partition("..")
    return low <= first and (last or first) <= (high or low)


def test_a_single_day_is_cut_by_seconds():
    day = [replace(paper, changed=date(2025, 3, 4)) for paper in papers(2_500)]
    ran = harvested(day)
    assert ran.ids == ids(day)
    assert (ran.hits[""], ran.notes) == (2_500, [])
    assert any("T" in name for name in ran.hits)


def test_more_than_can_be_read_in_a_single_second_is_told():
    same = [replace(paper, number=paper.number * 86_400, changed=date(2025, 3, 4)) for paper in papers(1_100)]
    ran = harvested(same)
    assert len(set(ran.ids)) == 1_000
    assert ran.notes == ["DOAJ has 1,100 records of 2025-03-04T00:00:00 and lets 1,000 of them be read; narrow the search"]


def test_slices_keep_the_limits_of_the_search():
    since = date(2025, 3, 1)
    ran = harvested(MANY, from_year=1995, to_year=2020, since=since)
    wanted = [one for one in MANY if 1995 <= one.year <= 2020 and one.changed >= since]
    assert len(wanted) > 1_000
    assert ran.ids == ids(wanted)


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


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({}, "kinship AND care"), ({"from_year": 2001}, "(kinship AND care) AND bibjson.year:[2001 TO 2999]"),
        ({"since": date(2026, 2, 3), "filters": {"license": '"CC BY"'}},
         '(kinship AND care) AND license:"CC BY" AND last_updated:[2026-02-03 TO 2999-12-31]'),
        ({"text": "a/b c?d & \"e f\""}, "a/b c?d & \"e f\""),
    ],
)  # fmt: skip
def test_the_query_stands_in_the_path(changes, query):
    [step] = CONNECTOR.begin(replace(QUERY, **changes))
    assert query_of(step) == query
    assert not set(step.request.url[len(BASE + PATH) :]) & set("/?# ")


def escaped(query):
    """As the service escapes colons: each that is neither escaped, nor the first, nor follows a piece with AND or OR."""
    parts = query.split(":")
    for at in range(1, len(parts) - 1):
        if not parts[at].endswith("\\") and " AND " not in parts[at] and " OR " not in parts[at]:
            parts[at] += "\\"
    return ":".join(parts)


def test_the_colons_of_fields_survive_the_escaping_of_the_service():
    seen = []

    def follow(query, step, response):
        seen.append(query_of(step))
        return CONNECTOR.follow(query, step, response)

    day = [replace(paper, changed=date(2025, 3, 4)) for paper in papers(1_100)]
    query = replace(QUERY, text='title:"care" OR "home: a"', from_year=1990, since=date(2025, 1, 1), filters={"license": "x"})
    run(replace(CONNECTOR, follow=follow), query, make(day, BASE), BASE)
    timed = [text for text in seen if "T00" in text]
    assert timed
    for text in map(escaped, timed):
        for field in ("title", "bibjson.year", "last_updated", "created_date", "license"):
            assert f"{field}:" in text
        time = r"2025-03-04T\d\d\\:\d\d\\:\d\dZ"
        assert re.search(rf"created_date:\[{time} TO {time}\]$", text)


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "doaj")
    agree(found, PAPERS, given_first=True)
    assert [one.accession for one in found] == ids(PAPERS)
    assert {one.date[4:] for one in found} == {"-03"}
    assert {(one.database, one.publisher, one.issn, one.language) for one in found} == {
        ("DOAJ", "Invented Press", ("1234-5679",), "EN")
    }


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"results": []}', b'{"total": 3}', b'{"total": "3", "results": []}',
        b'{"total": 1, "results": [7]}', b'{"status": "x", "error": "busy"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="disallowed Lucene features"):
        harvested(PAPERS, text="kinship*")
    with pytest.raises(Refused, match="error executing"):
        harvested(PAPERS, text="(kinship")
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None
    assert CONNECTOR.trouble(Response(404, BASE, {}, b"{}")) is None
    assert isinstance(CONNECTOR.trouble(Response(400, BASE, {}, b"<html>")), Refused)


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        (Strategy(query="kinship care"), None), (Strategy(query="kin*"), "wildcards"), (Strategy(query='"a b"~3'), "wildcards"),
        (Strategy(query="famil?es"), "wildcards"), (Strategy(query=r"why\? yes"), None),
        (Strategy(query="x", filters={"license": "CC*"}), "wildcards"),
        (Strategy(query="x", filters={"pageSize": "5"}), "no field"),
    ],
)  # fmt: skip
def test_faults_of_the_configuration(strategy, said):
    source = Source(id="d", database="DOAJ", connector="doaj", strategies=(strategy,))
    found = faults(source, strategy)
    assert found == [] if said is None else said in found[0]


# The format on its own.


def one(**changes):
    bibjson = {"title": "T", "journal": {}, "identifier": [{"type": "doi", "id": "10.5555/X"}], **changes}
    data = json.dumps({"id": "a1", "bibjson": bibjson}).encode()
    parsed = doaj.parse(data)
    located(parsed, data)
    assert parsed.starts == 1
    return parsed.references[0]


def test_one_article_and_an_empty_page_are_read():
    data = json.dumps(json.loads(PAGE)["results"][0]).encode()
    agree(references([data], "doaj"), sorted(PAPERS[:4], key=made)[:1], given_first=True)
    empty = harvested([]).pages[0]
    assert (detect.read(empty).format, detect.read(empty).starts) == ("doaj", 0)


@pytest.mark.parametrize(
    ("year", "month", "iso"),
    [
        ("2020", "June", "2020-06"), ("2020", "6", "2020-06"), ("2020", "06", "2020-06"), ("2020", "0", "2020"),
        ("2020", None, "2020"),
        ("2020", "Spring", "2020"), (None, "6", None), ("2020", "13", "2020"), (2020, 12, "2020-12"), ("n.d.", "6", None),
    ],
)  # fmt: skip
def test_dates(year, month, iso):
    assert one(year=year, month=month).date == iso


def test_a_doi_that_is_none_is_kept_as_it_stands():
    found = one(identifier=[{"type": "doi", "id": "forthcoming"}, {"type": "pissn", "id": "1234-567X"}, {"id": "x"}, None])
    assert (found.doi, found.issn, ("doi", "forthcoming") in found.other) == (None, ("1234-567X",), True)
    assert one().doi == "10.5555/x"


@pytest.mark.parametrize(
    "data",
    [b'{"id": "j", "bibjson": {"title": "A journal", "pissn": "1234-5679"}}', b'{"total": 0, "results": []}',
    b'{"results": [1]}', b"[]"],
)  # fmt: skip
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "doaj"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(doaj.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(doaj.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    VALUES, st.sampled_from(["author", "journal", "identifier", "month", "year", "link", "subject", "keywords", "start_page"])
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "a1"


# A recorded page.


def test_every_recorded_article_is_read():
    data = shared("recorded/open/doaj/search_articles_v4.json").read_bytes()
    theirs = json.loads(data)["results"]
    found = references([data], "doaj")
    assert [one.accession for one in found] == [article["id"] for article in theirs]
    for one, article in zip(found, theirs, strict=True):
        bibjson = article["bibjson"]
        assert one.title
        assert one.year == int(bibjson["year"])
        assert len(one.authors) == len(bibjson["author"])
        assert (one.abstract is None) == ("abstract" not in bibjson)
        dois = [entry["id"] for entry in bibjson["identifier"] if entry["type"] == "doi"]
        assert one.doi == (dois[0].lower().removeprefix("https://doi.org/") if dois else None)
        assert (one.pages or "").split("-")[0] == bibjson.get("start_page", "")
        assert set(one.issn) >= set(bibjson["journal"]["issns"])


def test_a_recorded_page_is_followed():
    data = shared("recorded/open/doaj/search_articles_v4.json").read_bytes()
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, data))
    assert (turn.hits, turn.keep, len(turn.steps)) == (229_848, False, 2)  # far more than can be read
    second = replace(step, request=replace(step.request, params=(("page", "2"), ("pageSize", "100"))))
    assert len(set(CONNECTOR.follow(QUERY, second, Response(200, BASE, {}, data)).ids)) == 40
