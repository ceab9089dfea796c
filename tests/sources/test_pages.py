"""Pages of search results: the connector against played sites, and the format on played, recorded and damaged pages."""

import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.start import start
from tasks.formats import detect, html_text, result_page
from tasks.sources.connector import Broken, Query, Refused, Request, Response, Step
from tasks.sources.exports import receive
from tasks.sources.pages import CONNECTOR, faults
from tests.shared import shared
from tests.sources.played.agreeing import located
from tests.sources.played.pages import SELECTORS, address, make
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from tests.sources.played.sitemap import title
from warehouse.configuration.sources import Selectors, Site, Source, Strategy
from warehouse.review import load
from warehouse.storage import Storage

BASE = "https://played.invalid"
PAPERS = papers(45)
NUMBERED, LINKED = BASE + "/search?q={query}&page={page}", BASE + "/search?q={query}"


def query(url=NUMBERED, text="care plans", selectors=None, **site):
    chosen = Selectors(**SELECTORS | (selectors or {}) | ({} if "{page}" in url else {"next": "a.next"}))
    return Query("", text, site=Site(url=url, selectors=chosen, **site))


def harvested(held=PAPERS, url=NUMBERED, text="care plans", selectors=None, pages=500, first=1, step=1, **played):
    asked = query(url, text, selectors, pages=pages, first=first, step=step)
    return run(CONNECTOR, asked, make(held, BASE, **played), BASE)


def ids(held):
    return [address(paper.number, BASE) for paper in held]


@pytest.mark.parametrize("url", [NUMBERED, LINKED])
@pytest.mark.parametrize("count", [1, 9, 10, 11, 20, 45])
def test_every_result_comes_once(url, count):
    ran = harvested(PAPERS[:count], url)
    assert ran.ids == ids(PAPERS[:count])
    assert len(ran.pages) == -(-count // 10)
    numbered = url == NUMBERED
    assert ran.asked == len(ran.pages) + numbered
    assert [("taken for their end" in note) for note in ran.notes] == [True] * numbered


def test_the_end_is_known_where_the_protocol_says_how_it_looks():
    ran = harvested(selectors={"empty": ".no-results"})
    assert (ran.ids, ran.notes, len(ran.pages)) == (ids(PAPERS), [], 5)


@pytest.mark.parametrize("how", ["clamped", "wrapped"])
@pytest.mark.parametrize("count", [1, 10, 20, 45])
def test_a_site_that_gives_a_page_again_in_place_of_none(how, count):
    ran = harvested(PAPERS[:count], **{how: True})
    assert (ran.ids, len(ran.pages)) == (ids(PAPERS[:count]), -(-count // 10))
    assert "has those of a page before it" in ran.notes[0]


def test_a_site_that_counts_results():
    ran = harvested(url=BASE + "/search?q={query}&start={page}", first=0, step=10, counted=True)
    assert ran.ids == ids(PAPERS)


def test_a_search_that_finds_nothing_is_told_from_selectors_that_fit_nothing():
    ran = harvested(text="nothing", selectors={"empty": ".no-results"})
    assert (ran.ids, ran.hits, len(ran.pages)) == ([], {"": 0}, 1)
    with pytest.raises(Refused, match=r"site\.selectors\.empty"):
        harvested(text="nothing")
    with pytest.raises(Refused, match=r"'\.hits' \(site\.selectors\.hit\)"):
        harvested(selectors={"hit": ".hits", "empty": ".no-results"})


def test_an_error_in_the_middle_is_no_end():
    step = Step(Request(NUMBERED), purpose="page 3 a b")

    def third(body, **selectors):
        return CONNECTOR.follow(query(selectors=selectors), step, Response(200, NUMBERED, {}, body))

    for body in (
        b"",
        b" \n",
        b"<html><script>draw()</script></html>",
        b"<HTML><ul><li class=result><h3><a href=/1>One</a></h3></li>",
    ):
        with pytest.raises(Broken):
            third(body)
    with pytest.raises(Broken):
        third(b"<p>Out of order</p>", empty=".no-results")
    assert "taken for their end" in third(b"<p>Out of order</p>").notes[0]


@pytest.mark.parametrize("url", [NUMBERED, LINKED])
def test_the_limit_of_pages_is_told(url):
    ran = harvested(url=url, pages=2)
    assert ran.ids == ids(PAPERS[:20])
    assert "was not asked: site.pages allows 2" in ran.notes[0]


def test_one_page_without_a_way_to_the_next_says_so():
    site = Site(url=BASE + "/search", selectors=Selectors(**SELECTORS))
    ran = run(CONNECTOR, Query("", site=site), make(PAPERS, BASE), BASE)
    assert ran.ids == ids(PAPERS[:10])
    assert ran.notes == ["one page was read: the protocol names no way to a next one"]


def turn(body, url="https://a.invalid/s?q=1", final=None, **selectors):
    site = Site(url=url, selectors=Selectors(**{"hit": "li", "next": ".next"} | selectors))
    return CONNECTOR.follow(
        Query("", site=site), Step(Request(url), purpose="page 1 - -"), Response(200, final or url, {}, body)
    )


HIT = b"<li><a href=/1>One</a></li>"


@pytest.mark.parametrize(
    ("onward", "why"),
    [(b"https://b.invalid/2", "another site"), (b"/a/a/a/a", "4 times"), (b"/s?q=1&utm_source=x", None), (b"#top", None),
     (b"javascript:more()", None), (b"", None)],
)  # fmt: skip
def test_next_pages_that_are_not_asked(onward, why):
    found = turn(HIT + b"<a class=next href='" + onward + b"'>Next</a>")
    assert found.steps == ()
    assert [why in note for note in found.notes] == ([True] if why else [])


def test_what_is_asked():
    [step] = CONNECTOR.begin(query("https://a.invalid/find/{query}?q={query}&p={page}", "care & más", first=0, step=20))
    assert step.request.url == "https://a.invalid/find/care%20%26%20m%C3%A1s?q=care+%26+m%C3%A1s&p=0"
    assert step.request.params == ()  # robots.txt is held against the whole address


def test_another_site_is_refused():
    assert turn(HIT, final="https://www.a.invalid/s").ids == ("https://www.a.invalid/1",)
    with pytest.raises(Refused, match="another site"):
        turn(HIT, final="https://b.invalid/s")


def test_faults_of_the_configuration():
    def found(strategy=None, selectors=SELECTORS, **site):
        chosen = Selectors(**selectors) if selectors else None
        site = Site(**{"url": NUMBERED, "selectors": chosen} | site)
        source = Source(
            id="f", database="A site", connector="pages", site=site, strategies=(strategy or Strategy(query="care"),)
        )
        return faults(source, source.strategies[0])

    assert found() == []
    assert found(Strategy(), url="https://a.invalid/publications") == []
    assert "put {query}" in found(url="https://a.invalid/publications")[0]
    assert "needs a query" in found(Strategy())[0]
    assert "https://" in found(url="a.invalid/{query}")[0]
    assert "is missing" in found(selectors=None)[0]
    assert "another way" in found(selectors=SELECTORS | {"next": "a"})[0]
    assert "take them out" in found(Strategy(query="care", from_year=2001))[0]
    assert "every result" in found(include=("/a",))[0]
    assert "site.selectors.date: '[' is no CSS selector" in found(selectors=SELECTORS | {"date": "["})[0]


# The format.


def read(data, base=BASE + "/search", **selectors):
    parsed = detect.read(data, "result_page", {"base": base, "selectors": selectors or SELECTORS})
    located(parsed, data)
    return parsed


def test_the_format_reads_what_the_papers_say():
    found = [reference for page in harvested().pages for reference in read(page).references]
    assert [one.accession for one in found] == ids(PAPERS)
    for one, paper in zip(found, PAPERS, strict=True):
        assert (one.title, one.year, one.date) == (title(paper), paper.year, f"{paper.year}-03-01")
        assert (one.abstract, one.urls) == (paper.abstract.strip(), (address(paper.number, BASE),))
        assert one.authors == tuple(dict.fromkeys(f"{family}, {given}" for family, given in paper.authors))
        assert (one.type, one.warnings, one.other) == ("webpage", (), ())


def test_each_result_has_its_own_bytes_though_no_end_tag_is_there():
    page = harvested(PAPERS[:3]).pages[0]
    for one in read(page).references:
        piece = page[one.offset : one.offset + one.length]
        assert piece.startswith(b"<li class=result><a")
        assert piece.count(b"<h3>") == 1
        assert one.accession.removeprefix(BASE).encode() in piece


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_places_hold_in_every_encoding(encoding):
    text = "<html><p>Žluť</p>" if encoding != "cp1252" else "<html><p>façade</p>"
    text += "<li><a href='/1'>Été 😀</a></li> é <li><a href='/2'>Zwei</a>".replace("😀", "" if encoding == "cp1252" else "😀")
    data = text.encode(encoding)
    one, two = read(data, hit="li").references
    codec = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    pieces = [data[found.offset : found.offset + found.length].decode(codec) for found in (one, two)]
    assert pieces == [text[text.index("<li>") : text.index(" é ")], text[text.rindex("<li>") :]]
    assert two.offset > one.offset + one.length
    assert (one.title[:3], two.title) == ("Été", "Zwei")


@pytest.mark.parametrize(
    ("hit", "count", "titles"),
    [
        ("li.result", 3, None),
        ("li.result a", 3, None),  # the picture and "Read more" lead where the heading leads
        ("h3", 3, None),
    ],
)
def test_a_result_that_is_found_several_times_is_one(hit, count, titles):
    page = harvested(PAPERS[:3]).pages[0]
    parsed = read(page, hit=hit, **{} if "result" not in hit[3:] or hit.endswith("a") else {"title": "h3 a", "link": "h3 a"})
    assert [one.title for one in parsed.references] == [title(paper) for paper in PAPERS[:3]]
    assert parsed.warnings == (
        ("6 elements lead where a result leads, and were taken for parts of it",) if hit.endswith("a") else ()
    )


def test_tags_in_scripts_comments_and_values_end_nothing():
    script = b"<script>x = '</li>'</script><textarea></li></textarea>"
    inside = b"<a href=/1 title='</li>'>One</a><!-- > </li> --><ul><li>x</li></ul>" + script
    page = b"<ol><li class=r>" + inside + b"</li><li>x</li><li class=r><a href=/2>Two</a></li></ol>"
    one, two = read(page, hit=".r").references
    assert page[one.offset : one.offset + one.length] == b"<li class=r>" + inside + b"</li>"
    assert page[two.offset : two.offset + two.length] == b"<li class=r><a href=/2>Two</a></li>"


def test_results_inside_results_have_bytes_of_their_own():
    page = b"<div class=r><b>One</b><div class=r><b>Two</b></div> after</div>"
    one, two = read(page, hit=".r", title="b", link="b").references
    assert page[one.offset : one.offset + one.length] == b"<div class=r><b>One</b>"
    assert page[two.offset : two.offset + two.length] == b"<div class=r><b>Two</b></div>"


def test_a_link_that_all_results_share_takes_none_away():
    page = b"".join(b"<li><a href=/news>News</a> <b>Title %d</b></li>" % number for number in range(5))
    found = read(page, hit="li", title="b").references
    assert [one.title for one in found] == [f"Title {number}" for number in range(5)]
    assert {one.accession for one in found} == {BASE + "/news"}


def test_a_result_without_a_link_is_kept_and_one_without_anything_rejected():
    page = b"<ul><li><b>Only a title</b></li><li><i>neither</i></li><li><a href=/x></a></li></ul>"
    parsed = read(page, hit="li", title="b")
    assert [(one.title, one.accession) for one in parsed.references] == [("Only a title", None), (None, BASE + "/x")]
    [piece] = parsed.rejected
    assert (piece.data, piece.line) == (b"<li><i>neither</i></li>", 1)
    assert "site.selectors.title" in piece.reason


@pytest.mark.parametrize(
    ("page", "selectors", "why"),
    [
        (b"<p>Words</p>", {"hit": ".x"}, "nothing on the page fits '.x'"), (b"<p>Words</p>", {"hit": "["}, "cannot be read"),
        (b"<p>Words</p>", {"hit": "p", "title": "["}, "cannot be read"), (b"<script>x</script>", {"hit": "p"}, "has no text"),
        (b"<p>Words</p>", {"title": "p"}, "no selectors"),
        (b"<p>Words</p>", {"hit": ".x", "empty": "b"}, "'b' (site.selectors.empty)"),
    ],
)  # fmt: skip
def test_pages_that_the_selectors_do_not_fit_are_rejected_whole(page, selectors, why):
    [piece] = read(page, **selectors).rejected
    assert piece.data == page
    assert why in piece.reason


def test_a_page_that_shows_that_it_has_no_results_has_none():
    assert read(b"<p class=none>Nothing</p>", hit="li", empty=".none").starts == 0


@pytest.mark.parametrize(
    ("head", "link"),
    [
        ("", "https://a.invalid/s/1"), ("<base href='/lib/'>", "https://a.invalid/lib/1"),
        ("<!-- saved from url=(0021)https://b.invalid/x/y -->", "https://b.invalid/x/1"),
        ("<!--\n Page saved with SingleFile \n url: https://c.invalid/z/ \n-->", "https://c.invalid/z/1"),
    ],
)  # fmt: skip
def test_where_links_start_from(head, link):
    page = f"<html>{head}<li><a href=1>One</a></li></html>".encode()
    assert read(page, "https://a.invalid/s/", hit="li").references[0].accession == link


@pytest.mark.parametrize(
    ("inside", "year", "date", "other"),
    [
        ("<time>5 June 2021</time>", 2021, "2021-06-05", ()), ("<time datetime='2020-01'>soon</time>", 2020, "2020-01", ()),
        ("<time>last week</time>", None, None, (("date", "last week"),)), ("", None, None, ()),
        ("<time></time><time>2019</time>", 2019, "2019", ()),
    ],
)  # fmt: skip
def test_dates(inside, year, date, other):
    [one] = read(f"<li><a href=/1>One</a>{inside}</li>".encode(), hit="li", date="time").references
    assert (one.year, one.date, one.other) == (year, date, other)


def test_authors():
    [one] = read(b"<li><a href=/1>T</a><i>Authors: Bea Larsen, Jo Okafor et al.</i></li>", hit="li", authors="i").references
    assert one.authors[0] == "Bea Larsen"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    for page in (data, b"<li><a href=/1>" + data, b"<li " + data + b"><li><!--" + data):
        read(page, hit="li", title="a", link="a", date="time", authors="i", abstract="p", empty="b")
        assert result_page.parse(page).starts == 1 or not page


PAGE = harvested(PAPERS[:4]).pages[0]


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_result_that_stands_apart_from_it(at, put, cut):
    data = PAGE[:at] + put + PAGE[at + cut :]
    parsed = read(data)
    assert parsed.starts > 0
    before = [one.accession for one in read(PAGE).references if one.offset + one.length <= at]
    assert [one.accession for one in parsed.references][: len(before)] == before


@pytest.mark.parametrize(
    "page", [b"<a " * 50_000, b"<li><a href='" * 20_000, b'<a x="' * 50_000, b"<!--" * 50_000, b"<li>" * 20_000]
)
def test_pages_that_never_close_anything_are_read_in_time(page):
    read(page, hit="p", title="a")


# Pages that people saved.


SAVED = """<!-- saved from url=(0031)https://a.invalid/search?q=care -->
<!DOCTYPE html><html><ul><li class=r><a href=/1>One</a></li><li class=r><a href=/2>Two</a></li></ul></html>"""


def review_with(folder, hit):
    protocol = folder / "protocol.yaml"
    site = f"site: {{url: 'https://a.invalid/search', selectors: {{hit: '{hit}'}}}}"
    source = f"  - {{id: charity, database: Charity, connector: pages, {site}, strategies: [{{id: main}}]}}\n"
    text = re.sub(r"  - \{id: charity,.*\n", "", protocol.read_text())
    protocol.write_text(text.replace("  - {id: psycinfo,", source + "  - {id: psycinfo,"))
    (folder / "imports" / "saved.html").write_text(SAVED)
    (folder / "imports" / "a.ris").write_bytes(b"TY  - JOUR\r\nTI  - A paper\r\nER  - \r\n")
    (folder / "imports" / "searches.yaml").write_text("searches:\n- {source: charity, files: [saved.html, a.ris], hits: 2}\n")
    return load(folder)


def test_saved_pages_are_read_by_the_selectors_of_their_source(tmp_path):
    start(tmp_path / "review")
    storage = Storage(tmp_path / "data", "review")

    def received(hit, as_of):
        done = receive(review_with(tmp_path / "review", hit), storage.raw, storage.log, as_of)
        rows = [row for row in storage.log.read("import").to_pylist() if row["as_of"] == as_of]
        parsed = [detect.read(storage.raw.get(row["raw"]), **json.loads(row["reading"] or "{}")) for row in rows]
        return done.searches, [[one.accession or one.title for one in one.references] for one in parsed], parsed

    assert received(".r", datetime(2026, 1, 1))[:2] == (1, [["https://a.invalid/1", "https://a.invalid/2"], ["A paper"]])
    assert received(".r", datetime(2026, 1, 2))[0] == 0
    searches, found, parsed = received(".wrong", datetime(2026, 1, 3))  # other selectors read the same pages anew
    assert (searches, found) == (1, [[], ["A paper"]])
    assert "site.selectors.hit" in parsed[0].rejected[0].reason


def test_a_source_that_is_only_saved_by_hand_needs_no_connector():
    site = Site(url="https://a.invalid/search", selectors=Selectors(hit="li"))
    assert Source(id="s", database="Site", site=site).site == site
    for wrong in ({"site": Site(url="https://a.invalid")}, {"site": site, "strategies": (Strategy(),)}):
        with pytest.raises(ValidationError, match="saved pages"):
            Source(id="s", database="Site", **wrong)


@pytest.mark.parametrize(
    ("data", "page"),
    [
        (SAVED.encode(), True), (b"\xef\xbb\xbf\n<HTML lang=en>", True), ("<html>".encode("utf-16"), True),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>", True), (b"<rss>", False), (b"TY  - <html>", False), (b"", False),
    ],
)  # fmt: skip
def test_what_is_a_saved_page(data, page):
    assert html_text.is_page(data) is page


# A recorded page of results of a WordPress site.

RECORDED = {"hit": "article.entry", "title": "h2 a", "link": "h2 a", "date": "time", "authors": ".entry-author-name",
            "abstract": ".entry-content p", "next": ".pagination-next a"}  # fmt: skip


def test_every_recorded_result_is_read():
    data = shared("recorded/open/html/search_results_page2.html").read_bytes()
    url = "https://www.unitingnc.org/en/page/2/?s=s"
    found = read(data, url, **RECORDED).references
    assert len(found) == data.count(b"<article ") == 10
    assert len({one.accession for one in found}) == 10
    assert all(one.title and one.abstract and one.urls[0].startswith("https://www.unitingnc.org/") for one in found)
    assert [one.title for one in found if one.date is None or not one.authors] == ["Support Code the Dream"]  # a page, no post
    pieces = [data[one.offset : one.offset + one.length] for one in found]
    assert all(piece.startswith(b"<article ") and piece.endswith(b"</article>") for piece in pieces)
    asked = Query("", "s", site=Site(url=url, selectors=Selectors(**RECORDED)))
    turned = CONNECTOR.follow(asked, replace(CONNECTOR.begin(asked)[0], purpose="page 2 x y"), Response(200, url, {}, data))
    assert turned.ids == tuple(one.accession for one in found)
    assert "/page/3/" in turned.steps[0].request.url


def test_a_careless_selector_finds_each_recorded_result_once():
    data = shared("recorded/open/html/search_results_page2.html").read_bytes()
    careful = {one.accession: one.title for one in read(data, BASE, **RECORDED).references}
    careless = {
        one.accession: one.title
        for one in read(data, BASE, hit="article.entry a[href*='/20'], .entry a[href*=codethe]").references
    }
    assert careless == careful
