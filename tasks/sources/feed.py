"""The feed of a website, RSS or Atom, as far back as it goes.

``site.url`` is the feed, or a page that names one in ``<link rel="alternate">`` (HTML Standard, 4.6.7.1). A feed may go on at
``rel="next"`` (RFC 5005, 3) or ``rel="prev-archive"`` (RFC 5005, 4). That of WordPress goes on at ``paged=2``, and a page past
its end is answered by 404 (both from its source, class-wp.php); so its oldest entry is asked for first, by ``order=ASC``, and
the page that has it is the last. Any other feed has its newest entries and no more, which the search then says.

Nothing can be asked of a feed but the whole of it, and "not modified" where the site knows that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tasks.formats import feed, html_text, xml_records
from tasks.formats.addresses import absolute
from tasks.formats.text import decode
from tasks.sources.addresses import filled, same_site
from tasks.sources.connector import Broken, Connector, Expired, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Source, Strategy
from warehouse.files import sha256

TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_START, _OLDEST = "start", "oldest"
_ONWARD = ("next", "prev-archive")
_NEWEST = "the feed gives its newest entries and does not go on; older ones, if there are any, were not seen"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in a feed: number of the page, mark of the page before it, mark of the oldest entry if known."""

    number: int = 1
    before: str = "-"
    oldest: str = "-"

    @property
    def purpose(self) -> str:
        """The place as the purpose of a step."""
        return f"page {self.number} {self.before} {self.oldest}"


def _place(step: Step) -> Place:
    words = step.purpose.split(" ")
    return Place(int(words[1]), words[2], words[3]) if words[0] == "page" else Place()


def begin(query: Query) -> tuple[Step, ...]:
    """The address of the protocol, whatever is there."""
    url = query.site.url if query.site else query.endpoint
    return (Step(Request(filled(url, query.text)), purpose=_START),)


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The ids of the entries, and the page after it; of a web page, the feed that it names."""
    if feed.root(response.body) is None:
        return _named(step, response)
    try:
        found = [one.element for one in feed.entries(response.body)]
        about = feed.about(response.body)
    except xml_records.Cut as cut:
        raise Broken(f"the feed at {response.url} is not whole: {cut}") from None
    ids = tuple(feed.identity(entry) or f"{response.url}#{at}" for at, entry in enumerate(found))
    if step.purpose.startswith(_OLDEST):
        return _from_oldest(step, ids)
    place = _place(step)
    if _mark(ids) == place.before:
        return Turn(keep=False, notes=(f"page {place.number} of the feed is the same as the page before it; it ends there",))
    if place.oldest != "-":
        turn = Turn(ids, steps=() if place.oldest in map(_mark_of_one, ids) or not ids else (_paged(step, place, ids),))
    elif onward := _onward(response, about):
        following = Place(place.number + 1, _mark(ids))
        turn = Turn(ids, steps=(replace(step, request=Request(onward), purpose=following.purpose),))
    elif place.number > 1 or about.complete or not ids:
        return Turn(ids)
    elif about.wordpress:
        purpose = f"{_OLDEST} {_mark(ids)} {_mark(sorted(ids))}"
        oldest = _with(step.request.url, order="ASC", orderby="date")
        return Turn(ids, steps=(replace(step, request=Request(oldest), purpose=purpose),))
    else:
        return Turn(ids, notes=(_NEWEST,))
    return _allowed(query, response, place, turn)


def _allowed(query: Query, response: Response, place: Place, turn: Turn) -> Turn:
    """The turn without steps that lead elsewhere or too far."""
    if not turn.steps:
        return turn
    onward, most = turn.steps[0].request.url, query.site.pages if query.site else 1
    if not same_site(onward, response.url):
        return replace(turn, steps=(), notes=(f"the feed goes on at {onward}, another site, which is not asked",))
    if place.number >= most:
        left = f"the feed has more pages than the {most:,} that site.pages allows; the older entries were not read"
        return replace(turn, steps=(), notes=(left,))
    return turn


def _from_oldest(step: Step, ids: Sequence[str]) -> Turn:
    """The second page of a feed of WordPress, now that its oldest entry is known; its first page may have had all."""
    _, newest_first, in_any_order = step.purpose.split(" ")
    if not ids or (_mark(ids) == newest_first and len(ids) > 1):
        return Turn(keep=False, notes=(_NEWEST,))
    if _mark(sorted(ids)) == in_any_order:
        return Turn(keep=False)
    place = Place(1, "-", _mark_of_one(ids[0]))
    first = replace(step, request=Request(_without(step.request.url, "order", "orderby")))
    return Turn(keep=False, steps=(_paged(first, place, (), newest_first),))


def _paged(step: Step, place: Place, ids: Sequence[str], before: str | None = None) -> Step:
    """The page after a page of WordPress."""
    following = Place(place.number + 1, before or _mark(ids), place.oldest)
    return replace(step, request=Request(_with(step.request.url, paged=str(following.number))), purpose=following.purpose)


def _with(url: str, **params: str) -> str:
    parts = urlsplit(_without(url, *params))
    query = "&".join(one for one in (parts.query, urlencode(params)) if one)
    return urlunsplit(parts._replace(query=query))


def _without(url: str, *names: str) -> str:
    parts = urlsplit(url)
    kept = [one for one in parts.query.split("&") if one and one.partition("=")[0] not in names]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _mark(ids: Sequence[str]) -> str:
    return sha256(json.dumps(list(ids)).encode())[:16]


def _mark_of_one(entry: str) -> str:
    return _mark((entry,))


def _onward(response: Response, about: feed.About) -> str | None:
    """Where the feed itself says that it goes on."""
    told = (about.links.get(rel) for rel in _ONWARD)
    return next((found for link in told if link and (found := absolute(response.url, link))), None)


def _named(step: Step, response: Response) -> Turn:
    """The feed that a page names. Feeds of comments are none of the site's publications."""
    if step.purpose != _START:
        raise Broken(f"{response.url} is no feed: {_said(response.body)}")
    links = html_text.page(decode(response.body)).css("link[href][type]")
    named = [
        (address, link.attributes.get("title") or "")
        for link in links
        if "alternate" in (link.attributes.get("rel") or "").lower().split()
        and (link.attributes.get("type") or "").strip().lower() in TYPES
        and (address := absolute(response.url, link.attributes.get("href") or ""))
    ]
    feeds = list(dict.fromkeys(address for address, title in named if "comment" not in (title + address).lower()))
    if not feeds:
        raise Refused(
            f"{response.url} is no feed and names none: {_said(response.body)}; give the address of a feed, or use the "
            "connector sitemap or pages"
        )
    others = (f"other feeds that the page names were not read: {', '.join(feeds[1:])}",) if feeds[1:] else ()
    onward = replace(step, request=Request(feeds[0]), purpose=Place().purpose)
    return Turn(keep=False, steps=(onward,), notes=(f"the page names the feed {feeds[0]}", *others))


def trouble(response: Response) -> Exception | None:
    """404 past the end of a feed of WordPress: entries were taken away since its oldest was asked for."""
    if response.status == 404 and "paged" in dict(parse_qsl(urlsplit(response.url).query)):
        return Expired(f"the feed has no page {response.url} any more")
    return None


def faults(source: Source, strategy: Strategy) -> list[str]:
    """A feed has neither a search nor filters nor years."""
    found: list[str] = []
    site = source.site
    if site is None:
        return found
    if not site.url.startswith(("http://", "https://")):
        found.append(f"site.url: {site.url!r} has to begin with https://")
    if strategy.query and "{query}" not in site.url:
        found.append(
            "query: a feed cannot be searched; take it out, or put {query} into site.url if the site has feeds of searches"
        )
    if "{query}" in site.url and not strategy.query:
        found.append("site.url has {query}, so the strategy needs a query")
    if strategy.filters or strategy.from_year or strategy.to_year:
        found.append("filters, from_year, to_year: nothing of this can be asked of a feed; take them out")
    if site.include or site.exclude or site.selectors:
        found.append("site.include, exclude, selectors: every entry of a feed comes; take them out")
    return found


def _said(body: bytes) -> str:
    return repr(" ".join(body[:80].decode("utf-8", "replace").split()))


CONNECTOR = Connector(
    name="feed",
    kind="website",
    home="",  # each site is its own
    format="feed",
    rate=Rate(1),
    begin=begin,
    follow=follow,
    increments=False,
    needs=("site",),
    robots=True,
    conditional=True,
    trouble=trouble,
    faults=faults,
)
