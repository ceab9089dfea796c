"""Plays ERIC: /?search=…&format=json, pages of 200 records at most whatever is asked for, and its errors under status 200."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.sources.played.playing import Answer, Asked, Paper, Played

MOST = 200
_YEARS = re.compile(r"publicationdateyear:\[(\d+|\*) TO (\d+|\*)\]")
_DEFAULT = ("id", "title", "author", "description", "subject", "publicationtype", "publicationdateyear", "language", "issn",
            "publisher", "peerreviewed")  # fmt: skip
_HEADERS = {"Content-Type": "text/plain;charset=utf-8"}


def number(paper: Paper) -> str:
    """The ERIC number of a paper."""
    return f"EJ{paper.number + 1_000_000}"


def make(held: Sequence[Paper], base: str) -> Played:
    """ERIC with these papers, which stay in their order."""
    whole = {paper.number: _record(paper) for paper in held}
    written: dict[str, dict[int, str]] = {}
    searches: dict[str, list[Paper]] = {}

    def bodies(fields: str) -> dict[int, str]:
        if fields not in written:
            names = [name.strip() for name in fields.split(",") if name.strip()] or _DEFAULT
            written[fields] = {
                key: json.dumps({name: record[name] for name in names if name in record}, ensure_ascii=False)
                for key, record in whole.items()
            }
        return written[fields]

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.path != "/":
            return Answer(b'{"message":"Missing Authentication Token"}', 403)
        if "search" not in params:
            return Answer(b'{"message": "Missing required request parameters: [search]"}', 400)
        if params.get("format") != "json":
            return Answer(b'<?xml version="1.0" encoding="UTF-8"?><response/>', 200, {"Content-Type": "text/xml"})
        query, start, rows = params["search"], int(params.get("start", "0")), min(int(params.get("rows", "20")), MOST)
        if query.count("(") != query.count(")"):
            return _error(400, f"org.apache.solr.search.SyntaxError: Cannot parse '{query}'")
        if start < 0:
            return _error(400, "'start' parameter cannot be negative")
        if query not in searches:
            searches[query] = _find(query)
        found, records = searches[query], bodies(params.get("fields", ""))
        page = ",\n".join(records[paper.number] for paper in found[start : start + rows])
        head = f'{{\n  "response":{{"numFound":{len(found)},"start":{start},"numFoundExact":true,"docs":['
        return Answer(f"{head}{page}]\n  }}}}\n".encode(), headers=_HEADERS)

    def _find(query: str) -> list[Paper]:
        if "nothing" in query:
            return []
        limits = [(int(low.replace("*", "0")), int(high.replace("*", "9999"))) for low, high in _YEARS.findall(query)]
        return [paper for paper in held if all(low <= paper.year <= high for low, high in limits)]

    return play


def _error(code: int, message: str) -> Answer:
    return Answer(json.dumps({"error": {"metadata": ["error-class", "x"], "msg": message, "code": code}}).encode())


def _record(paper: Paper) -> dict[str, object]:
    month = ("Jan", "Spr", "Sep")[paper.number % 3]
    authors = [f"{family}, {given}" for family, given in paper.authors]
    title = escape(paper.title).replace("“", "&quot;").replace("”", "&amp;quot;")
    return {
        "id": number(paper),
        "title": title,
        "author": [*authors, "And Others"] if paper.number % 5 == 0 else authors,
        "description": escape(paper.abstract).replace("'", "&apos;"),
        "subject": [keyword.title() for keyword in paper.keywords],
        "source": escape(paper.journal),
        "sourceid": f"v{paper.volume} n{paper.issue} p{paper.first}-{paper.last} {month} {paper.year}",
        "publicationtype": ["Journal Articles", "Reports - Research"],
        "publicationdateyear": paper.year,
        "language": ["English"],
        "issn": ["ISSN-1234-5679", "EISSN-2345-6787"],
        "publisher": "Invented Press. 1 Nowhere Road, Erewhon. Web site: http://press.played.invalid",
        "url": f"http://dx.doi.org/{paper.doi}",
        "peerreviewed": "T",
        "educationlevel": ["Elementary Education"],
        "e_fulltextauth": paper.number % 2,
        "e_yearadded": paper.changed.year,
    }
