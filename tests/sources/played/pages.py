"""Plays the search of a website at /search?q=…&page=1: lists of results as HTML, with links to the next page.

Each result has a picture, a heading, a line with date and authors, an excerpt and "Read more"; all but the excerpt are links.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played
from warehouse.configuration.sources import Selectors, Site

SIZE = 10
SELECTORS = {
    "hit": "li.result", "title": "h3 a", "link": "h3 a", "date": "time", "authors": ".by", "abstract": ".excerpt",
}  # fmt: skip
SITE = Site(url="https://played.invalid/search?q={query}&page={page}", selectors=Selectors(**SELECTORS, empty=".no-results"))
_HTML = {"Content-Type": "text/html; charset=UTF-8"}


def address(number: int, base: str) -> str:
    """The page of a paper."""
    return f"{base}/library/played-{number}"


def make(
    held: Sequence[Paper], base: str, size: int = SIZE, clamped: bool = False, wrapped: bool = False, counted: bool = False
) -> Played:
    """A site with these papers. A page past the end has no results; with ``clamped`` it is the last page once more, with
    ``wrapped`` the first.

    With ``counted`` the site asks for the number of the first result (&start=0) in place of the page's.
    """
    ordered = sorted(held, key=lambda paper: paper.number)
    bodies = {paper.number: _result(paper, base) for paper in held}

    def play(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /search?secret\n", 200, {"Content-Type": "text/plain"})
        if asked.path not in ("/search", "/search/care%20plans"):
            return Answer(b"<html><title>Page not found</title></html>", 404, _HTML)
        found = [] if "nothing" in asked.params.get("q", "") else ordered
        page = int(asked.params.get("start", "0")) // size + 1 if counted else int(asked.params.get("page", "1"))
        last = max(1, -(-len(found) // size))
        page = min(page, last) if clamped else 1 if wrapped and page > last else page
        shown = found[(page - 1) * size : page * size]
        tag = f'"{page}-{len(found)}"'
        if asked.headers.get("if-none-match") == tag:
            return Answer(b"", 304, {"ETag": tag})
        onward = f'<a class="next" href="?q={asked.params.get("q", "")}&amp;page={page + 1}">Next</a>' if page < last else ""
        listed = "".join(bodies[paper.number] for paper in shown)
        told = f"<ul class=results>{listed}</ul>{onward}" if shown else "<p class='no-results'>Nothing was found.</p>"
        body = f"<!DOCTYPE html><html><head><title>Search</title></head><body><nav><a href=/>Home</a></nav>{told}</body></html>"
        return Answer(body.encode(), 200, {**_HTML, "ETag": tag})

    return play


def _result(paper: Paper, base: str) -> str:
    link = f"/library/played-{paper.number}?utm_source=search#top" if not base.count("/", 8) else address(paper.number, base)
    title = html.escape(paper.title.replace("<i>", "").replace("</i>", ""), quote=False)
    names = "; ".join(f"{family}, {given}" for family, given in paper.authors)
    return (
        f"<li class=result><a class=picture href='{link}'><img src=/p.png alt=''></a><h3><a href='{link}'>{title}</a></h3>\n"
        f"<p><time datetime={paper.year}-03-01>1 March</time> <span class=by>By {html.escape(names)}</span></p>"
        f"<div class=excerpt><!-- <li class=result> --><p>{html.escape(paper.abstract)}</p></div>"
        f"<a href='{link}'>Read more</a>\n"
    )
