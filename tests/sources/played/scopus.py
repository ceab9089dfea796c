"""Plays Scopus Search: /content/search/scopus with both views, offsets below 5,000, and its errors."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

CAP = 5_000
SIZES = {"STANDARD": 200, "COMPLETE": 25}
_CLAUSE = re.compile(r"(PUBYEAR|ORIG-LOAD-DATE) (AFT|BEF) (\d{4,8})")


def eid(number: int) -> str:
    """The id of a paper."""
    return f"2-s2.0-85{number:09}"


def make(held: Sequence[Paper], base: str) -> Played:
    """Scopus with these papers."""
    ordered = sorted(held, key=lambda paper: (paper.changed, paper.number))
    views = {
        view: {paper.number: json.dumps(_entry(paper, view), ensure_ascii=False).encode() for paper in held} for view in SIZES
    }
    loaded = {paper.number: int(f"{paper.changed:%Y%m%d}") for paper in held}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.headers.get("x-els-apikey") == "wrong":
            told = {"error-response": {"error-code": "APIKEY_INVALID", "error-message": "Invalid API Key"}}
            return Answer(json.dumps(told).encode(), 401)
        if asked.path != "/content/search/scopus":
            return _error(404, "RESOURCE_NOT_FOUND", "The resource specified cannot be found.")
        view, query = params.get("view", "STANDARD"), params.get("query", "")
        count, start = int(params.get("count", "25")), int(params.get("start", "0"))
        if view not in SIZES:
            return _error(401, "AUTHORIZATION_ERROR", "The requestor is not authorized to access the requested view")
        if count > SIZES[view] or start >= CAP:
            return _error(400, "INVALID_INPUT", "Exceeds the maximum number allowed for the service level")
        if query.count("(") != query.count(")"):
            return _error(400, "INVALID_INPUT", f"Error translating query: {query}")
        limits = [(name, sign, int(value)) for name, sign, value in _CLAUSE.findall(query)]
        found = [paper for paper in ordered if "nothing" not in query and all(_within(paper, one) for one in limits)]
        page = [views[view][paper.number] for paper in found[start : start + count]]
        entries = b", ".join(page) if page else b'{"@_fa": "true", "error": "Result set was empty"}'
        head = {
            "opensearch:totalResults": str(len(found)),
            "opensearch:startIndex": str(start),
            "opensearch:itemsPerPage": str(len(page)),
            "opensearch:Query": {"@role": "request", "@searchTerms": query, "@startPage": str(start)},
            "link": [{"@_fa": "true", "@ref": "self", "@href": f"{base}/content/search/scopus", "@type": "application/json"}],
        }
        return Answer(b'{"search-results": ' + json.dumps(head)[:-1].encode() + b', "entry": [' + entries + b"]}}")

    def _within(paper: Paper, limit: tuple[str, str, int]) -> bool:
        name, sign, value = limit
        own = paper.year if name == "PUBYEAR" else loaded[paper.number]
        return own > value if sign == "AFT" else own < value

    return play


def _error(status: int, code: str, text: str) -> Answer:
    return Answer(json.dumps({"service-error": {"status": {"statusCode": code, "statusText": text}}}).encode(), status)


def _entry(paper: Paper, view: str) -> dict[str, object]:
    initials = {given: "".join(f"{word[0]}." for word in given.replace(".", " ").split()) for _, given in paper.authors}
    family, given = paper.authors[0]
    entry: dict[str, object] = {
        "@_fa": "true",
        "link": [
            {
                "@_fa": "true",
                "@ref": "self",
                "@href": f"https://api.elsevier.com/content/abstract/scopus_id/85{paper.number:09}",
            },
            {"@_fa": "true", "@ref": "scopus", "@href": f"https://www.scopus.com/inward/record.uri?eid={eid(paper.number)}"},
        ],
        "prism:url": f"https://api.elsevier.com/content/abstract/scopus_id/85{paper.number:09}",
        "dc:identifier": f"SCOPUS_ID:85{paper.number:09}",
        "eid": eid(paper.number),
        "dc:title": paper.title,
        "dc:creator": f"{family} {initials[given]}",
        "prism:publicationName": paper.journal,
        "prism:issn": "12345679",
        "prism:volume": str(paper.volume),
        "prism:issueIdentifier": str(paper.issue),
        "prism:pageRange": f"{paper.first}-{paper.last}",
        "prism:coverDate": f"{paper.year}-03-01",
        "prism:coverDisplayDate": f"March {paper.year}",
        "prism:doi": paper.doi,
        "citedby-count": "0",
        "prism:aggregationType": "Journal",
        "subtype": "tb" if paper.retracted else "ar",
        "subtypeDescription": "Retracted" if paper.retracted else "Article",
        "source-id": "80280",
        "openaccess": "0",
    }
    if view == "COMPLETE":
        entry["dc:description"] = paper.abstract
        entry["authkeywords"] = " | ".join(paper.keywords)
        entry["author"] = [
            {"@_fa": "true", "@seq": str(at), "authid": str(at), "authname": f"{one} {initials[two]}", "surname": one,
             "given-name": two, "initials": initials[two]}
            for at, (one, two) in enumerate(paper.authors, 1)
        ]  # fmt: skip
    return entry
