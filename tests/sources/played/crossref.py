"""Plays Crossref: /works with query, filter, rows, cursor and offset, and its errors.

`make` gives each page a cursor of its own; `scrolling` is the service as it was recorded: the cursor stays the same string, and
the service itself remembers how far it was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

_FILTERS = ("from-pub-date", "until-pub-date", "from-update-date", "type")


def make(held: Sequence[Paper], _base: str) -> Played:
    """Crossref with these papers, each page with its own cursor."""
    bodies = {paper.number: json.dumps(_work(paper), ensure_ascii=False).encode() for paper in held}

    def play(asked: Asked) -> Answer:
        found = _found(held, asked)
        if isinstance(found, Answer):
            return found
        params = asked.params
        rows = int(params.get("rows", "20"))
        cursor = params.get("cursor", "*")
        start = int(params.get("offset", "0")) if cursor == "*" else _position(cursor)
        if start is None:
            return _cursor_invalid(cursor)
        page = found[start : start + rows]
        following = f"DnF1ZXJ5{start + len(page)}==" if "cursor" in params else None
        return _answer(len(found), [bodies[paper.number] for paper in page], following, rows)

    return play


def scrolling(held: Sequence[Paper], loses: int | None = None) -> Played:
    """Crossref that remembers how far it was read; the page with the number ``loses`` (from 1) does not arrive."""
    bodies = {paper.number: json.dumps(_work(paper), ensure_ascii=False).encode() for paper in held}
    reading: dict[str, Iterator[list[Paper]]] = {}
    losing = {loses}

    def play(asked: Asked) -> Answer:
        found = _found(held, asked)
        if isinstance(found, Answer):
            return found
        rows, cursor = int(asked.params.get("rows", "20")), asked.params["cursor"]
        if cursor == "*":
            cursor = f"DnF1ZXJ5{len(reading)}=="
            reading[cursor] = iter([found[at : at + rows] for at in range(0, len(found), rows)])
        if cursor not in reading:
            return _cursor_invalid(cursor)
        page = next(reading[cursor], [])
        if page and (number := held.index(page[0]) // rows + 1) in losing:
            losing.discard(number)
            page = next(reading[cursor], [])
        return _answer(len(found), [bodies[paper.number] for paper in page], cursor, rows)

    return play


def _found(held: Sequence[Paper], asked: Asked) -> list[Paper] | Answer:
    params = asked.params
    if asked.path != "/works":
        return Answer(b"Resource not found.", 404, {"Content-Type": "text/plain"})
    rows = params.get("rows", "20")
    if not rows.isdecimal() or int(rows) > 1000:
        return _invalid(
            "integer-not-valid", rows, "Integer specified as rows but must be a positive integer less than or equal to 1000."
        )
    if int(params.get("offset", "0")) + int(rows) > 10_000:
        return _invalid("offset-too-large", params.get("offset", ""), "Use cursors for more than 10000 results.")
    tests: list[Callable[[Paper], bool]] = []
    wanted: set[str] = set()  # several values of one filter are alternatives
    for part in params["filter"].split(",") if params.get("filter") else []:
        name, _, value = part.partition(":")
        if name == "doi":
            wanted.add(value)
            continue
        if name not in _FILTERS:
            return _invalid(
                "filter-not-available", name, f"Filter {name} specified but there is no such filter for this route."
            )
        tests.append(_test(name, value))
    if wanted:
        tests.append(lambda paper: paper.doi in wanted)
    words = " ".join(value for name, value in params.items() if name.startswith("query"))
    return [paper for paper in held if "nothing" not in words and all(test(paper) for test in tests)]


def _test(name: str, value: str) -> Callable[[Paper], bool]:
    if name == "from-pub-date":
        return lambda paper: paper.year >= int(value[:4])
    if name == "until-pub-date":
        return lambda paper: paper.year <= int(value[:4])
    if name == "from-update-date":
        return lambda paper: paper.changed.isoformat() >= value
    return lambda _paper: value == "journal-article"


def _position(cursor: str) -> int | None:
    number = cursor.removeprefix("DnF1ZXJ5").removesuffix("==")
    return int(number) if number.isdecimal() else None


def _answer(total: int, items: Sequence[bytes], cursor: str | None, rows: int) -> Answer:
    head = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0"}
    message = {"facets": {}, **({"next-cursor": cursor} if cursor else {}), "total-results": total}
    tail = {"items-per-page": rows, "query": {"start-index": 0, "search-terms": "invented"}}
    body = json.dumps(head)[:-1] + ', "message": ' + json.dumps(message)[:-1] + ', "items": ['
    return Answer(body.encode() + b", ".join(items) + b"], " + json.dumps(tail)[1:].encode() + b"}")


def _invalid(kind: str, value: str, message: str) -> Answer:
    fault = {"type": kind, "value": value, "message": message}
    return Answer(json.dumps({"status": "failed", "message-type": "validation-failure", "message": [fault]}).encode(), 400)


def _cursor_invalid(value: str) -> Answer:
    fault = {"type": "cursor-invalid", "value": value, "message": "Cursor specified but it is invalid"}
    return Answer(json.dumps({"status": "failed", "message-type": "resource-failure", "message": [fault]}).encode(), 404)


def _work(paper: Paper) -> dict[str, object]:
    written = {"date-parts": [[paper.year, 3, 1]]}
    changed = {"date-parts": [[paper.changed.year, paper.changed.month, paper.changed.day]]}
    retraction = {
        "DOI": f"{paper.doi}.r",
        "type": "retraction",
        "label": "Retraction",
        "source": "publisher",
        "updated": changed,
    }
    abstract = paper.abstract.strip().replace("&", "&amp;").replace("<", "&lt;")
    return {
        "indexed": changed,
        "publisher": "Invented Press",
        "issue": str(paper.issue),
        "DOI": paper.doi.upper(),
        "type": "journal-article",
        "page": f"{paper.first}-{paper.last}",
        "source": "Crossref",
        "is-referenced-by-count": 4,
        "title": [paper.title.replace("&", "&amp;")],
        "volume": str(paper.volume),
        "author": [
            {"given": given, "family": family, "sequence": "additional", "affiliation": []} for family, given in paper.authors
        ],
        "container-title": [paper.journal],
        "language": "en",
        "deposited": changed,
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{abstract}</jats:p>",
        "issued": written,
        "URL": f"https://doi.org/{paper.doi}",
        "ISSN": ["1234-5679"],
        "subject": list(paper.keywords),
        **({"updated-by": [retraction]} if paper.retracted else {}),
    }
