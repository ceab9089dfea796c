"""Europe PMC: its RESTful search (https://europepmc.org/RestfulWebService, https://europepmc.org/help).

From its documentation: a page has up to 1,000 results; paging goes by ``cursorMark``, from ``*`` on; words are not expanded by
synonyms unless ``synonym`` asks for it, which the website does; long searches may be posted to ``searchPOST``. Recorded by
others: past the last page the cursor is the one that was sent; a search without hits has none; errors come as JSON or XML,
under status 200 as well. Increments ask for what was first indexed (``FIRST_IDATE``) or updated (``UPDATE_DATE``) since.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from tasks.sources.connector import Broken, Connector, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Source, Strategy

SIZE, MOST = 500, 1_000
START = "*"
LONGEST = 1_500  # characters of a search that is sent in the address
SYNONYM = "synonym"
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_OWN = frozenset({"query", "format", "resulttype", "pagesize", "cursormark", "sort", "callback", "email"})
_FIELD = re.compile(r"[A-Za-z][A-Za-z_]*")
_QUOTED = re.compile(r'"[^"]*"')
_FAULT = re.compile(r"(?i)invalid|not valid|malformed|syntax|cannot be parsed|missing|mandatory")
_XML_ERROR = re.compile(rb"<errMsg>(.*?)</errMsg>", re.DOTALL)


def begin(query: Query) -> tuple[Step, ...]:
    """The first page."""
    params = (
        ("query", _text(query)), ("format", "json"), ("resultType", "core"),
        ("pageSize", str(min(query.page_size or SIZE, MOST))), (SYNONYM, query.filters.get(SYNONYM, "FALSE").upper()),
        ("cursorMark", START),
    )  # fmt: skip
    return (Step(_request(query, params)),)


def _request(query: Query, params: tuple[tuple[str, str], ...]) -> Request:
    written = urlencode(params)
    if len(written) <= LONGEST:
        return Request(f"{query.endpoint}/search", params)
    return Request(f"{query.endpoint}/searchPOST", method="POST", body=written, headers=_FORM)


def _text(query: Query) -> str:
    """The search string with its limits; alternatives of a filter stand between ``|``."""
    clauses = [
        "(" + " OR ".join(f'{name}:"{one.strip()}"' for one in value.split("|")) + ")"
        for name, value in query.filters.items()
        if name != SYNONYM
    ]
    if query.from_year or query.to_year:
        clauses.append(f"PUB_YEAR:[{query.from_year or 1000} TO {query.to_year or 3000}]")
    if query.since:
        range_ = f"[{query.since.isoformat()} TO 3000-12-31]"
        clauses.append(f"(FIRST_IDATE:{range_} OR UPDATE_DATE:{range_})")
    return " AND ".join([f"({query.text})", *clauses]) if clauses else query.text


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page, and the page that its cursor leads to; the cursor that was sent, or none, is the end."""
    results, hits, cursor = _page(response)
    params = step.request.params or tuple(parse_qsl(step.request.body or ""))
    sent = dict(params)["cursorMark"]
    ids = tuple(
        f"{one['source']}:{one['id']}" if one.get("source") and one.get("id") else f"{sent}#{at}"
        for at, one in enumerate(results)
    )
    if not cursor or cursor == sent:
        return Turn(ids, hits)
    following = tuple((name, cursor if name == "cursorMark" else value) for name, value in params)
    return Turn(ids, hits, (replace(step, request=_request(query, following)),))


def _page(response: Response) -> tuple[list[dict[str, object]], int, str]:
    """The records of a page, the number of hits, and the cursor of the next page, "" for none."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"Europe PMC: {_said(response.body) or f'no whole JSON: {error}'}") from None
    if not isinstance(answer, dict) or "errCode" in answer or "errMsg" in answer:
        raise _judged(_said(response.body) or repr(response.body[:200].decode("utf-8", "replace")))
    hits, listed, cursor = answer.get("hitCount"), answer.get("resultList"), answer.get("nextCursorMark") or ""
    results = listed.get("result") if isinstance(listed, dict) else None
    if not isinstance(hits, int) or not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise Broken("Europe PMC's answer has no hitCount and no list of results")
    if not isinstance(cursor, str):
        raise Broken(f"Europe PMC's nextCursorMark is no text: {cursor!r:.80}")
    return results, hits, cursor


def _said(body: bytes) -> str | None:
    """The message of an error, in JSON or in XML."""
    try:
        answer = json.loads(body)
    except ValueError:
        found = _XML_ERROR.search(body)
        return " ".join(found[1].decode("utf-8", "replace").split())[:300] if found else None
    told = answer.get("errMsg") or answer.get("errCode") if isinstance(answer, dict) else None
    return " ".join(str(told).split())[:300] if told else None


def _judged(said: str) -> Exception:
    """A fault of the request stays one; any other error may pass."""
    if _FAULT.search(said):
        return Refused(f"Europe PMC does not understand the request: {said}")
    return Broken(f"Europe PMC: {said}")


def trouble(response: Response) -> Exception | None:
    """400 tells what is wrong with the query."""
    if response.status == 400:
        told = _said(response.body) or repr(response.body[:200].decode("utf-8", "replace"))
        return Refused(f"Europe PMC does not understand the request: {told}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """What Europe PMC would misunderstand."""
    found = []
    bare = _QUOTED.sub("", strategy.query)
    if strategy.query.count('"') % 2:
        found.append('query: a quotation mark " has no other; close the phrase')
    elif bare.count("(") != bare.count(")"):
        found.append("query: parentheses do not match; write as many ( as )")
    for name, value in strategy.filters.items():
        if name == SYNONYM and value.upper() not in ("TRUE", "FALSE"):
            found.append("filter synonym: is TRUE or FALSE")
        elif name.lower() in _OWN:
            found.append(f"filter {name}: is set by the pipeline itself; filters are fields such as SRC, LANG, PUB_TYPE")
        elif not _FIELD.fullmatch(name):
            found.append(f"filter {name}: is no field of Europe PMC; write it as SRC, LANG, PUB_TYPE …")
    return found


CONNECTOR = Connector(
    name="europepmc",
    kind="database",
    home="https://www.ebi.ac.uk/europepmc/webservices/rest",
    format="europepmc",
    rate=Rate(5),
    begin=begin,
    follow=follow,
    increments=True,
    trouble=trouble,
    faults=faults,
)
