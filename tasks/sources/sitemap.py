"""The pages of a website that its sitemap names (https://www.sitemaps.org/protocol.html), each of them one record.

From that document: an index (``sitemapindex``) names sitemaps, a sitemap (``urlset``) names pages with ``lastmod`` in the forms
of W3C Datetime, and either may be packed by gzip; a text file with an address in each line is a sitemap as well; a site names
its sitemaps in robots.txt. A sitemap is for the pages of its own host.

What the steps share (requests that are left, sitemaps that wait) travels in the purpose of the step that reads the next
sitemap, since a connector remembers nothing.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from tasks.formats import xml_records
from tasks.formats.addresses import absolute, canonical
from tasks.formats.text import decode
from tasks.sources.addresses import same_site, trap
from tasks.sources.connector import Broken, Connector, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Site, Source, Strategy

MOST_BYTES = 64 << 20  # of a sitemap, unpacked; the protocol allows 50 MiB
_ROBOTS, _PAGE = "robots", "page"
_NAMED = re.compile(rb"(?im)^[ \t]*sitemap[ \t]*:[ \t]*([^\s#]+)")
_FILE = re.compile(r"\.(?:xml|txt|gz)$|sitemap[^/]*$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_GONE = frozenset({404, 410})
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left to do when a sitemap is read: requests that may still be made, its depth, and the sitemaps after it."""

    left: int
    depth: int = 0
    waiting: tuple[tuple[str, int], ...] = ()

    @property
    def purpose(self) -> str:
        """The plan as the purpose of a step."""
        return json.dumps([self.left, self.depth, self.waiting])


@dataclass(frozen=True, slots=True)
class Listed:
    """An address in a sitemap, and when it says that the page changed."""

    url: str
    changed: str | None = None


def _plan(step: Step) -> Plan:
    left, depth, waiting = json.loads(step.purpose)
    return Plan(left, depth, tuple((url, at) for url, at in waiting))


def begin(query: Query) -> tuple[Step, ...]:
    """The sitemap, if ``site.url`` is one, else robots.txt, which names it."""
    site = _site(query)
    if _FILE.search(urlsplit(site.url).path):
        return (Step(Request(site.url), purpose=Plan(site.pages - 1).purpose),)
    return (Step(Request(urljoin(site.url, "/robots.txt")), purpose=_ROBOTS),)


def _site(query: Query) -> Site:
    return query.site or Site(url=query.endpoint)


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The pages of a sitemap, then the sitemap after it; of a page, its address."""
    if step.purpose == _ROBOTS:
        return _from_robots(query, response)
    if step.purpose == _PAGE:
        return _page(step, response)
    plan = _plan(step)
    if response.status in _GONE:
        return _missing(query, step, plan)
    body = _unpacked(response).lstrip()
    kind = xml_records.root(decode(body[:65_536]))
    if kind == "sitemapindex":
        return _index(query, response, plan, body)
    if kind == "urlset":
        listed = [Listed(url, changed) for url, changed in _places(response, body, "url")]
    elif kind is None and (lines := _lines(body)):
        listed = [Listed(line) for line in lines]
    elif kind in ("rss", "feed", "RDF"):
        raise Refused(f"{response.url} is a feed, no sitemap; use the connector feed")
    else:
        raise Broken(f"{response.url} is no sitemap: {' '.join(body[:80].decode('utf-8', 'replace').split())!r}")
    steps, notes = _chosen(query, response, listed, plan)
    return _then(query, replace(plan, left=plan.left - len(steps)), steps, notes)


def _from_robots(query: Query, response: Response) -> Turn:
    """The sitemaps that robots.txt names; where it names none, the usual place."""
    site = _site(query)
    told = b"" if response.status in _GONE else response.body
    named = [absolute(response.url, one.decode("utf-8", "replace")) for one in _NAMED.findall(told)]
    found = list(dict.fromkeys(canonical(url) for url in named if url and same_site(url, site.url)))
    notes = [f"the sitemap {url} is of another site and was not read" for url in named if url and not same_site(url, site.url)]
    if not found:
        found = [urljoin(site.url, "/sitemap.xml")]
        notes.append(f"robots.txt names no sitemap of the site; {found[0]} was tried")
    plan = Plan(site.pages - 1, 0, tuple((url, 0) for url in found))
    return _then(query, plan, (), notes)


def _index(query: Query, response: Response, plan: Plan, body: bytes) -> Turn:
    """The sitemaps of an index, before those that wait already."""
    site = _site(query)
    found = list(dict.fromkeys(url for url, _ in _places(response, body, "sitemap")))
    own = [url for url in found if same_site(url, site.url)]
    notes = [f"the sitemap {url} is of another site and was not read" for url in found if url not in own]
    if plan.depth >= site.depth and own:
        notes.append(
            f"{len(own):,} sitemaps stand deeper than site.depth ({site.depth}) and were not read, {own[0]} among them"
        )
        own = []
    deeper = tuple((url, plan.depth + 1) for url in own)
    return _then(query, replace(plan, waiting=(*deeper, *plan.waiting)), (), notes)


def _then(query: Query, plan: Plan, steps: Sequence[Step], notes: Sequence[str]) -> Turn:
    """The steps, and after them the first sitemap that waits, if a request is left for it."""
    if not plan.waiting:
        return Turn(steps=tuple(steps), keep=False, notes=tuple(notes))
    (url, depth), *rest = plan.waiting
    if plan.left < 1:
        most = _site(query).pages
        unread = f"{len(plan.waiting):,} sitemaps were not read, {url} among them: site.pages ({most:,}) allows no more"
        return Turn(steps=tuple(steps), keep=False, notes=(*notes, unread))
    following = Step(Request(url), purpose=Plan(plan.left - 1, depth, tuple(rest)).purpose)
    return Turn(steps=(*steps, following), keep=False, notes=tuple(notes))


def _chosen(query: Query, response: Response, listed: Sequence[Listed], plan: Plan) -> tuple[list[Step], list[str]]:
    """A step for each page that the protocol wants, and what was left out, in numbers."""
    site = _site(query)
    since = query.since.isoformat() if query.since else ""
    own = [one for one in listed if same_site(one.url, site.url)]
    trapped = [(one.url, why) for one in own if (why := trap(one.url))]
    sound = {one.url: one for one in own if not trap(one.url)}
    fit = [one for one in sound.values() if wanted(site, one.url)]
    news = [one for one in fit if not one.changed or one.changed[: len(since)] >= since[: len(one.changed)]]
    asked = news[: plan.left]
    where = response.url
    notes = [f"{where}: {len(listed):,} addresses, of which {len(fit):,} fit site.include and site.exclude"]
    if len(own) < len(listed):
        notes.append(f"{where}: {len(listed) - len(own):,} addresses are of other sites and were not asked")
    if trapped:
        notes.append(
            f"{where}: {len(trapped):,} addresses look endless and were not asked, such as {trapped[0][0]}: {trapped[0][1]}"
        )
    if len(news) < len(fit):
        notes.append(f"{where}: {len(fit) - len(news):,} pages have not changed since {since}")
    if len(asked) < len(news):
        notes.append(
            f"{where}: {len(news) - len(asked):,} pages are more than site.pages ({site.pages:,}) allows and were not asked"
        )
    return [Step(Request(one.url), purpose=_PAGE) for one in asked], notes


def wanted(site: Site, url: str) -> bool:
    """Whether an address matches one of ``include``, if there are any, and none of ``exclude``."""
    included = not site.include or any(re.search(pattern, url) for pattern in site.include)
    return included and not any(re.search(pattern, url) for pattern in site.exclude)


def _missing(query: Query, step: Step, plan: Plan) -> Turn:
    """A sitemap that is not there; without the first there is nothing to read."""
    site = _site(query)
    if step.request.url in (site.url, urljoin(site.url, "/sitemap.xml")):
        raise Refused(f"{step.request.url} is not there, so nothing names the pages; give the address of a sitemap as site.url")
    return _then(query, plan, (), [f"the sitemap {step.request.url} is named and not there"])


def _page(step: Step, response: Response) -> Turn:
    """A page is one record, by the address that the sitemap has."""
    if not same_site(response.url, step.request.url):
        return Turn(keep=False, notes=(f"{step.request.url} leads to {response.url}, another site, and was left out",))
    if response.status in _GONE:
        return Turn(keep=False, notes=(f"{step.request.url} is named by the sitemap and not there",))
    if not response.body.strip():
        raise Broken(f"{response.url} is empty")
    return Turn((step.request.url,))


def _unpacked(response: Response) -> bytes:
    if not response.body.startswith(_GZIP):
        return response.body
    unpacker = zlib.decompressobj(31)
    try:
        body = unpacker.decompress(response.body, MOST_BYTES + 1)
    except zlib.error as error:
        raise Broken(f"{response.url}: the packed sitemap is damaged: {error}") from None
    if len(body) > MOST_BYTES:
        raise Refused(f"{response.url} is larger than {MOST_BYTES >> 20} MiB; give smaller sitemaps as site.url")
    if not unpacker.eof:
        raise Broken(f"{response.url}: the packed sitemap is cut short")
    return body


def _places(response: Response, body: bytes, name: str) -> Iterator[tuple[str, str | None]]:
    """Address and day of change of each element with this name."""
    try:
        found = list(xml_records.elements(body, (name,)))
    except xml_records.Cut as cut:
        raise Broken(f"the sitemap {response.url} is not whole: {cut}") from None
    for one in found:
        url = absolute(response.url, _child(one.element, "loc"))
        if url:
            changed = _DAY.match(_child(one.element, "lastmod"))
            yield canonical(url), changed[0] if changed else None


def _child(element: Element, name: str) -> str:
    return xml_records.text(element.find(name))


def _lines(body: bytes) -> list[str]:
    """The addresses of a text sitemap; none if a line is no address."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    return [canonical(line) for line in lines] if all(re.match(r"https?://\S+$", line) for line in lines) else []


def faults(source: Source, strategy: Strategy) -> list[str]:
    """A sitemap has neither a search nor filters nor years; patterns have to be regular expressions."""
    found: list[str] = []
    site = source.site
    if site is not None and not site.url.startswith(("http://", "https://")):
        found.append(f"site.url: {site.url!r} has to begin with https://")
    if strategy.query:
        found.append("query: a sitemap cannot be searched; take it out, and choose pages by site.include and site.exclude")
    if strategy.filters or strategy.from_year or strategy.to_year:
        found.append("filters, from_year, to_year: nothing of this can be asked of a sitemap; take them out")
    for pattern in (*site.include, *site.exclude) if site is not None else ():
        try:
            re.compile(pattern)
        except re.error as error:
            found.append(f"site.include, exclude: {pattern!r} is no regular expression: {error}")
    return found


CONNECTOR = Connector(
    name="sitemap",
    kind="website",
    home="",  # each site is its own
    format="webpage",
    rate=Rate(1),
    begin=begin,
    follow=follow,
    increments=True,
    needs=("site",),
    robots=True,
    conditional=True,
    reads=_GONE,
    faults=faults,
)
