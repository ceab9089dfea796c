"""Plays GOV.UK's search: /api/search.json with start and count, filters by date and organisation, and its errors.

A page has one date: that of the paper's last change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

CAP, MOST = 10_000, 1_500
_KNOWN = frozenset({"q", "start", "count", "order", "fields"})
_FILTERS = frozenset({"filter_public_timestamp", "filter_organisations", "filter_format", "reject_organisations"})
_FIELDS = frozenset(
    {"title", "description", "link", "public_timestamp", "format", "display_type", "content_store_document_type", "content_id",
     "organisations"}
)  # fmt: skip
_DATES = re.compile(r"(?:from:(\d{4}-\d\d-\d\d))?,?(?:to:(\d{4}-\d\d-\d\d))?")


def link(number: int) -> str:
    """The link of a paper."""
    return f"/government/publications/played-{number}"


def undated(paper: Paper) -> bool:
    """Whether its page has no date."""
    return paper.number % 10 == 0


def make(held: Sequence[Paper], _base: str, without_dates: bool = False) -> Played:
    """GOV.UK with a page for each paper; every tenth has no date where ``without_dates`` is set."""
    dated = {paper.number: None if without_dates and undated(paper) else paper.changed.isoformat() for paper in held}
    ordered = sorted(held, key=lambda paper: (dated[paper.number] or "9999", paper.number))
    bodies = {paper.number: json.dumps(_result(paper, dated[paper.number]), ensure_ascii=False).encode() for paper in held}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.path != "/api/search.json":
            return Answer(b"<html>Page not found</html>", 404, {"Content-Type": "text/html"})
        unknown = [name for name in params if name not in _KNOWN | _FILTERS]
        if unknown:
            return _error(f"Unexpected parameters: {', '.join(unknown)}")
        if wrong := sorted(set(params.get("fields", "title").split(",")) - _FIELDS):
            return _error(f"Some requested fields are not valid return fields: {wrong}")
        start, count = int(params.get("start", "0")), int(params.get("count", "10"))
        if count > MOST:
            return _error(f"Maximum result set size (as specified in 'count') is {MOST}")
        if start + count > CAP:
            return Answer(b'{"error": "Result window is too large"}', 500)
        wanted = params.get("filter_public_timestamp", "")
        limits = _DATES.fullmatch(wanted)
        if limits is None and wanted != "_MISSING":
            return _error(f'Invalid value "{wanted}" for parameter "public_timestamp" (expected ISO8601 date')
        found = [
            paper for paper in ordered if "nothing" not in params.get("q", "") and _fits(dated[paper.number], wanted, limits)
        ]
        results = b", ".join(bodies[paper.number] for paper in found[start : start + count])
        tail = {"total": len(found), "start": start, "aggregates": {}, "suggested_queries": [], "es_cluster": "A"}
        return Answer(b'{"results": [' + results + b"], " + json.dumps(tail)[1:].encode())

    return play


def _fits(day: str | None, wanted: str, limits: re.Match[str] | None) -> bool:
    if wanted == "_MISSING":
        return day is None
    if limits is None or not wanted:
        return True
    return day is not None and (limits[1] or "") <= day <= (limits[2] or "9999")


def _error(message: str) -> Answer:
    return Answer(json.dumps({"error": message}).encode(), 422)


def _result(paper: Paper, day: str | None) -> dict[str, object]:
    return {
        "title": paper.title,
        "description": paper.abstract,
        "link": link(paper.number),
        **({"public_timestamp": f"{day}T10:31:21+01:00"} if day else {}),
        "format": "research",
        "content_store_document_type": "research",
        "content_id": f"00000000-0000-4000-8000-{paper.number:012}",
        "organisations": [
            {"title": "Department for Inventions", "acronym": "DfI", "slug": "department-for-inventions",
             "organisation_state": "live", "link": "/government/organisations/department-for-inventions"}
        ],
        "index": "government",
        "es_score": 0.5,
        "_id": link(paper.number),
        "elasticsearch_type": "edition",
        "document_type": "edition",
    }  # fmt: skip
