"""Feeds: the connector against played sites, and the format on played, recorded and damaged feeds."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect, feed
from tasks.sources.connector import Broken, Expired, Query, Refused, Request, Response, Step
from tasks.sources.feed import CONNECTOR, Place, faults
from tasks.sources.harvest import Harvest, Kept
from tasks.sources.journal import Journal
from tests.shared import shared
from tests.sources.played.agreeing import located, references, survives, title
from tests.sources.played.feed import address, entry_id, make
from tests.sources.played.playing import papers
from tests.sources.played.running import asked, run
from warehouse.archive import Raw
from warehouse.configuration.sources import Selectors, Site, Source, Strategy

BASE = "https://played.invalid/feed-site"
PAPERS = papers(45)
NEWEST = sorted(PAPERS, key=lambda paper: (paper.year, paper.number), reverse=True)


def query(path="/feed/", pages=500):
    return Query("", site=Site(url=BASE + path, pages=pages))


def harvested(held=PAPERS, path="/feed/", pages=500, **settings):
    return run(CONNECTOR, query(path, pages), make(held, BASE, **settings), BASE)


def ids(held):
    return [entry_id(paper.number, BASE) for paper in held]


@pytest.mark.parametrize("kind", ["wordpress", "atom"])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 19, 20, 21, 40, 45])
def test_every_entry_comes_once_however_far_back(kind, count):
    ran = harvested(PAPERS[:count], kind=kind)
    assert ran.ids == ids(one for one in NEWEST if one.number <= count)
    alone = kind == "atom" and 0 < count <= 10  # nothing tells a feed of one page from one that leaves out the rest
    assert [("newest" in note) for note in ran.notes] == [True] * alone
    assert len(ran.pages) == max(1, -(-count // 10))


@pytest.mark.parametrize("kind", ["rss", "rdf"])
def test_a_feed_that_does_not_go_on_says_so(kind):
    ran = harvested(kind=kind)
    assert ran.ids == ids(NEWEST[:10])
    [note] = ran.notes
    assert "newest entries" in note


def test_a_feed_of_wordpress_that_cannot_be_turned_round_says_so():
    ran = harvested(ordered=False)
    assert ran.ids == ids(NEWEST[:10])
    [note] = ran.notes
    assert "newest entries" in note
    assert harvested(PAPERS[:1], ordered=False).notes == []


def test_the_home_page_names_the_feed():
    ran = harvested(path="/")
    assert ran.ids == ids(NEWEST)
    assert ran.notes == [f"the page names the feed {BASE}/feed/"]
    assert b"<html" not in b"".join(ran.pages)


def test_a_page_that_names_none_is_refused_with_the_remedy():
    with pytest.raises(Refused, match="sitemap or pages"):
        CONNECTOR.follow(query(), CONNECTOR.begin(query())[0], Response(200, BASE, {}, b"<html><p>Hello</p></html>"))


def test_several_feeds_of_a_page_are_told():
    page = b"""<link rel="ALTERNATE" type="application/atom+xml" href="/a"><link rel="alternate" type="text/html" href="/en">
        <link rel="alternate home" type="application/rss+xml" href="b.xml"><link rel=alternate type="application/rss+xml">"""
    turn = CONNECTOR.follow(query(), CONNECTOR.begin(query())[0], Response(200, "https://a.invalid/x/", {}, page))
    assert [step.request.url for step in turn.steps] == ["https://a.invalid/a"]
    assert turn.notes[1] == "other feeds that the page names were not read: https://a.invalid/x/b.xml"
    assert not turn.keep


@pytest.mark.parametrize("kind", ["wordpress", "atom"])
def test_the_limit_of_pages_is_told(kind):
    ran = harvested(pages=2, kind=kind)
    assert ran.ids == ids(NEWEST[:20])
    assert ran.notes == ["the feed has more pages than the 2 that site.pages allows; the older entries were not read"]
    assert harvested(pages=5, kind=kind).notes == []


ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom">%s<entry><id>%s</id><title>T</title></entry></feed>'


def turn(body, purpose="start", url="https://a.invalid/feed"):
    return CONNECTOR.follow(query(), Step(Request(url), purpose=purpose), Response(200, url, {}, body))


def test_archives_and_complete_feeds():
    older = turn(ATOM % (b'<link rel="prev-archive" href="2019.xml"/>', b"a"))
    assert [(step.request.url, step.purpose.split()[:2]) for step in older.steps] == [
        ("https://a.invalid/2019.xml", ["page", "2"])
    ]
    whole = turn(ATOM % (b'<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>', b"a"))
    assert (whole.steps, whole.notes) == ((), ())
    within = turn(ATOM[:-7] % (b"", b"a") + b'<entry><id>b</id><link rel="next" href="/chapter"/></entry></feed>')
    assert (within.ids, within.steps) == (("a", "b"), ())


def test_another_site_is_not_asked():
    elsewhere = turn(ATOM % (b'<link rel="next" href="https://b.invalid/2"/>', b"a"))
    assert elsewhere.steps == ()
    assert "another site" in elsewhere.notes[0]
    assert turn(ATOM % (b'<link rel="next" href="https://www.a.invalid/2"/>', b"a")).steps


def test_a_page_that_comes_again_ends_the_feed():
    [step] = turn(ATOM % (b'<link rel="next" href="/2"/>', b"a")).steps
    again = turn(ATOM % (b'<link rel="next" href="/3"/>', b"a"), step.purpose)
    assert (again.keep, again.steps, again.ids) == (False, (), ())
    assert "same as the page before" in again.notes[0]


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b'{"a": 1}', ATOM[:-9] % (b"", b"a"), b"<rss><channel><item>", b"<rss>"]
)
def test_an_answer_that_is_no_whole_feed_is_asked_for_again(body):
    with pytest.raises(Broken):
        turn(body, Place(2, "x").purpose)


def test_entries_taken_away_meanwhile_start_the_feed_again():
    assert isinstance(CONNECTOR.trouble(Response(404, BASE + "/feed/?paged=3", {}, b"")), Expired)
    assert CONNECTOR.trouble(Response(404, BASE + "/feed/", {}, b"")) is None


def test_what_is_asked_of_wordpress():
    urls = []
    played = make(PAPERS[:15], BASE)

    def spying(request):
        urls.append("?".join([request.path, "&".join(f"{name}={value}" for name, value in request.params.items())]))
        return played(request)

    run(CONNECTOR, query("/feed/?cat=3"), spying, BASE)
    assert urls == ["/feed/?cat=3", "/feed/?cat=3&order=ASC&orderby=date", "/feed/?cat=3&paged=2"]


def test_a_search_that_the_site_has_a_feed_of():
    asked_for = replace(query("/feed/?s={query}"), text="kinship care & más")
    [step] = CONNECTOR.begin(asked_for)
    assert step.request.url == f"{BASE}/feed/?s=kinship+care+%26+m%C3%A1s"
    assert run(CONNECTOR, replace(asked_for, text="nothing"), make(PAPERS, BASE), BASE).ids == []


def test_pages_that_were_not_modified_stand_as_they_were_kept(tmp_path):
    played = make(PAPERS, BASE)
    raw = Raw(tmp_path / "raw")
    sent = []

    def send(request, accept):
        answer = played(asked(request, BASE))
        sent.append(answer.status)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return accept(Response(answer.status, request.url, headers, answer.body))

    def harvest(name, kept):
        return Harvest(CONNECTOR, query(), send, raw, Journal(tmp_path / name), lambda _got, _hits: None, kept=kept).run()

    first = harvest("first", {})
    second = harvest("second", {page.url: Kept(page.raw, page.etag) for page in first.pages})
    assert (first.delivered, second.delivered) == (45, 45)
    assert [page.raw for page in first.pages] == [page.raw for page in second.pages]
    assert (sent[:6].count(200), sent[6:].count(304)) == (6, 5)


def test_faults_of_the_configuration():
    def found(strategy=None, **site):
        site = Site(**{"url": "https://a.invalid/feed"} | site)
        source = Source(id="f", database="A site", connector="feed", site=site, strategies=(strategy or Strategy(),))
        return faults(source, source.strategies[0])

    assert found() == []
    assert found(Strategy(query="care"), url="https://a.invalid/?s={query}&feed=rss2") == []
    assert "https://" in found(url="a.invalid")[0]
    assert "{query}" in found(Strategy(query="care"))[0]
    assert "needs a query" in found(url="https://a.invalid/?s={query}")[0]
    assert "take them out" in found(Strategy(from_year=2001))[0]
    assert "every entry" in found(include=("/news/",))[0]
    assert "every entry" in found(selectors=Selectors(hit="li"))[0]


# The format.


@pytest.mark.parametrize("kind", ["wordpress", "atom", "rdf", "rss"])
def test_the_format_reads_what_the_papers_say(kind):
    found = references(harvested(kind=kind, size=60).pages, "feed")
    assert [one.accession for one in found] == ids(NEWEST)
    for one, paper in zip(found, NEWEST, strict=True):
        names = [f"{family}, {given}" if kind == "rdf" else f"{given} {family}" for family, given in paper.authors]
        assert (one.title, one.year, one.date) == (title(paper), paper.year, f"{paper.year}-03-01")
        assert one.abstract == paper.abstract.strip()
        assert one.authors == tuple(dict.fromkeys(names))
        assert one.urls[0] == address(paper.number, BASE)
        assert one.warnings == ()
        assert one.keywords == ((*paper.keywords,) if kind != "atom" and kind != "rdf" else one.keywords)
        assert (one.type, one.journal) == (("article", paper.journal) if kind == "rdf" else ("webpage", None))
        if kind == "rdf":
            assert (one.doi, one.volume, one.issue) == (paper.doi, str(paper.volume), str(paper.issue))
            assert one.pages == f"{paper.first}-{paper.last}"
        if kind == "atom":
            assert one.other == (("related", f"https://doi.org/{paper.doi}"),)
            assert set(paper.keywords) <= set(one.keywords)


RSS = '<rss version="2.0" xmlns:dc="d" xmlns:content="c"><channel><item>%s</item></channel></rss>'


def one(inside, settings=None, before=""):
    data = (before + RSS % inside).encode()
    assert detect.read(data).format == "feed"
    parsed = detect.read(data, "feed", settings or {})
    located(parsed, data)
    [found] = parsed.references
    assert data[found.offset :].startswith(b"<item>")
    assert data[: found.offset + found.length].endswith(b"</item>")
    return found


@pytest.mark.parametrize(
    ("inside", "name", "value"),
    [
        ("<title>A &amp;amp; B</title>", "title", "A & B"),
        ("<title>Naïve caf&eacute; &nbsp;&hellip;</title>", "title", "Naïve café …"),
        ("<title>a\x0bb</title>", "title", "a b"),
        ("<title>T</title><guid>https://a.invalid/1</guid>", "urls", ("https://a.invalid/1",)),
        ("<title>T</title><guid isPermaLink='false'>https://a.invalid/1</guid>", "urls", ()),
        ("<title>T</title><link>/a?b=1&amp;c=2</link>", "urls", ("https://s.invalid/a?b=1&c=2",)),
        ("<title>T</title><link>https://doi.org/10.5555/ABC</link>", "doi", "10.5555/abc"),
        ("<title>T</title><author>m@a.invalid (Bea Larsen)</author>", "authors", ("Bea Larsen",)),
        ("<title>T</title><author>m@a.invalid</author>", "authors", ()),
        ("<title>T</title><author>m@a.invalid</author>", "other", (("author", "m@a.invalid"),)),
        ("<title>T</title><dc:creator>A Larsen; B Okafor</dc:creator>", "authors", ("A Larsen", "B Okafor")),
        ("<title>T</title><enclosure url='https://a.invalid/r.pdf'/>", "other", (("enclosure", "https://a.invalid/r.pdf"),)),
        ("<title>T</title><dc:rights>CC BY</dc:rights>", "other", (("rights", "CC BY"),)),
        ("<title>T</title><pubDate>Tue, 05 Mar 2024 23:59:59 GMT</pubDate>", "date", "2024-03-05"),
        ("<title>T</title><dc:date>2024-03</dc:date>", "date", "2024-03"),
        (
            "<title>T</title><content:encoded><![CDATA[<p>A</p><p>B</p><script>x</script>]]></content:encoded>",
            "abstract",
            "A B",
        ),
        ("<description>Only words</description>", "title", None),
        ("<description>Only words</description>", "abstract", "Only words"),
        ("<link>https://a.invalid/x</link>", "accession", "https://a.invalid/x"),
    ],
)
def test_values(inside, name, value):
    assert getattr(one(inside, {"base": "https://s.invalid/feed/"}), name) == value


def test_white_space_before_the_declaration_is_no_fault():
    found = one("<title>T</title>", before='\n\n <?xml version="1.0" encoding="UTF-8"?>\n')
    assert found.title == "T"


@pytest.mark.fault(89)
@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_encodings(encoding):
    declared = encoding.replace("-sig", "")
    data = f'<?xml version="1.0" encoding="{declared}"?>{RSS % "<title>Šimić café</title>"}'
    data = data.replace("Šimić ", "" if encoding == "iso-8859-1" else "Šimić ").encode(encoding)
    parsed = detect.read(data, "feed")
    assert [reference.title for reference in parsed.references] == ["café" if encoding == "iso-8859-1" else "Šimić café"]


def test_an_entry_that_says_nothing_is_rejected_with_its_bytes():
    data = (RSS % "<title> </title><comments>3</comments>").encode()
    parsed = feed.parse(data)
    assert [piece.data for piece in parsed.rejected] == [data[data.index(b"<item>") : data.index(b"</channel>")]]


@pytest.mark.parametrize(
    "data",
    [b"<html><body><rss></rss></body></html>", b"<feed><entry><title>x</title></entry></feed>", b"<records/>",
     b'<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', b"rss", b"TY  - JOUR\nTI  - rss\nER  - \n"],
)  # fmt: skip
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "feed"
    assert feed.parse(data).starts == 1


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(feed.parse(data), data)


PAGES = {kind: harvested(PAPERS[:5], kind=kind).pages[0] for kind in ("wordpress", "atom", "rdf")}


@given(st.sampled_from(sorted(PAGES)), st.floats(0, 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(kind, share, put, cut):
    page = PAGES[kind]
    at = 700 + int(share * (len(page) - 701))
    survives(feed.parse, page, at, put, cut)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_may_stand_in_an_entry(value):
    inside = value.replace("]]>", "")
    data = (RSS % f"<title>T</title><description><![CDATA[{inside}]]></description>").encode()
    parsed = feed.parse(data)
    located(parsed, data)
    assert parsed.starts == 1


def test_many_entries_are_read_quickly():
    held = papers(2_000)
    begun = datetime.now()
    ran = harvested(held, kind="atom", size=500)
    read = [one for page in ran.pages for one in feed.parse(page).references]
    assert len(read) == 2_000
    assert (datetime.now() - begun).total_seconds() < 5


# A recorded feed of a WordPress site.


def test_every_recorded_entry_is_read():
    data = shared("recorded/open/feeds/rss_ja.xml").read_bytes()
    found = references([data], "feed")
    assert len(found) == data.count(b"<item>") == 10
    assert all(one.title and one.abstract and one.date and one.urls and one.keywords and one.authors for one in found)
    assert all(one.accession.startswith("https://kcua-musicology.github.io/?p=") for one in found)
    assert [data[one.offset : one.offset + one.length].count(b"<item>") for one in found] == [1] * 10
    turn = CONNECTOR.follow(query(), CONNECTOR.begin(query())[0], Response(200, BASE + "/feed/", {}, data))
    assert (len(set(turn.ids)), turn.steps[0].request.url) == (10, f"{BASE}/feed/?order=ASC&orderby=date")
