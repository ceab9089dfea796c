"""Plays the Web of Science Starter API: /documents with q, numbered pages, modifiedTimeSpan, and its errors."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

MOST = 50
_YEARS = re.compile(r"PY=(\d{4})-(\d{4})")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)[+ ](\d{4}-\d\d-\d\d)")
_KNOWN = frozenset({"q", "db", "limit", "page", "sortField", "modifiedTimeSpan", "tcModifiedTimeSpan", "detail"})


def uid(number: int) -> str:
    """The id of a paper."""
    return f"WOS:{number:015}"


def make(held: Sequence[Paper], _base: str, cap: int = 100_000) -> Played:
    """Web of Science with these papers, of which ``cap`` of a search can be read."""
    ordered = sorted(held, key=lambda paper: (paper.changed, paper.number))
    bodies = {paper.number: json.dumps(_document(paper), ensure_ascii=False).encode() for paper in held}

    searches: dict[tuple[str, str, str], list[Paper]] = {}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.headers.get("x-apikey") == "wrong":
            return Answer(b'{"error_description": "The access token is invalid", "error": "invalid_request"}', 401)
        if asked.path != "/documents":
            return _error(404, "Resource couldn't be found", "wrong URL")
        if unknown := set(params) - _KNOWN:
            return _error(400, "Bad request", f"unknown parameters: {', '.join(sorted(unknown))}")
        limit, page, query = int(params.get("limit", "10")), int(params.get("page", "1")), params["q"]
        if limit > MOST or page < 1 or limit * (page - 1) >= cap:
            return _error(400, "Bad request", "limit and page are out of range")
        if query.count("(") != query.count(")"):
            return _error(400, "Bad request", "Search Error: Invalid query. Please check syntax.")
        span = _SPAN.fullmatch(params.get("modifiedTimeSpan", "0001-01-01 9999-12-31"))
        if span is None or ("modifiedTimeSpan" in params and params.get("db") == "WOK"):
            return _error(400, "Bad request", "modifiedTimeSpan cannot be read, or does not go with db=WOK")
        key = (query, span[1], span[2])
        if key not in searches:
            searches[key] = _find(*key)
        found = searches[key]
        records = b", ".join(bodies[paper.number] for paper in found[(page - 1) * limit : page * limit])
        head = {"metadata": {"total": len(found), "page": page, "limit": limit}}
        return Answer(json.dumps(head)[:-1].encode() + b', "hits": [' + records + b"]}")

    def _find(query: str, first: str, last: str) -> list[Paper]:
        years = [(int(low), int(high)) for low, high in _YEARS.findall(query)]
        return [
            paper for paper in ordered
            if "nothing" not in query and all(low <= paper.year <= high for low, high in years)
            and first <= paper.changed.isoformat() <= last
        ]  # fmt: skip

    return play


def _error(status: int, title: str, details: str) -> Answer:
    return Answer(json.dumps({"error": {"status": status, "title": title, "details": details}}).encode(), status)


def _document(paper: Paper) -> dict[str, object]:
    return {
        "uid": uid(paper.number),
        "title": paper.title,
        "types": ["Article", "Retracted Publication"] if paper.retracted else ["Article"],
        "sourceTypes": ["Article"],
        "source": {
            "sourceTitle": paper.journal,
            "publishYear": paper.year,
            "publishMonth": "MAR" if paper.number % 2 else "MAR-APR",
            "volume": str(paper.volume),
            "issue": str(paper.issue),
            "pages": {
                "range": f"{paper.first}-{paper.last}",
                "begin": str(paper.first),
                "end": str(paper.last),
                "count": paper.last - paper.first + 1,
            },
        },
        "names": {
            "authors": [
                {"displayName": f"{family}, {given}", "wosStandard": f"{family}, {given[0]}"} for family, given in paper.authors
            ]
        },
        "links": {"record": f"https://www.webofscience.com/wos/woscc/full-record/{uid(paper.number)}", "citingArticles": "x"},
        "citations": [{"db": "WOS", "count": 4}],
        "identifiers": {"doi": paper.doi, "issn": "1234-5679"},
        "keywords": {"authorKeywords": list(paper.keywords)},
    }
