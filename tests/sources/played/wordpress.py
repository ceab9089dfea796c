"""Plays the REST interface of a WordPress site: /wp-json/wp/v2/posts (and pages, which it has none of), and its errors."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from functools import lru_cache

from tests.sources.played.playing import Answer, Asked, Paper, Played

MOST = 100
TYPES = ("posts", "pages", "report")


def post_id(number: int) -> str:
    """The id of a paper."""
    return str(40_000 + number)


def kind(paper: Paper) -> str:
    """The type of post that a paper is: every seventh is a page, every eleventh a report."""
    return "pages" if paper.number % 7 == 0 else "report" if paper.number % 11 == 0 else "posts"


def make(held: Sequence[Paper], base: str, sorted_by_type: bool = False) -> Played:
    """A site with these papers as posts, or ``sorted_by_type`` into posts, pages and reports."""
    ordered = sorted(held, key=lambda paper: paper.number)
    bodies = {paper.number: json.dumps(_post(paper, base)).encode() for paper in held}
    types = {paper.number: kind(paper) if sorted_by_type else "posts" for paper in held}

    @lru_cache
    def matching(name: str, search: str, after: str, before: str, changed_after: str) -> list[Paper]:
        found = [] if "nothing" in search else [paper for paper in ordered if types[paper.number] == name]
        return [
            paper
            for paper in found
            if after < f"{paper.year}-03-01T12:00:00" < before and changed_after < f"{paper.changed.isoformat()}T12:00:00"
        ]

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /wp-admin/\n", 200, {"Content-Type": "text/plain"})
        name = asked.path.removeprefix("/wp-json/wp/v2/")
        if name not in TYPES or name == asked.path:
            return _error(404, "rest_no_route", "No route was found matching the URL and request method.")
        size, page = int(params.get("per_page", "10")), int(params.get("page", "1"))
        if not 1 <= size <= MOST or page < 1:
            return _error(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        found = matching(name, *(params.get(one, default) for one, default in _LIMITS))
        pages = -(-len(found) // size)
        if page > max(1, pages):
            message = "The page number requested is larger than the number of pages available."
            return _error(400, "rest_post_invalid_page_number", message)
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "X-WP-Total": str(len(found)),
            "X-WP-TotalPages": str(pages),
        }
        shown = found[(page - 1) * size : page * size]
        return Answer(b"[" + b",".join(bodies[paper.number] for paper in shown) + b"]", 200, headers)

    return play


_LIMITS = (("search", ""), ("after", ""), ("before", "9999"), ("modified_after", ""))


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(json.dumps({"code": code, "message": message, "data": {"status": status}}).encode(), status)


def _post(paper: Paper, base: str) -> dict[str, object]:
    address = f"{base}/{paper.year}/03/played-{paper.number}/"
    title = html.escape(paper.title.replace("<i>", "").replace("</i>", ""), quote=False).replace("’", "&#8217;")
    body = html.escape(paper.abstract, quote=False)
    more = f'<a href="{address}" class="more-link" title="Read More">Read More</a>'
    return {
        "id": int(post_id(paper.number)),
        "date": f"{paper.year}-03-01T12:00:00",
        "date_gmt": f"{paper.year}-03-01T12:00:00",
        "guid": {"rendered": f"{base}/?p={post_id(paper.number)}"},
        "modified": f"{paper.changed.isoformat()}T12:00:00",
        "modified_gmt": f"{paper.changed.isoformat()}T12:00:00",
        "slug": f"played-{paper.number}",
        "type": "post",
        "link": address,
        "title": {"rendered": title},
        "content": {"rendered": f"<div>\n<p>{body}</p>\n<script>track()</script></div>", "protected": False},
        "excerpt": {"rendered": (f"<p>{body}</p>\n " if paper.number % 2 else "") + more, "protected": False},
        "_embedded": {
            "author": [{"id": 3, "name": f"{given} {family}"} for family, given in paper.authors[:1]],
            "wp:term": [[{"id": 11, "name": word, "taxonomy": "category"} for word in paper.keywords], []],
        },
    }
