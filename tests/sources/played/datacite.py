"""Plays DataCite: /dois with query, cursor and numbered paging, and its errors."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from urllib.parse import urlencode

from tests.sources.played.playing import Answer, Asked, Paper, Played

_YEARS = re.compile(r"publicationYear:\[(\d{4}|\*) TO (\d{4}|\*)\]")
_UPDATED = re.compile(r"updated:\[(\d{4}-\d\d-\d\d|\*) TO (\d{4}-\d\d-\d\d|\*)\]")


def make(held: Sequence[Paper], base: str) -> Played:
    """DataCite with these papers."""
    bodies = {paper.number: json.dumps(_record(paper), ensure_ascii=False).encode() for paper in held}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.path != "/dois":
            return _error(404, "The resource you are looking for doesn't exist.")
        query = params.get("query", "")
        if query.count("(") != query.count(")") or query.count("[") != query.count("]"):
            return _error(400, f"Failed to parse query [{query}]")
        size = min(int(params.get("page[size]", "25")), 1000)
        cursor = params.get("page[cursor]")
        start = _start(cursor, params, size)
        if start is None:
            return _error(400, "Invalid base64 used for cursor pased from query params")
        found = [paper for paper in held if _matches(paper, query)]
        page = found[start : start + size]
        pages = -(-len(found) // size)
        after = None
        if len(page) == size and pages != 1:
            token = base64.b64encode(f"{1_600_000_000_000 + start + size},{page[-1].doi}".encode()).decode()
            after = f"{base}/dois?" + urlencode({"query": query, "page[cursor]": token, "page[size]": size})
        head = {"meta": {"total": len(found), "totalPages": pages}, "links": {"self": f"{base}/dois?{urlencode(params)}"}}
        if after:
            head["links"]["next"] = after
        return Answer(
            b'{"data": [' + b", ".join(bodies[paper.number] for paper in page) + b"], " + json.dumps(head).encode()[1:]
        )

    return play


def _start(cursor: str | None, params: dict[str, str], size: int) -> int | None:
    if cursor == "1":
        return 0
    if cursor is None:
        number = int(params.get("page[number]", "1"))
        return (min(number, 10_000 // size) - 1) * size
    try:
        return int(base64.b64decode(cursor, validate=True).decode().split(",")[0]) - 1_600_000_000_000
    except ValueError:
        return None


def _matches(paper: Paper, query: str) -> bool:
    years, updated = _YEARS.search(query), _UPDATED.search(query)
    if years and not int(years[1].replace("*", "0")) <= paper.year <= int(years[2].replace("*", "9999")):
        return False
    if updated and updated[1] != "*" and paper.changed.isoformat() < updated[1]:
        return False
    return "nothing" not in query


def _error(status: int, title: str) -> Answer:
    return Answer(json.dumps({"errors": [{"status": str(status), "title": title}]}).encode(), status)


def _record(paper: Paper) -> dict[str, object]:
    return {
        "id": paper.doi,
        "type": "dois",
        "attributes": {
            "doi": paper.doi,
            "identifiers": [],
            "creators": [
                {"name": f"{family}, {given}", "givenName": given, "familyName": family, "affiliation": []}
                for family, given in paper.authors
            ],
            "titles": [{"title": "Ein erfundener Titel", "titleType": "TranslatedTitle"}, {"title": paper.title}],
            "publisher": "Invented Press",
            "container": {
                "type": "Journal", "title": paper.journal, "volume": str(paper.volume), "issue": str(paper.issue),
                "firstPage": str(paper.first), "lastPage": str(paper.last), "identifier": "1234-5679", "identifierType": "ISSN",
            },
            "publicationYear": paper.year,
            "subjects": [{"subject": word} for word in paper.keywords],
            "dates": [{"date": f"{paper.year}-03-01", "dateType": "Issued"}, {"date": "2024", "dateType": "Updated"}],
            "language": "en",
            "types": {"resourceTypeGeneral": "JournalArticle", "schemaOrg": "ScholarlyArticle"},
            "relatedIdentifiers": [],
            "descriptions": [
                {"description": paper.abstract, "descriptionType": "Abstract"},
                {"description": "Made up.", "descriptionType": "Other"},
            ],
            "url": f"https://played.invalid/{paper.number}",
            "schemaVersion": "http://datacite.org/schema/kernel-4",
            "state": "findable",
            "citationCount": 3,
            "updated": f"{paper.changed.isoformat()}T01:02:03Z",
        },
        "relationships": {"client": {"data": {"id": "inv.ented", "type": "clients"}}},
    }  # fmt: skip
