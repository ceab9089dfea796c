"""Plays DOAJ: /api/v4/search/articles/{query} with numbered pages, its limit of 1,000 records, and its errors."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from tests.sources.played.playing import Answer, Asked, Paper, Played

PATH = "/api/v4/search/articles/"
CAP, MOST = 1_000, 100
_DISALLOWED = (re.compile(r".+[^\\][?*]+.*"), re.compile(r".+[^\\]~[0-9]?\.?[0-9]?"))
_RANGE = re.compile(r"(bibjson\.year|last_updated|created_date):\[(\S+) TO (\S+?)\]")
_MONTHS = ("March", "3", "03")


def article_id(number: int) -> str:
    """The id of a paper."""
    return f"{number:032x}"


def made(paper: Paper) -> datetime:
    """When its record was made: on the day of its change, each at a second of its own."""
    day = datetime(paper.changed.year, paper.changed.month, paper.changed.day, tzinfo=UTC)
    return day + timedelta(seconds=paper.number % 86_400)


def make(held: Sequence[Paper], base: str) -> Played:
    """DOAJ with these papers."""
    ordered = sorted(held, key=made)
    bodies = {paper.number: json.dumps(_article(paper), ensure_ascii=False).encode() for paper in held}
    times = {paper.number: made(paper).strftime("%Y-%m-%dT%H:%M:%S") for paper in held}

    searches: dict[str, list[Paper]] = {}

    def play(asked: Asked) -> Answer:
        if not asked.path.startswith(PATH):
            return _error(404, "not_found", "there is nothing here")
        query, params = unquote(asked.path[len(PATH) :]), asked.params
        if any(pattern.search(query) for pattern in _DISALLOWED):
            return _error(400, "bad_request", "Query contains disallowed Lucene features")
        if query.count("(") != query.count(")"):
            return _error(400, "bad_request", "There was an error executing your query")
        page, size = max(1, int(params.get("page", "1"))), min(int(params.get("pageSize", "10")), MOST)
        start = (page - 1) * size
        if start >= CAP:
            return _error(400, "bad_request", f"You cannot access results beyond {CAP} records via this API.")
        if query not in searches:
            searches[query] = _find(query)
        found = searches[query]
        last = max(1, -(-len(found) // size))
        head = {"total": len(found), "page": page, "pageSize": size, "timestamp": "2026-01-01T00:00:00.000000Z", "query": query}
        address = f"{base}{PATH}{quote(query)}?pageSize={size}&page="
        tail = {"next": f"{address}{page + 1}"} if page < last else {}
        tail["last"] = f"{address}{last}"
        records = b", ".join(bodies[paper.number] for paper in found[start : start + size])
        return Answer(json.dumps(head)[:-1].encode() + b', "results": [' + records + b"], " + json.dumps(tail)[1:].encode())

    def _find(query: str) -> list[Paper]:
        ranges = [(name, low.replace("\\", ""), high.replace("\\", "")) for name, low, high in _RANGE.findall(query)]
        return [paper for paper in ordered if "nothing" not in query and all(_within(paper, one) for one in ranges)]

    def _within(paper: Paper, limit: tuple[str, str, str]) -> bool:
        name, low, high = limit
        if name == "bibjson.year":
            return int(low) <= paper.year <= int(high)
        time = times[paper.number]
        return low.rstrip("Z") <= time and time[: len(high.rstrip("Z"))] <= high.rstrip("Z")

    return play


def _error(status: int, name: str, message: str) -> Answer:
    return Answer(json.dumps({"status": name, "error": f"{message} (ref: 00000000)"}).encode(), status)


def _article(paper: Paper) -> dict[str, object]:
    time = made(paper).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "last_updated": time,
        "bibjson": {
            "identifier": [
                {"id": paper.doi if paper.number % 2 else f"https://doi.org/{paper.doi.upper()}", "type": "doi"},
                {"id": "1234-5679", "type": "eissn"},
            ],
            "journal": {
                "volume": str(paper.volume),
                "number": str(paper.issue),
                "country": "GB",
                "issns": ["1234-5679"],
                "publisher": "Invented Press",
                "language": ["EN"],
                "title": paper.journal,
            },
            "month": _MONTHS[paper.number % 3],
            "start_page": str(paper.first),
            "end_page": str(paper.last),
            "keywords": list(paper.keywords),
            "year": str(paper.year),
            "subject": [{"code": "H", "scheme": "LCC", "term": "Social Sciences"}],
            "author": [{"name": f"{given} {family}", "affiliation": "Invented University"} for family, given in paper.authors],
            "link": [{"content_type": "HTML", "type": "fulltext", "url": f"https://journal.played.invalid/{paper.number}"}],
            "abstract": paper.abstract,
            "title": paper.title,
        },
        "id": article_id(paper.number),
        "created_date": time,
    }
