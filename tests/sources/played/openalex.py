"""Plays OpenAlex: /works with search, filter, select, cursor and basic paging, and its errors.

The papers cite one another: a paper cites those whose number is its own divided by 2, 3 and 5, and one that is not there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from tests.sources.played.playing import Answer, Asked, Paper, Played

FIRST = 2_000_000_000


def work_id(number: int) -> str:
    """The id of a paper."""
    return f"W{FIRST + number}"


def pmid(number: int) -> str | None:
    """The PubMed number of a paper, which every second one has."""
    return str(30_000_000 + number) if number % 2 == 0 else None


def cited(number: int) -> tuple[int, ...]:
    """The numbers of the papers that a paper cites."""
    return tuple(sorted({number // by for by in (2, 3, 5)} - {0, number}))


def make(held: Sequence[Paper], base: str) -> Played:
    """OpenAlex with these papers."""
    holding = {paper.number for paper in held}
    works = [_work(paper, holding) for paper in held]
    full = {paper.number: json.dumps(work, ensure_ascii=False).encode() for paper, work in zip(held, works, strict=True)}
    narrow = {paper.number: work for paper, work in zip(held, works, strict=True)}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.path != "/works":
            return _error(404, "Not Found", f"{asked.path} is not there")
        if params.get("api_key") == "wrong":
            return _error(401, "Unauthorized", "Invalid API key")
        if len(urlencode(params)) + len(base) + 7 > 4_094:
            return _error(400, "Bad Request", "Request URL too long")
        size = params.get("per_page", "25")
        if not size.isdecimal() or not 1 <= int(size) <= 100:
            return _error(400, "Invalid query parameters error.", "per-page parameter must be between 1 and 100")
        try:
            tests = [_test(part) for part in params["filter"].split(",")] if params.get("filter") else []
        except ValueError as error:
            return _error(400, "Invalid query parameters error.", str(error))
        found = [paper for paper in held if "nothing" not in params.get("search", "") and all(test(paper) for test in tests)]
        start = _start(params, int(size))
        if start is None:
            return _error(400, "Invalid query parameters error.", "Cursor is not valid, or page * per_page is above 10,000")
        page = found[start : start + int(size)]
        following = (
            base64.urlsafe_b64encode(f"[{start + len(page)}]".encode()).decode() if page and "cursor" in params else None
        )
        meta = {"count": len(found), "db_response_time_ms": 7, "page": None, "per_page": int(size), "next_cursor": following,
                "groups_count": None}  # fmt: skip
        if "select" in params:
            names = params["select"].split(",")
            bodies = [json.dumps({name: narrow[paper.number].get(name) for name in names}).encode() for paper in page]
        else:
            bodies = [full[paper.number] for paper in page]
        head = json.dumps({"meta": meta}).encode()[:-1]
        return Answer(head + b', "results": [' + b",\n".join(bodies) + b'], "group_by": []}')

    return play


def _start(params: dict[str, str], size: int) -> int | None:
    cursor = params.get("cursor")
    if cursor == "*":
        return 0
    if cursor is None:
        page = int(params.get("page", "1"))
        return (page - 1) * size if page * size <= 10_000 else None
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().strip("[]"))
    except ValueError:
        return None


def _test(part: str) -> Callable[[Paper], bool]:
    name, _, value = part.partition(":")
    values = set(value.split("|"))
    if len(values) > 100:
        raise ValueError("Maximum number of values exceeded for " + name)
    if name == "publication_year":
        if value[:1] in "<>":
            return lambda paper: paper.year < int(value[1:]) if value[0] == "<" else paper.year > int(value[1:])
        low, _, high = value.partition("-")
        return lambda paper: int(low) <= paper.year <= int(high or low)
    if name == "openalex":
        return lambda paper: work_id(paper.number) in values
    if name == "doi":
        return lambda paper: paper.doi in values
    if name == "pmid":
        return lambda paper: pmid(paper.number) in values
    if name == "cites":
        return lambda paper: any(work_id(number) in values for number in cited(paper.number))
    if name in ("type", "language", "title_and_abstract.search"):
        return lambda _paper: value in ("article", "en") or "nothing" not in value
    raise ValueError(f"{name} is not a valid field. Valid fields are underscore or hyphenated versions of: cites, doi, type")


def _error(status: int, error: str, message: str) -> Answer:
    return Answer(json.dumps({"error": error, "message": message}).encode(), status)


def _work(paper: Paper, holding: set[int]) -> dict[str, object]:
    index: dict[str, list[int]] = {}
    for at, word in enumerate(paper.abstract.split()):
        index.setdefault(word, []).append(at)
    number = pmid(paper.number)
    identifier = f"https://openalex.org/{work_id(paper.number)}"
    link = f"https://doi.org/{paper.doi}"
    pubmed = {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{number}"} if number else {}
    return {
        "id": identifier,
        "doi": link,
        "title": paper.title,
        "display_name": paper.title,
        "publication_year": paper.year,
        "publication_date": f"{paper.year}-03-01",
        "ids": {"openalex": identifier, "doi": link, **pubmed},
        "language": "en",
        "primary_location": {
            "landing_page_url": link,
            "pdf_url": None,
            "source": {"display_name": paper.journal, "issn": ["1234-5679"], "type": "journal",
                       "host_organization_name": "Invented Press"},
        },
        "type": "article",
        "authorships": [
            {"author": {"display_name": f"{given} {family}"}, "institutions": [], "raw_author_name": f"{given} {family}"}
            for family, given in paper.authors
        ],
        "biblio": {"volume": str(paper.volume), "issue": str(paper.issue), "first_page": str(paper.first),
                   "last_page": str(paper.last)},
        "is_retracted": paper.retracted,
        "keywords": [{"id": f"https://openalex.org/keywords/{word}", "display_name": word} for word in paper.keywords],
        "referenced_works": [f"https://openalex.org/{work_id(one)}" for one in cited(paper.number) if one in holding]
        + ["https://openalex.org/W1"],
        "cited_by_count": 3,
        "abstract_inverted_index": index,
        "updated_date": f"{paper.changed.isoformat()}T01:02:03.000000",
    }  # fmt: skip
