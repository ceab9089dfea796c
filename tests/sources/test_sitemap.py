"""Sitemaps: the connector against played sites, and web pages as references."""

import gzip
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.start import start
from tasks.formats import detect, webpage
from tasks.sources.connector import Broken, Query, Refused, Request, Response, Step
from tasks.sources.harvest import Harvested
from tasks.sources.searching import Done, due, log_searches
from tasks.sources.sitemap import CONNECTOR, Plan, faults
from tests.shared import shared
from tests.sources.played.agreeing import located
from tests.sources.played.playing import Answer, papers
from tests.sources.played.running import run
from tests.sources.played.sitemap import address, kind, make, title
from warehouse.configuration.sources import Site, Source, Strategy
from warehouse.review import load
from warehouse.storage import Storage

BASE = "https://played.invalid"
PAPERS = papers(75)


def query(url=BASE + "/", since=None, **site):
    return Query("", site=Site(url=url, **site), since=since, until=date(2026, 11, 23))


def harvested(held=PAPERS, url=BASE + "/", since=None, dated=True, **site):
    return run(CONNECTOR, query(url, since, **site), make(held, BASE, dated=dated), BASE)


def ids(held):
    return [address(paper.number, BASE) for paper in held]


@pytest.mark.parametrize("count", [0, 1, 29, 30, 31, 60, 75])
def test_every_page_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    sitemaps = max(1, -(-count // 30))
    assert (len(ran.pages), ran.asked) == (count, 2 + sitemaps + count)
    assert all("addresses, of which" in note for note in ran.notes)
    assert ran.hits == {}


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-1.xml.gz", "/sitemap-0.xml"])
def test_the_address_may_be_that_of_a_sitemap(path):
    expected = {"/sitemap.xml": PAPERS, "/sitemap-0.xml": PAPERS[:30], "/sitemap-1.xml.gz": PAPERS[30:60]}[path]
    ran = harvested(url=BASE + path)
    assert ran.ids == ids(expected)
    assert "robots" not in " ".join(ran.notes)


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2026, 1, 1)])
def test_increments_go_by_lastmod(since):
    assert CONNECTOR.increments
    ran = harvested(since=since)
    assert ran.ids == ids(paper for paper in PAPERS if paper.changed >= since)
    told = sum(int(note.split(": ")[1].split(" ")[0]) for note in ran.notes if "have not changed" in note)
    assert told + len(ran.ids) == len(PAPERS)


def test_a_page_without_a_date_is_always_asked():
    assert harvested(since=date(2026, 1, 1), dated=False).ids == ids(PAPERS)


def test_patterns_choose_pages():
    ran = harvested(include=(r"/played-\d$", "/played-1"), exclude=(r"-5$",))
    assert ran.ids == ids(one for one in PAPERS if (one.number < 20) and one.number != 5)
    assert ran.notes[0] == f"{BASE}/sitemap-0.xml: 30 addresses, of which 18 fit site.include and site.exclude"


@pytest.mark.parametrize("pages", [2, 3, 4, 20, 33, 34, 35, 64, 65, 78, 79, 80, 500])
def test_no_more_requests_than_the_protocol_allows_and_what_is_left_is_told(pages):
    ran = harvested(pages=pages)
    assert ran.asked <= pages
    assert ran.ids == ids(PAPERS)[: len(ran.ids)]
    left = [int(note.split(": ")[1].split(" ")[0]) for note in ran.notes if "are more than site.pages" in note]
    unread = [int(note.split(" ")[0]) for note in ran.notes if "were not read" in note]
    if pages >= 2 + 3 + 75:
        assert (len(ran.ids), left, unread) == (75, [], [])
    else:
        assert left or unread
        read = 3 - sum(unread)
        assert sum(left) + len(ran.ids) == len(PAPERS[: 30 * read])
        assert ran.asked == pages


def test_an_index_that_may_not_be_read_is_told():
    ran = harvested(pages=1)
    assert (ran.ids, len(ran.notes)) == ([], 1)
    assert "sitemap.xml among them: site.pages (1) allows no more" in ran.notes[0]


URLSET = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</urlset>'


FIRST = Plan(500).purpose


def turn(body, purpose=FIRST, url="https://a.invalid/sitemap.xml", site=None, since=None):
    asked = Query("", site=site or Site(url="https://a.invalid/"), since=since)
    return CONNECTOR.follow(asked, Step(Request(url), purpose=purpose), Response(200, url, {}, body))


def places(*urls):
    return URLSET % "".join(f"<url><loc>{url}</loc></url>" for url in urls).encode()


def asked(of):
    return [step.request.url for step in of.steps]


def test_addresses_are_those_of_the_site_once_each_and_no_trap():
    found = turn(
        places("https://www.a.invalid/x?utm_source=s", " /x ", "HTTPS://A.invalid:443/x#y", "https://b.invalid/x", "/p&amp;q",
               "/l/l/l/l", "ftp://a.invalid/z", "")
    )  # fmt: skip
    assert asked(found) == [
        "https://www.a.invalid/x",
        "https://a.invalid/x",
        "https://a.invalid/p&q",
        "https://a.invalid/sitemap.xml",
    ]
    assert [note for note in found.notes if "other sites" in note] == [
        "https://a.invalid/sitemap.xml: 1 addresses are of other sites and were not asked"
    ]
    assert "/l/l/l/l: its path has 'l' 4 times" in next(note for note in found.notes if "endless" in note)


def test_text_sitemaps():
    found = turn(
        b"\xef\xbb\xbfhttps://a.invalid/1\r\nhttps://a.invalid/2\n\nhttps://b.invalid/3\n", url="https://a.invalid/s.txt"
    )
    assert asked(found) == ["https://a.invalid/1", "https://a.invalid/2"]
    with pytest.raises(Broken):
        turn(b"https://a.invalid/1\nHello there\n")


def test_indexes_within_indexes_end_at_the_depth_that_the_protocol_allows():
    index = b"<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    site = Site(url="https://a.invalid/", depth=2)
    waiting, notes, depths = [FIRST], [], []
    while waiting:
        found = turn(index, waiting.pop(0), site=site)
        depths.append(len(depths))
        notes += found.notes
        waiting += [step.purpose for step in found.steps]
        assert len(depths) < 50
    assert len(depths) == 1 + 2 + 4
    assert len([note for note in notes if "deeper than site.depth (2)" in note]) == 4


def test_sitemaps_of_other_sites_are_not_read():
    found = turn(
        b"User-agent: *\nSITEMAP : https://b.invalid/s.xml\nsitemap:/own.xml # ours\n", "robots", "https://a.invalid/robots.txt"
    )
    assert asked(found) == ["https://a.invalid/own.xml"]
    assert found.notes == ("the sitemap https://b.invalid/s.xml is of another site and was not read",)
    index = turn(b"<sitemapindex><sitemap><loc>https://b.invalid/s.xml</loc></sitemap></sitemapindex>")
    assert (index.steps, len(index.notes)) == ((), 1)


def test_without_a_name_in_robots_txt_the_usual_place_is_tried():
    found = turn(
        b"User-agent: *\n# Sitemap: /no.xml\n", "robots", "https://a.invalid/robots.txt", Site(url="https://a.invalid/news/")
    )
    assert asked(found) == ["https://a.invalid/sitemap.xml"]
    assert "was tried" in found.notes[0]


@pytest.mark.parametrize(
    ("changed", "comes"),
    [("2025-06-15", True), ("2025-06-14T23:59:59Z", False), ("2025-06", True), ("2025-05", False), ("2025", True),
     ("2024", False), ("yesterday", True), ("", True)],
)  # fmt: skip
def test_lastmod_is_as_precise_as_it_is(changed, comes):
    body = URLSET % f"<url><loc>/x</loc><lastmod>{changed}</lastmod></url>".encode()
    assert bool(asked(turn(body, since=date(2025, 6, 15)))) is comes


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>Not found</body></html>", b"{}", URLSET[:-9] % b"<url><loc>/x</loc></url>",
     URLSET % b"<url><loc>/x</url>", gzip.compress(URLSET % b"", mtime=0)[:-9], b"\x1f\x8bxxxx"],
)  # fmt: skip
def test_an_answer_that_is_no_whole_sitemap_is_asked_for_again(body):
    with pytest.raises(Broken):
        turn(body)


def test_what_can_be_no_sitemap_is_refused_with_the_remedy(monkeypatch):
    with pytest.raises(Refused, match="connector feed"):
        turn(b"<rss version='2.0'><channel/></rss>")
    monkeypatch.setattr("tasks.sources.sitemap.MOST_BYTES", 1_000)
    with pytest.raises(Refused, match="larger than"):
        turn(gzip.compress(b"<urlset>" + b" " * 10_000, mtime=0))


def test_pages_that_are_gone_end_nothing_and_are_told():
    played = make(PAPERS, BASE)
    gone = {f"/publications/played-{number}" for number in (1, 30, 75)}
    ran = run(CONNECTOR, query(), lambda asked: Answer(b"<p>Gone", 410) if asked.path in gone else played(asked), BASE)
    assert ran.ids == ids(paper for paper in PAPERS if paper.number not in (1, 30, 75))
    assert [note for note in ran.notes if "not there" in note] == [
        f"{address(number, BASE)} is named by the sitemap and not there" for number in (1, 30, 75)
    ]


def test_sitemaps_that_are_gone_do_not_hide_those_after_them():
    played = make(PAPERS, BASE)
    ran = run(CONNECTOR, query(), lambda asked: Answer(b"", 404) if asked.path == "/sitemap-1.xml.gz" else played(asked), BASE)
    assert ran.ids == ids((*PAPERS[:30], *PAPERS[60:]))
    assert f"the sitemap {BASE}/sitemap-1.xml.gz is named and not there" in ran.notes


@pytest.mark.parametrize("path", ["/sitemap.xml", "/"])
def test_without_any_sitemap_the_search_is_refused(path):
    with pytest.raises(Refused, match=r"as site\.url"):
        run(CONNECTOR, query(BASE + path), lambda _asked: Answer(b"Sitemap: /never.xml", 404), BASE)


def test_without_robots_txt_the_usual_place_is_tried():
    played = make(PAPERS, BASE)
    ran = run(CONNECTOR, query(), lambda asked: Answer(b"", 404) if asked.path == "/robots.txt" else played(asked), BASE)
    assert ran.ids == ids(PAPERS)


def test_pages_are_records_by_the_address_of_the_sitemap():
    step = Step(Request("https://a.invalid/x"), purpose="page")

    def page(url, body=b"<html><p>Hello</p></html>"):
        return CONNECTOR.follow(query(), step, Response(200, url, {}, body))

    assert page("https://www.a.invalid/y").ids == ("https://a.invalid/x",)
    elsewhere = page("https://b.invalid/x")
    assert (elsewhere.ids, elsewhere.keep) == ((), False)
    assert "another site" in elsewhere.notes[0]
    with pytest.raises(Broken):
        page("https://a.invalid/x", b" \n")


def test_faults_of_the_configuration():
    def found(strategy=None, **site):
        site = Site(**{"url": "https://a.invalid/"} | site)
        source = Source(id="f", database="A site", connector="sitemap", site=site, strategies=(strategy or Strategy(),))
        return faults(source, source.strategies[0])

    assert found(include=("/publications/",)) == []
    assert "https://" in found(url="a.invalid")[0]
    assert "cannot be searched" in found(Strategy(query="care"))[0]
    assert "take them out" in found(Strategy(to_year=2001))[0]
    assert "no regular expression" in found(exclude=("(",))[0]


def test_a_search_without_a_query_is_known_again(tmp_path):
    start(tmp_path / "review")
    protocol = tmp_path / "review" / "protocol.yaml"
    site = f"site: {{url: '{BASE}/sitemap.xml'}}"
    source = f"  - {{id: site, database: Site, connector: sitemap, {site}, strategies: [{{id: main}}]}}\n"
    protocol.write_text(protocol.read_text().replace("  - {id: psycinfo,", source + "  - {id: psycinfo,"))
    review, storage = load(tmp_path / "review"), Storage(tmp_path / "data", "review")
    january, february = datetime(2026, 1, 1), datetime(2026, 2, 1)
    [first] = due(review, storage.log, january, ())
    log_searches(review, storage.raw, storage.log, [Done(first, Harvested((), 0, None))])
    assert [run.since for run in due(review, storage.log, february, ())] == [date(2025, 12, 18)]
    seldom = review.source("site").model_copy(update={"every_days": 40})
    rare = replace(review, protocol=review.protocol.model_copy(update={"sources": (seldom,)}))
    assert due(rare, storage.log, february, ()) == []


# The format.


def read(pages):
    """Each page is read by the format that the connector names, with its address."""
    return [detect.read(data, "webpage", {"base": url}) for url, data in pages]


def test_the_format_reads_what_the_papers_say():
    ran = harvested()
    for parsed, paper in zip(read(zip(ran.ids, ran.pages, strict=True)), PAPERS, strict=True):
        [one] = parsed.references
        kept = kind(paper)
        url = address(paper.number, BASE)
        assert (one.title, one.year, one.date) == (title(paper), paper.year, f"{paper.year}-03-01")
        assert one.abstract == paper.abstract.strip()
        assert (one.accession, one.urls[0], one.language, one.warnings) == (url, url, "en", ())
        assert one.keywords == (paper.keywords if kept != "text" else ())
        names = {"graph": tuple(f"{given} {family}" for family, given in paper.authors), "text": ()}
        assert one.authors == tuple(
            dict.fromkeys(names.get(kept, tuple(f"{family}, {given}" for family, given in paper.authors)))
        )
        assert one.doi == (paper.doi if kept in ("scholar", "dublin", "linked") else None)
        assert one.type == {"scholar": "article", "dublin": "report", "linked": "report"}.get(kept, "webpage")
        if kept == "scholar":
            assert (one.journal, one.volume, one.issue) == (paper.journal, str(paper.volume), str(paper.issue))
            assert one.pages == f"{paper.first}-{paper.last}"
            assert one.urls == (url, f"{BASE}/files/paper.pdf")
            assert not any("Another" in value for _, value in one.other)


def one(head="", body="", base="https://a.invalid/x/", charset=""):
    data = f"<html><head>{charset}{head}</head><body>{body}</body></html>".encode()
    parsed = detect.read(data, "webpage", {"base": base})
    located(parsed, data)
    [found] = parsed.references
    assert (found.offset, found.length) == (0, len(data))
    return found


LONG = "A paragraph that is long enough to be the beginning of a text."


@pytest.mark.parametrize(
    ("head", "body", "name", "value"),
    [
        ("<title>T - Org</title><meta property='og:site_name' content='Org'>", "", "title", "T"),
        ("<title>T</title>", "<h1>One <i>heading</i></h1>", "title", "One heading"),
        ("<title>T</title>", "<h1>Org</h1><h1>Paper</h1>", "title", "T"),
        ("<meta name='Citation_Title' content='A &amp;amp; B'>", "", "title", "A & B"),
        ("<title>T</title>", f"<article><p>By X</p><p>{LONG}</p></article><p>{LONG} Aside.</p>", "abstract", LONG),
        ("<title>T</title>", f"<aside><p>{LONG}</p></aside><p>Short</p>", "abstract", None),
        ("<title>T</title><meta name=description content=' Told '>", f"<p>{LONG}</p>", "abstract", "Told"),
        ("<title>T</title><meta name='citation_isbn' content='978-0-415-30980-1'>", "", "isbn", ("9780415309801",)),
        ("<title>T</title><meta name='citation_isbn' content='978-0-415-30980-1'>", "", "type", "book"),
        ("<title>T</title><meta name='citation_dissertation_institution' content='U'>", "", "type", "thesis"),
        ("<title>T</title><meta name='citation_author' content='Bea Larsen'>", "", "authors", ("Bea Larsen",)),
        ("<title>T</title><meta name='author' content='https://a.invalid/staff'>", "", "authors", ()),
        ("<title>T</title><meta name='dc.identifier' content='https://doi.org/10.5555/A.B'>", "", "doi", "10.5555/a.b"),
        ("<title>T</title><meta name='dc.identifier' content='12345'>", "", "doi", None),
        ("<title>T</title><meta name='citation_date' content='2019-04'>", "", "date", "2019-04"),
        ("<title>T</title><meta property='article:modified_time' content='2022-01-01'>", "", "year", None),
        ("<title>T</title><meta property='article:modified_time' content='2022-01-01'>", "", "other",
         (("article:modified_time", "2022-01-01"),)),
        ("<title>T</title>", "<article><time datetime='2020-02-03'>3 Feb</time></article>", "date", "2020-02-03"),
        ("<title>T</title>", "", "accession", "https://a.invalid/x/"),
        ("<title>T</title><link rel=canonical href='/y'>", "", "accession", "https://a.invalid/y"),
        ("<title>T</title><link rel=canonical href='https://a.invalid/'>", "", "accession", "https://a.invalid/x/"),
        ("<title>T</title><link rel=canonical href='https://b.invalid/y'>", "", "accession", "https://a.invalid/x/"),
    ],
)  # fmt: skip
def test_values(head, body, name, value):
    assert getattr(one(head, body), name) == value


VOLUME = {"@type": ["PublicationVolume", "Periodical"], "volumeNumber": 7, "name": "J", "issn": "1234-5679"}
LINKED = '<title>T</title><script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("thing", "values"),
    [
        ({"@type": ["Article"], "headline": "H", "author": "Bea Larsen"}, {"title": "H", "authors": ("Bea Larsen",)}),
        ([{"@type": "WebPage", "name": "W"}, {"@type": "ScholarlyArticle", "name": "S"}], {"title": "S", "type": "article"}),
        ({"@type": "WebPage", "mainEntity": {"@type": "Report", "name": "R"}}, {"title": "R", "type": "report"}),
        (
            {"@type": "ScholarlyArticle", "name": "S", "sameAs": "https://doi.org/10.5555/x", "pageStart": "3", "pageEnd": "9",
             "isPartOf": {"@type": "PublicationIssue", "issueNumber": 2, "isPartOf": VOLUME}},
            {"journal": "J", "volume": "7", "issue": "2", "issn": ("1234-5679",), "doi": "10.5555/x", "pages": "3-9"},
        ),
        ({"@type": "Organization", "name": "Org"}, {"title": "T"}),
        ({"@type": "Report", "publisher": {"name": "Org"}, "inLanguage": "cy"}, {"publisher": "Org", "language": "cy"}),
    ],
)  # fmt: skip
def test_linked_data(thing, values):
    found = one(LINKED % json.dumps(thing))
    assert {name: getattr(found, name) for name in values} == values


@pytest.mark.parametrize(
    "broken", ["{", "[" * 5_000, "null", "7", '{"@graph": {"@graph": {"@type": 7}}}', '{"@type": ["Report"], "name": {}}']
)
def test_linked_data_that_cannot_be_read_is_passed_over(broken):
    assert one(LINKED % broken).title == "T"


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [("", "utf-8", "Šimić"), ("", "cp1252", "naïve"), ("<meta charset=iso-8859-2>", "iso-8859-2", "Šimić"),
     ('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "shift_jis", "支援"),
     ("<meta charset=nonsense>", "utf-8", "Šimić"), ("<meta charset=latin1>", "cp1252", "“naïve”"), ("", "utf-16", "Šimić")],
)  # fmt: skip
def test_charsets(charset, encoding, text):
    data = f"<html><head>{charset}<title>{text}</title></head></html>".encode(encoding)
    [found] = detect.read(data, "webpage").references
    assert (found.title, found.accession) == (text, None)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7 \x00", "PDF"),
        (b"just words", "no element"),
        (b"<html><body><div></div></body></html>", "script"),
        (b"\x00<", "neither"),
    ],
)
def test_what_is_no_page_is_rejected_with_its_bytes(data, why):
    parsed = detect.read(data, "webpage", {"base": "https://a.invalid/f"})
    [piece] = parsed.rejected
    assert (piece.data, piece.offset) == (data, 0)
    assert why in piece.reason


def test_pages_are_read_only_where_the_format_is_named():
    data = harvested(PAPERS[:1]).pages[0]
    assert detect.read(data).format == "unknown"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(webpage.parse(data), data)
    located(webpage.parse(b"<html>" + data), b"<html>" + data)


PAGES = harvested(PAPERS[:5]).pages


@given(st.sampled_from(range(5)), st.floats(0, 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_a_damaged_page_is_still_one_record(number, share, put, cut):
    page = PAGES[number]
    at = int(share * (len(page) - 1))
    data = page[:at] + put + page[at + cut :]
    parsed = webpage.parse(data)
    located(parsed, data)
    assert parsed.starts == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@type", "name", "@graph", "value"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    VALUES, st.sampled_from(["name", "author", "isPartOf", "identifier", "keywords", "inLanguage", "publisher", "pagination"])
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    thing = json.dumps({"@type": "Report", name: value}).replace("</", "<\\/")
    assert one(LINKED % thing).accession == "https://a.invalid/x/"


# Recorded sitemaps of a WordPress site.


def test_recorded_sitemaps():
    site = Site(url="https://kcua-musicology.github.io/")
    index = turn(shared("recorded/open/sitemap/wp-sitemap.xml").read_bytes(), url=site.url + "wp-sitemap.xml", site=site)
    [first] = index.steps
    assert first.request.url == "https://kcua-musicology.github.io/wp-sitemap-posts-post-1.xml"
    assert len(json.loads(first.purpose)[2]) == 3
    posts = turn(
        shared("recorded/open/sitemap/wp-sitemap-posts-post-1.xml").read_bytes(), first.purpose, first.request.url, site
    )
    assert asked(posts)[0] == "https://kcua-musicology.github.io/welcome/"
    assert len(posts.steps) == 2
    later = turn(
        shared("recorded/open/sitemap/wp-sitemap-posts-post-1.xml").read_bytes(),
        first.purpose,
        first.request.url,
        site,
        date(2024, 9, 18),
    )
    assert len(later.steps) == 1
    assert replace(later.steps[0], request=Request("")).purpose == posts.steps[1].purpose.replace("497", "498")
