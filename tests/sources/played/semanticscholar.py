"""Plays Semantic Scholar's bulk search: /paper/search/bulk with query, year, fields and token, and its errors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha1

from tests.sources.played.playing import Answer, Asked, Paper, Played

KNOWN = frozenset({
    "paperId", "corpusId", "externalIds", "url", "title", "abstract", "venue", "publicationVenue", "year", "publicationDate",
    "journal", "authors", "openAccessPdf", "publicationTypes", "fieldsOfStudy", "s2FieldsOfStudy", "citationCount",
})  # fmt: skip
PAGE = 1000


def paper_id(number: int) -> str:
    """The id of a paper."""
    return sha1(f"played {number}".encode()).hexdigest()


def make(held: Sequence[Paper], _base: str, surplus: int = 0) -> Played:
    """Semantic Scholar with these papers; its estimate of the total is too high by ``surplus``."""
    ordered = sorted(held, key=lambda paper: paper_id(paper.number))
    records = {paper.number: _record(paper) for paper in ordered}
    bodies: dict[str, dict[int, bytes]] = {}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.headers.get("x-api-key") == "wrong":
            return Answer(b'{"message": "Forbidden"}', 403)
        if asked.path != "/paper/search/bulk":
            return Answer(b'{"error": "Not Found"}', 404)
        wanted = params.get("fields", "paperId,title")
        unknown = set(wanted.split(",")) - KNOWN
        if unknown:
            return Answer(
                json.dumps({"error": f"Unrecognized or unsupported fields: [{', '.join(sorted(unknown))}]"}).encode(), 400
            )
        low, high = _years(params.get("year", ""))
        found = [paper for paper in ordered if low <= paper.year <= high and "nothing" not in params.get("query", "")]
        token = params.get("token")
        start = 0 if token is None else int(token[5:]) if token.startswith("PLAY:") else None
        if start is None:
            return Answer(b'{"error": "Unacceptable query params: [invalid token]"}', 400)
        if not found:
            return Answer(b'{"total": 0, "offset": 0}\n')
        if wanted not in bodies:
            names = wanted.split(",")
            bodies[wanted] = {
                number: json.dumps({name: record[name] for name in names if name in record}).encode()
                for number, record in records.items()
            }
        page = found[start : start + PAGE]
        more = json.dumps(f"PLAY:{start + PAGE}" if start + PAGE < len(found) else None).encode()
        head = b'{"total": %d, "token": %b, "data": [' % (len(found) + surplus, more)
        return Answer(head + b", ".join(bodies[wanted][paper.number] for paper in page) + b"]}")

    return play


def _years(value: str) -> tuple[int, int]:
    low, _, high = value.partition("-")
    if value and "-" not in value:
        high = low
    return int(low or 0), int(high or 9999)


def _record(paper: Paper) -> dict[str, object]:
    return {
        "paperId": paper_id(paper.number),
        "corpusId": 900_000 + paper.number,
        "externalIds": {"DOI": paper.doi.upper(), "CorpusId": 900_000 + paper.number, "PubMed": str(30_000_000 + paper.number)},
        "url": f"https://www.semanticscholar.org/paper/{paper_id(paper.number)}",
        "title": paper.title,
        "abstract": paper.abstract,
        "venue": "",
        "publicationVenue": {"id": "v", "name": "Another Name", "type": "journal", "issn": "1234-5679"},
        "year": paper.year,
        "publicationDate": f"{paper.year}-03-01",
        "journal": {
            "name": paper.journal,
            "pages": f"\n  {paper.first}-{paper.last}\n ",
            "volume": f"{paper.volume} {paper.issue}",
        },
        "authors": [{"authorId": "1", "name": f"{given} {family}"} for family, given in paper.authors],
        "openAccessPdf": None,
        "publicationTypes": ["Review", "JournalArticle"],
        "fieldsOfStudy": ["Sociology"],
    }
