"""Plays CORE: /v3/search/works/ with offset up to 10,000 records and scroll beyond, and its errors.

The service itself remembers how far a scroll was read; `losing` does not let the page with that number (from 1) arrive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

CAP = 10_000
_LIMIT = re.compile(r"yearPublished(>=|<=)(\d{4})")


def make(held: Sequence[Paper], _base: str, losing: int = 0) -> Played:
    """CORE with these papers."""
    bodies = {paper.number: json.dumps(_work(paper), ensure_ascii=False).encode() for paper in held}
    scrolls: dict[str, tuple[list[Paper], Iterator[list[Paper]]]] = {}
    lost = {losing}

    def play(asked: Asked) -> Answer:
        if asked.headers.get("authorization") == "Bearer wrong":
            return _error(401, "Invalid API key")
        if asked.path != "/v3/search/works/":
            return _error(404, "Not found")
        params = {**asked.params, **(json.loads(asked.body) if asked.body else {})}
        limit = int(params.get("limit", 10))
        if not 0 <= limit <= 100:
            return _error(400, "The limit has to be at most 100")
        query = str(params["q"])
        if query.count("(") != query.count(")"):
            return _error(400, f"Failed to parse query [{query}]")
        name = params.get("scrollId")
        if name is None:
            found = [paper for paper in held if _matches(paper, query)]
            offset = int(params.get("offset", 0))
            if not params.get("scroll"):
                if offset + limit > CAP:
                    return _error(400, "offset and limit reach beyond 10000, use scroll")
                return _answer(found, found[offset : offset + limit], limit, offset, None)
            name = f"FGluY2x1ZGVf{len(scrolls)}"
            scrolls[name] = (found, iter([found[at : at + limit] for at in range(0, len(found), limit)]))
        if name not in scrolls:
            return _error(400, "No search context found for this scroll")
        found, pages = scrolls[name]
        page = next(pages, [])
        if page and (number := found.index(page[0]) // limit + 1) in lost:
            lost.discard(number)
            page = next(pages, [])
        return _answer(found, page, limit, 0, name)

    def _answer(found: list[Paper], page: list[Paper], limit: int, offset: int, scroll: str | None) -> Answer:
        head = {"totalHits": len(found), "limit": limit, "offset": offset, "scrollId": scroll}
        tail = {"tooks": [], "esSearchTime": 41}
        body = json.dumps(head)[:-1].encode() + b', "results": [' + b", ".join(bodies[paper.number] for paper in page) + b"], "
        return Answer(body + json.dumps(tail)[1:].encode())

    return play


def _matches(paper: Paper, query: str) -> bool:
    limits = _LIMIT.findall(query)
    fits = all(paper.year >= int(year) if sign == ">=" else paper.year <= int(year) for sign, year in limits)
    return fits and "nothing" not in query


def _error(status: int, message: str) -> Answer:
    return Answer(json.dumps({"message": message}).encode(), status)


def _work(paper: Paper) -> dict[str, object]:
    return {
        "acceptedDate": None,
        "arxivId": None,
        "authors": [{"name": f"{family}, {given}"} for family, given in paper.authors],
        "citationCount": 4,
        "contributors": [],
        "outputs": [f"https://api.core.ac.uk/v3/outputs/{paper.number}"],
        "createdDate": f"{paper.changed.isoformat()}T01:02:03",
        "dataProviders": [{"id": 1, "name": "Invented Repository", "url": "https://api.core.ac.uk/v3/data-providers/1"}],
        "depositedDate": None,
        "abstract": paper.abstract,
        "documentType": "research",
        "doi": paper.doi.upper(),
        "downloadUrl": f"https://core.played.invalid/download/{paper.number}.pdf",
        "fieldOfStudy": None,
        "fullText": None,
        "id": 700_000 + paper.number,
        "identifiers": [{"identifier": f"oai:played:{paper.number}", "type": "OAI_ID"}],
        "title": paper.title,
        "language": {"code": "en", "name": "English"},
        "magId": None,
        "oaiIds": [f"oai:played:{paper.number}"],
        "publishedDate": f"{paper.year}-03-01T00:00:00",
        "publisher": "Invented Press",
        "pubmedId": None,
        "references": [],
        "sourceFulltextUrls": [f"https://repository.played.invalid/{paper.number}"],
        "updatedDate": f"{paper.changed.isoformat()}T01:02:03",
        "yearPublished": paper.year,
        "journals": [{"title": paper.journal, "identifiers": ["issn:1234-5679"]}],
        "links": [
            {"type": "thumbnail", "url": f"https://core.played.invalid/image/{paper.number}"},
            {"type": "display", "url": f"https://core.played.invalid/works/{paper.number}"},
        ],
    }
