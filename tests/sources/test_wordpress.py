"""WordPress: its connector against a played site, and its format on played, recorded and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, wordpress
from tasks.sources.connector import Broken, Expired, Query, Refused, Response
from tasks.sources.wordpress import CONNECTOR, faults
from tests.shared import shared
from tests.sources.played.agreeing import located, references, survives, title
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from tests.sources.played.wordpress import kind, make, post_id
from warehouse.configuration.sources import Site, Source, Strategy

BASE = "https://played.invalid/wordpress"
QUERY = Query("", "kinship care", site=Site(url=BASE + "/"), until=date(2026, 11, 23))
PAPERS = papers(230)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [post_id(paper.number) for paper in held]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 230])
def test_every_post_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // 100))


def test_each_type_of_post_is_a_slice():
    ran = run(
        CONNECTOR, replace(QUERY, filters={"type": "posts, pages,report,pages"}), make(PAPERS, BASE, sorted_by_type=True), BASE
    )
    assert sorted(ran.ids) == sorted(ids(PAPERS))
    assert ran.hits == {name: sum(kind(paper) == name for paper in PAPERS) for name in ("posts", "pages", "report")}
    assert all(ran.hits.values())


def test_the_address_may_be_an_endpoint():
    assert run(CONNECTOR, replace(QUERY, endpoint=BASE, site=None), make(PAPERS, BASE), BASE).ids == ids(PAPERS)


def test_a_search_that_finds_nothing():
    ran = harvested(PAPERS, text="nothing")
    assert (ran.hits, ran.pages) == ({"": 0}, [b"[]"])
    assert wordpress.parse(ran.pages[0]).starts == 0


def test_without_a_query_every_post_is_asked_for():
    [step] = CONNECTOR.begin(replace(QUERY, text=""))
    assert "search" not in dict(step.request.params)
    assert harvested(PAPERS, text="").ids == ids(PAPERS)


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
    [step] = CONNECTOR.begin(replace(QUERY, filters={"categories": "11"}, from_year=2001, to_year=2004, since=date(2026, 3, 1)))
    assert step.request.url == f"{BASE}/wp-json/wp/v2/posts"
    asked = dict(step.request.params)
    assert {name: value for name, value in asked.items() if name not in ("_fields", "_embed")} == {
        "search": "kinship care", "categories": "11", "after": "2000-12-31T23:59:59", "before": "2005-01-01T00:00:00",
        "modified_after": "2026-02-28T23:59:59", "orderby": "id", "order": "asc", "per_page": "100", "page": "1",
    }  # fmt: skip
    assert {"_embedded", "_links"} <= set(asked["_fields"].split(","))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}), (b"<html></html>", {}), (PAGE[:-20], {}), (b'{"code": "x"}', {}), (b"[7]", {}), (b"[]", {"x-wp-total": ""}),
        (b"[]", {"x-wp-totalpages": "many"}),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_page_is_asked_for_again(body, headers):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {"x-wp-total": "4", "x-wp-totalpages": "1"} | headers, body))


def test_errors_of_the_site_are_told():
    with pytest.raises(Refused, match="rest_no_route"):
        harvested(PAPERS, filters={"type": "publication"})
    [step] = CONNECTOR.begin(QUERY)
    for name, value, raised in (("page", "4", Expired), ("per_page", "101", Refused)):
        params = tuple((key, value if key == name else old) for key, old in step.request.params)
        bad = replace(step, request=replace(step.request, params=params))
        with pytest.raises(raised):
            run(replace(CONNECTOR, begin=lambda _query, bad=bad: (bad,)), QUERY, make(PAPERS, BASE), BASE)
    assert "sitemap" in str(CONNECTOR.trouble(Response(401, BASE, {}, b'{"code": "rest_forbidden"}')))
    assert CONNECTOR.trouble(Response(503, BASE, {}, b"")) is None


def test_faults_of_the_configuration():
    def found(address, **filters):
        strategy = Strategy(filters=filters)
        source = Source(
            id="w", database="A site", connector="wordpress", box="website", site=Site(url=address), strategies=(strategy,)
        )
        return faults(source, strategy)

    assert found("https://a.invalid", type="posts,pages", categories="11") == []
    assert "https://" in found("a.invalid")[0]
    assert "home of the site" in found("https://a.invalid/wp-json/wp/v2")[0]
    assert "leave it out" in found("https://a.invalid", per_page="5")[0]
    assert "at least one" in found("https://a.invalid", type=" , ")[0]
    assert "from_year" in found("https://a.invalid", after="2001")[0]
    assert CONNECTOR.needs == ("site",)
    assert CONNECTOR.robots


# The format.


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "wordpress")
    assert [one.accession for one in found] == ids(PAPERS)
    for one, paper in zip(found, PAPERS, strict=True):
        family, given_name = paper.authors[0]
        assert (one.title, one.year, one.date) == (title(paper), paper.year, f"{paper.year}-03-01")
        assert (one.abstract, one.authors) == (paper.abstract.strip(), (f"{given_name} {family}",))
        assert (one.keywords, one.type, one.warnings) == (paper.keywords, "webpage", ())
        assert one.urls == (f"{BASE}/{paper.year}/03/played-{paper.number}/",)


def one(**changes):
    post = {"id": 5, "link": "https://a.invalid/p", "title": {"rendered": "T"}, "excerpt": {"rendered": ""},
            "guid": {"rendered": "https://a.invalid/?p=5"}, **changes}  # fmt: skip
    data = json.dumps(post).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("wordpress", 1)
    located(parsed, data)
    return parsed.references[0]


@pytest.mark.parametrize(
    ("excerpt", "content", "abstract"),
    [
        ("<p>Short &amp; <b>bold</b> at p &lt; .05 [&hellip;]</p>", "<p>Long</p>", "Short & bold at p < .05 […]"),
        ('<a class="more-link" href="x">Read More</a>', "<p>One.</p><p>Two.</p><style>a{}</style>", "One. Two."),
        ("", "<iframe src='x'></iframe>", None), ("plain", "", "plain"),
        ("", "word " * 400, ("word " * 300)[:1_500].rsplit(" ", 1)[0] + " …"),
    ],
)  # fmt: skip
def test_abstracts(excerpt, content, abstract):
    assert one(excerpt={"rendered": excerpt}, content={"rendered": content}).abstract == abstract


def test_types_and_embedded_errors():
    assert (one(type="report").type, one(type="page").type, one().type) == ("report", "webpage", "webpage")
    assert one(
        _embedded={"author": [{"code": "rest_user_invalid_id"}], "wp:term": [[{"name": "A &amp; B"}], None]}
    ).keywords == ("A & B",)
    assert one(title={"rendered": "A &#8220;care&#8221; <em>plan</em>"}).title == "A “care” plan"


@pytest.mark.parametrize(
    "data", [b"[]", b"[1]", b'[{"id": 5, "link": "https://a.invalid"}]', b'{"code": "rest_no_route"}', b'[{"title": "x"}]']
)
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "wordpress"


def test_a_post_without_a_link_is_rejected_with_its_bytes():
    data = PAGE[:-1] + b', {"id": 5, "title": {"rendered": "x"}}]'
    parsed = detect.read(data)
    assert (parsed.starts, [piece.data for piece in parsed.rejected]) == (5, [b'{"id": 5, "title": {"rendered": "x"}}'])


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(wordpress.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(wordpress.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from(["content", "_embedded", "date", "type", "modified"]))
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).accession == "5"


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_may_stand_where_html_is_expected(value):
    assert one(excerpt={"rendered": f"<p>{value}"}).accession == "5"


# A recorded page.


def test_every_recorded_post_is_read():
    data = shared("recorded/open/wordpress/posts_page1.json").read_bytes()
    theirs = json.loads(data)
    found = references([data], "wordpress")
    assert [one.accession for one in found] == [str(post["id"]) for post in theirs]
    assert [one.urls for one in found] == [(post["link"],) for post in theirs]
    assert [one.date for one in found] == [post["date"][:10] for post in theirs]
    assert all(one.title and "&" not in one.title and one.type == "webpage" for one in found)
    assert not any("Read More" in (one.abstract or "") or "<" in (one.abstract or "") for one in found)
    empty = [at for at, one in enumerate(found) if one.abstract is None]
    assert empty == [3]  # its text is nothing but a video
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {"x-wp-total": "57", "x-wp-totalpages": "6"}, data))
    assert (len(turn.ids), turn.hits, len(turn.steps)) == (10, 57, 1)
