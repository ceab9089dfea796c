"""A WordPress site, asked through its REST interface (https://developer.wordpress.org/rest-api/using-the-rest-api/pagination/).

From its documentation: ``per_page`` at most 100; ``page`` from 1; the number of posts and of pages in ``X-WP-Total`` and
``X-WP-TotalPages``; a page past the end is 400 ``rest_post_invalid_page_number``; ``orderby=id``; ``after`` and ``before`` for
the day of publication; ``modified_after`` since WordPress 5.7, before which it is ignored, so that more comes than was asked;
``_embed`` adds names of authors and terms.

Without a query every post comes. Other types than posts are asked by ``filters: {type: "posts,pages"}``, by the names in the
interface; each type is a slice.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from tasks.sources.connector import Broken, Connector, Expired, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Source, Strategy

SIZE = 100
FIELDS = "id,date,date_gmt,modified,modified_gmt,guid,slug,type,link,title,excerpt,content,_links,_embedded"
_TYPE = "type"
_OWN = frozenset(
    {"search", "page", "per_page", "offset", "order", "orderby", "after", "before", "modified_after", "_fields", "_embed"}
)


def begin(query: Query) -> tuple[Step, ...]:
    """The first page of each type of post. By id, new posts come last and move none."""
    home = (query.endpoint or (query.site.url if query.site else "")).rstrip("/")
    params = [("search", query.text)] if query.text else []
    params += [(name, value) for name, value in query.filters.items() if name != _TYPE]
    if query.from_year:
        params.append(("after", f"{query.from_year - 1}-12-31T23:59:59"))
    if query.to_year:
        params.append(("before", f"{query.to_year + 1}-01-01T00:00:00"))
    if query.since:
        params.append(("modified_after", f"{(query.since - timedelta(days=1)).isoformat()}T23:59:59"))
    size = min(query.page_size or SIZE, SIZE)
    params += [("_fields", FIELDS), ("_embed", "author,wp:term"), ("orderby", "id"), ("order", "asc"), ("per_page", str(size))]
    kinds = _types(query.filters.get(_TYPE, "posts"))
    firsts = [Request(f"{home}/wp-json/wp/v2/{kind}", (*params, ("page", "1"))) for kind in kinds]
    return tuple(Step(first, kind if len(kinds) > 1 else "") for kind, first in zip(kinds, firsts, strict=True))


def _types(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind.strip() for kind in value.split(",") if kind.strip()))


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page, and the page after it while there are more."""
    posts, hits, pages = _page(response)
    page = int(dict(step.request.params)["page"])
    ids = tuple(str(post.get("id") or f"{step.slice} page {page}#{at}") for at, post in enumerate(posts))
    if page >= pages:
        return Turn(ids, hits)
    following = tuple((name, str(page + 1) if name == "page" else value) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=following)),))


def _page(response: Response) -> tuple[list[dict[str, object]], int, int]:
    """The posts of a page, their number in all, and that of the pages. Raises `Broken` for anything else."""
    try:
        posts = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"the site's answer is no whole JSON: {error}") from None
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        raise Broken(f"the site's answer is no list of posts: {_said(response.body)}")
    total, pages = response.headers.get("x-wp-total", ""), response.headers.get("x-wp-totalpages", "")
    if not total.isdecimal() or not pages.isdecimal():
        raise Broken("the site does not say how many posts there are (X-WP-Total); use the connector sitemap or feed for it")
    return posts, int(total), int(pages)


def trouble(response: Response) -> Exception | None:
    """400 is a page that is gone, or a parameter; 401, 403 and 404 mean that the interface is not open."""
    said = _said(response.body)
    if response.status == 400 and "invalid_page_number" in said:
        return Expired(f"the site has fewer posts than it said: {said}")
    if response.status == 400:
        return Refused(f"the site does not understand the search: {said}")
    if response.status in (401, 403, 404):
        return Refused(
            f"the site's interface for {response.url} is not open: {said}; check filters.type and the address, or use the "
            "connector sitemap, feed or pages"
        )
    return None


def faults(source: Source, strategy: Strategy) -> list[str]:
    """Some parameters are the connector's own; the address of the site is its home, not that of the interface."""
    found = [
        f"filter {name}: is set by the pipeline itself; "
        + ("use from_year and to_year" if name in ("after", "before") else "leave it out")
        for name in strategy.filters
        if name in _OWN
    ]
    if _TYPE in strategy.filters and not _types(strategy.filters[_TYPE]):
        found.append("filter type: name at least one type of post, such as posts")
    for address in (source.endpoint, source.site.url if source.site else None):
        if address and not address.startswith(("http://", "https://")):
            found.append(f"site.url: {address!r} has to begin with https://")
        if address and "/wp-json" in address:
            found.append("site.url: give the home of the site; /wp-json/… is added to it")
    return found


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    told = [answer.get("code"), answer.get("message")] if isinstance(answer, dict) else []
    return ": ".join(str(one) for one in told if one) or repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="wordpress",
    kind="website",
    home="",  # each site is its own
    format="wordpress",
    rate=Rate(1),
    begin=begin,
    follow=follow,
    increments=True,
    needs=("site",),
    shifts=True,
    robots=True,
    trouble=trouble,
    faults=faults,
)
