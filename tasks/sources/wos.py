"""Web of Science Starter API (https://developer.clarivate.com/apis/wos-starter).

From its documentation: ``q`` in the syntax of the advanced search, with the field tags that the API supports (TS, TI, AU, SO,
PY, DO …); ``limit`` at most 50; pages from 1; ``modifiedTimeSpan`` of two days, joined by +, not for ``db=WOK``; a key in
``X-ApiKey``; requests a day by plan: 50 on trial, 5,000 for members of a subscriber. There are no abstracts.

That 100,000 records of a search can be read is documented for the larger API of the same service, not for this one. A search
with more is cut by years of publication (PY).
"""

from __future__ import annotations

import json
from dataclasses import replace

from tasks.sources import spans
from tasks.sources.connector import (
    Broken,
    Connector,
    Credential,
    Query,
    Rate,
    Refused,
    Request,
    Response,
    Step,
    TryLater,
    Turn,
)
from tasks.sources.spans import Span
from tasks.sources.waiting import SHORT, seconds
from warehouse.configuration.sources import Source, Strategy

KEY = Credential("EVIMAP_WOS_KEY", "header", "X-ApiKey", required=True)
SIZE = 50
CAP = 100_000  # records of a search that can be read
ALL = "WOK"  # all databases: the one that cannot be asked for what was modified
FIRST_YEAR, LAST_YEAR = 1800, 2999
LAST_DAY = "2999-12-31"
_OWN = frozenset({"q", "limit", "page", "sortField", "modifiedTimeSpan", "tcModifiedTimeSpan", "publishTimeSpan", "detail"})
_DAILY = ("x-ratelimit-remaining-day", "x-ratelimit-remaining-month", "x-ratelimit-remaining-year")


def begin(query: Query) -> tuple[Step, ...]:
    """The first page of the whole search."""
    return (_first(query, None),)


def _first(query: Query, span: Span | None) -> Step:
    """The first page of a slice. In the order in which records were loaded, new ones come last and move none."""
    database = query.filters.get("db", "WOS")
    clauses = []
    if query.from_year or query.to_year:
        clauses.append(f"PY={query.from_year or FIRST_YEAR}-{query.to_year or LAST_YEAR}")
    if span:
        first, last = span.bounds
        clauses.append(f"PY={first}-{last}")
    text = " AND ".join([f"({query.text})", *clauses]) if clauses else query.text
    params = [("db", database), ("q", text), *((name, value) for name, value in query.filters.items() if name != "db")]
    if query.since and database != ALL:
        params.append(("modifiedTimeSpan", f"{query.since.isoformat()}+{query.until.isoformat() if query.until else LAST_DAY}"))
    params += [("sortField", "LD+A"), ("limit", str(min(query.page_size or SIZE, SIZE))), ("page", "1")]
    return Step(Request(f"{query.endpoint}/documents", tuple(params)), span.name if span else "")


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page and the page after it; or the slices of a search that has more hits than can be read."""
    documents, hits = _page(response)
    params = dict(step.request.params)
    page, size = int(params["page"]), int(params["limit"])
    notes: tuple[str, ...] = ()
    if page == 1 and hits > CAP:
        parts = _parts(query, step)
        if parts:
            return Turn(hits=hits, steps=tuple(_first(query, part) for part in parts), keep=False)
        part = step.slice or query.from_year
        notes = (f"Web of Science has {hits:,} records of {part}, of which {CAP:,} can be read; narrow the search",)
    ids = tuple(str(document.get("uid") or f"{step.slice} page {page}#{at}") for at, document in enumerate(documents))
    if page * size >= min(hits, CAP):
        return Turn(ids, hits, notes=notes)
    following = tuple((name, str(page + 1) if name == "page" else value) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=following)),), notes=notes)


def _parts(query: Query, step: Step) -> tuple[Span, ...]:
    if step.slice:
        return spans.read(step.slice).halves()
    last = query.to_year or (query.until.year + 2 if query.until else LAST_YEAR)
    whole = spans.years(query.from_year or FIRST_YEAR, last)
    return whole.halves()


def _page(response: Response) -> tuple[list[dict[str, object]], int]:
    """The documents of a page and the number of hits. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"the answer of Web of Science is no whole JSON: {error}") from None
    metadata = answer.get("metadata") if isinstance(answer, dict) else None
    hits = metadata.get("total") if isinstance(metadata, dict) else None
    documents = answer.get("hits") if isinstance(answer, dict) else None
    if documents is None and hits == 0:
        documents = []
    if not isinstance(documents, list) or not isinstance(hits, int):
        raise Broken(f"the answer of Web of Science has no hits and metadata.total: {_said(response.body)}")
    if not all(isinstance(document, dict) for document in documents):
        raise Broken("the hits of Web of Science are not all objects")
    return documents, hits


def trouble(response: Response) -> Exception | None:
    """401 and 403 concern the key, 400 the query; 429 the limit of a day where headers or a long wait say so."""
    said = _said(response.body)
    if response.status in (401, 403):
        return Refused(f"Web of Science does not accept the key: {said}; set {KEY.variable} (developer.clarivate.com)")
    if response.status in (400, 404):
        return Refused(f"Web of Science does not understand the query: {said}")
    if response.status == 429:
        wait = seconds(response.headers, "retry-after", "ratelimit-reset")
        if any(response.headers.get(name) == "0" for name in _DAILY) or (wait is not None and wait > SHORT):
            return TryLater(f"the daily limit of the Web of Science key is reached: {said}")
        return Broken(f"Web of Science asks to slow down: {said}", wait) if wait is not None else None
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Some parameters are the connector's own."""
    return [
        f"filter {name}: is set by the pipeline itself, or does not go with reading all results; "
        + ("use from_year and to_year" if name == "publishTimeSpan" else "leave it out")
        for name in strategy.filters
        if name in _OWN
    ]


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    if isinstance(answer, dict):
        error = answer.get("error")
        plain = (error, answer.get("error_description"), answer.get("message"))
        told = (error.get("title"), error.get("details")) if isinstance(error, dict) else plain
        if any(told):
            return ": ".join(str(one) for one in told if one)
    return repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="wos",
    kind="database",
    home="https://api.clarivate.com/apis/wos-starter/v1",
    format="wos_starter",
    rate=Rate(1),
    begin=begin,
    follow=follow,
    increments=True,
    credentials=(KEY,),
    shifts=True,
    trouble=trouble,
    faults=faults,
)
