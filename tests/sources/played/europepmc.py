"""Plays Europe PMC's search: cursors that end by coming again, pages of up to 1,000, posted searches, and its errors."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from urllib.parse import parse_qsl

from tests.sources.played.playing import Answer, Asked, Paper, Played

MOST = 1_000
_YEARS = re.compile(r"PUB_YEAR:\[(\d+) TO (\d+)\]")
_SINCE = re.compile(r"\(FIRST_IDATE:\[(\S+) TO \S+\] OR UPDATE_DATE:\[(\S+) TO \S+\]\)")
_SOURCES = ("MED", "PMC", "AGR")


def record_id(paper: Paper) -> tuple[str, str]:
    """Source and id of a paper; the same number may stand in two sources."""
    source = _SOURCES[paper.number % len(_SOURCES)]
    number = 70_000_000 + paper.number // len(_SOURCES)
    return source, f"PMC{number}" if source == "PMC" else str(number)


def make(held: Sequence[Paper], base: str) -> Played:
    """Europe PMC with these papers."""
    bodies = {paper.number: json.dumps(_record(paper), ensure_ascii=False) for paper in held}

    @lru_cache
    def found(query: str) -> list[Paper]:
        if "nothing" in query:
            return []
        low, high = next(((int(one), int(two)) for one, two in _YEARS.findall(query)), (0, 9999))
        since = next((one for one, _ in _SINCE.findall(query)), "")
        return [paper for paper in held if low <= paper.year <= high and since <= paper.changed.isoformat()]

    def play(asked: Asked) -> Answer:
        posted = asked.method == "POST" and asked.path == "/searchPOST"
        if not posted and asked.path != "/search":
            return _error(404, "No such resource")
        params = dict(parse_qsl(asked.body.decode())) if posted else asked.params
        if not params.get("query", "").strip():
            return _error(400, "Invalid request parameter: query is mandatory")
        size, cursor = min(int(params.get("pageSize", "25")), MOST), params.get("cursorMark", "*")
        papers = found(params["query"])
        start = 0 if cursor == "*" else _start(cursor)
        if start is None:
            return _error(400, "Invalid cursorMark")
        shown = papers[start : start + size]
        head = {"version": "6.9", "hitCount": len(papers)}
        if papers:
            head["nextCursorMark"] = _cursor(start + len(shown)) if shown else cursor
        head["request"] = {"queryString": params["query"], "resultType": params.get("resultType", "lite"), "cursorMark": cursor}
        results = ",".join(bodies[paper.number] for paper in shown)
        return Answer(f'{json.dumps(head)[:-1]}, "resultList": {{"result": [{results}]}}}}'.encode())

    return play


def _cursor(start: int) -> str:
    return f"AoIIP4{start:08x}=="


def _start(cursor: str) -> int | None:
    return int(cursor[6:14], 16) if re.fullmatch(r"AoIIP4[0-9a-f]{8}==", cursor) else None


def _error(status: int, message: str) -> Answer:
    body = f"<?xml version='1.0'?><errorBean><errCode>{status}</errCode><errMsg>{message}</errMsg></errorBean>"
    return Answer(body.encode(), status, {"Content-Type": "application/xml"})


def _record(paper: Paper) -> dict[str, object]:
    source, number = record_id(paper)
    record: dict[str, object] = {
        "id": number, "source": source, "doi": paper.doi, "title": paper.title,
        "authorString": ", ".join(f"{family} {given[0]}" for family, given in paper.authors) + ".",
        "authorList": {"author": [
            {"fullName": f"{family} {given[0]}", "firstName": given, "lastName": family, "initials": given[0],
             "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "Invented University"}]}}
            for family, given in paper.authors
        ]},
        "journalInfo": {
            "issue": str(paper.issue), "volume": str(paper.volume), "dateOfPublication": f"{paper.year} Mar",
            "yearOfPublication": paper.year, "printPublicationDate": f"{paper.year}-03-01",
            "journal": {"title": paper.journal, "ISOAbbreviation": "J Inv Care", "issn": "1234-5679"},
        },
        "pubYear": str(paper.year), "pageInfo": f"{paper.first}-{paper.last}", "abstractText": paper.abstract,
        "language": "eng", "pubTypeList": {"pubType": ["research-article", "Journal Article"]},
        "keywordList": {"keyword": list(paper.keywords)},
        "fullTextUrlList": {"fullTextUrl": [{"availability": "Subscription required", "url": f"https://doi.org/{paper.doi}"}]},
        "firstIndexDate": (paper.changed - timedelta(days=paper.number % 400)).isoformat(),
        "dateOfRevision": paper.changed.isoformat(), "citedByCount": paper.number,
    }  # fmt: skip
    if source == "MED":
        record["pmid"] = number
    if paper.retracted:
        record["commentCorrectionList"] = {"commentCorrection": [
            {"id": "99999999", "source": "MED", "reference": "J Inv Care. 2024", "type": "Retraction in", "orderIn": 1}
        ]}  # fmt: skip
    return record
