"""The results of a website's own search, or a list of its publications, page by page, read by CSS selectors.

``site.url`` is the address of the search with ``{query}`` in it, and with ``{page}`` where the site numbers its pages or counts
its results; else ``site.selectors.next`` finds the link to the next page. A site says neither how many results it has nor that
its look has changed: selectors that find nothing on a page with text are an error, never a search without results.
"""

from __future__ import annotations

import json
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from tasks.formats import html_text, result_page
from tasks.formats.addresses import absolute, canonical
from tasks.formats.text import decode
from tasks.sources.addresses import filled, same_site, trap
from tasks.sources.connector import Broken, Connector, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Selectors, Site, Source, Strategy
from warehouse.files import sha256

_NONE = "-"


def begin(query: Query) -> tuple[Step, ...]:
    """The first page of results."""
    return (Step(Request(_address(query, 1)), purpose=_purpose(1, _NONE, _NONE)),)


def _address(query: Query, number: int) -> str:
    """The address of a page of results."""
    site = _site(query)
    return filled(site.url.replace("{page}", str(site.first + (number - 1) * site.step)), query.text)


def _site(query: Query) -> Site:
    return query.site or Site(url=query.endpoint)


def _purpose(number: int, first: str, before: str) -> str:
    """Number of a page, and marks of the results on the first page and on the one before it."""
    return f"page {number} {first} {before}"


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The links of the results on a page, and the page after it."""
    site = _site(query)
    _, told, first, before = step.purpose.split(" ")
    number = int(told)
    if not same_site(response.url, step.request.url):
        raise Refused(f"{step.request.url} leads to {response.url}, another site; give that address as site.url if it is meant")
    _whole(response)
    tree = html_text.page(decode(response.body))
    selectors = _selectors(site)
    base = result_page.based(tree, b"", response.url)
    onward = _onward(query, tree, base, number)
    hits, _ = result_page.found(tree, selectors, base)
    if not hits:
        return _nothing(tree, selectors, number, response)
    ids = tuple(hit.link or f"{response.url}#{at}" for at, hit in enumerate(hits))
    mark = sha256(json.dumps(ids).encode())[:16]
    if mark in (first, before):  # past the end, sites show their last page, or their first
        return Turn(keep=False, notes=(f"page {number} of the results has those of a page before it; they end there",))
    following = _purpose(number + 1, mark if number == 1 else first, mark)
    return _allowed(site, Turn(ids), step, onward, number, following)


def _whole(response: Response) -> None:
    """Raises `Broken` for a page that is cut short, as far as that shows: with it, results would be gone without a trace."""
    body = response.body.lower()
    if not body.strip():
        raise Broken(f"{response.url} is empty")
    if b"<html" in body and b"</html" not in body:
        raise Broken(f"{response.url} ends before its </html>; it may be cut short")


def _selectors(site: Site) -> dict[str, str]:
    chosen = site.selectors or Selectors(hit="a")
    return {name: value for name, value in chosen.model_dump().items() if value}


def _onward(query: Query, tree: LexborHTMLParser, base: str, number: int) -> str | None:
    site = _site(query)
    if "{page}" in site.url:
        return _address(query, number + 1)
    node = tree.css_first(site.selectors.next) if site.selectors and site.selectors.next else None
    href = (node.attributes.get("href") or "").strip() if node is not None else ""
    return absolute(base, href) if href else None


def _nothing(tree: LexborHTMLParser, selectors: dict[str, str], number: int, response: Response) -> Turn:
    """A search without results, the end of the pages, or selectors that do not fit. Raises `Refused` or `Broken`."""
    why = result_page.nothing(tree, selectors)
    if why is None:
        return Turn(hits=0, keep=True) if number == 1 else Turn(keep=False)
    if number == 1:
        raise Refused(f"{response.url}: {why}")
    if "empty" in selectors or "no text" in why:
        raise Broken(f"{response.url}, page {number} of the results: {why}")
    return Turn(keep=False, notes=(f"page {number} of the results has none, which was taken for their end",))


def _allowed(site: Site, turn: Turn, step: Step, onward: str | None, number: int, following: str) -> Turn:
    """The turn with the next page, if that may be asked for; if not, with the reason."""
    if onward is None:
        ways = "{page}" in site.url or (site.selectors is not None and site.selectors.next is not None)
        return turn if ways else replace(turn, notes=("one page was read: the protocol names no way to a next one",))
    if canonical(onward) == canonical(step.request.url):
        return turn
    why = trap(onward)
    if not same_site(onward, step.request.url):
        why = "it is of another site"
    elif number >= site.pages:
        why = f"site.pages allows {site.pages:,}"
    if why:
        return replace(turn, notes=(f"the results go on at {onward}, which was not asked: {why}",))
    return replace(turn, steps=(replace(step, request=Request(onward), purpose=following),))


def faults(source: Source, strategy: Strategy) -> list[str]:
    """What selectors and address need; a site has no filters but those in its address."""
    site = source.site
    if site is None:
        return []
    found = [] if site.url.startswith(("http://", "https://")) else [f"site.url: {site.url!r} has to begin with https://"]
    if strategy.query and "{query}" not in site.url:
        found.append("query: put {query} into site.url, where the site has its search string, or take the query out")
    if "{query}" in site.url and not strategy.query:
        found.append("site.url has {query}, so the strategy needs a query")
    if "{page}" in site.url and site.selectors and site.selectors.next:
        found.append("site.url has {page}, and selectors.next is another way to the next page; take one of them out")
    if site.selectors is None:
        found.append("site.selectors is missing: hit, and where they differ title, link, date, authors, abstract, next, empty")
    if strategy.filters or strategy.from_year or strategy.to_year:
        found.append("filters, from_year, to_year: take them out, and put what the site knows of it into site.url")
    if site.include or site.exclude:
        found.append("site.include, exclude: every result of a page comes; take them out")
    return found + _unreadable(site.selectors)


def _unreadable(selectors: Selectors | None) -> list[str]:
    found = []
    for name, value in selectors.model_dump().items() if selectors else ():
        try:
            LexborHTMLParser("<p>").css(value or "p")
        except SelectolaxError as error:
            found.append(f"site.selectors.{name}: {value!r} is no CSS selector: {error}")
    return found


CONNECTOR = Connector(
    name="pages",
    kind="website",
    home="",  # each site is its own
    format="result_page",
    rate=Rate(1),
    begin=begin,
    follow=follow,
    increments=False,
    needs=("site",),
    shifts=True,
    robots=True,
    conditional=True,
    faults=faults,
)
