"""Scopus Search API (https://dev.elsevier.com/documentation/ScopusSearchAPI.wadl, https://dev.elsevier.com/sc_search_tips.html).

From its documentation: a key in ``X-ELS-APIKey``, and outside the network of a subscriber also a token in ``X-ELS-Insttoken``;
the view STANDARD (200 records a page; first author only, no abstract) or COMPLETE (25 a page; needs a subscription); ``start``
below 5,000; 20,000 requests a week and 9 a second; 429 with ``X-RateLimit-Reset``, recorded in milliseconds since 1970. A
search that finds nothing is recorded as one entry with ``error``.

A search with more than 5,000 hits is cut by years of publication (``PUBYEAR``), and a single year by the day on which records
were loaded (``ORIG-LOAD-DATE``, which increments use as well; its form yyyymmdd is seen in use, not in the documentation at
hand). A record that was changed after it was loaded does not come again in an increment.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

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

KEY = Credential("EVIMAP_SCOPUS_KEY", "header", "X-ELS-APIKey", required=True)
TOKEN = Credential("EVIMAP_SCOPUS_INSTTOKEN", "header", "X-ELS-Insttoken")
CAP = 5_000  # records of a search that can be read
SIZES = {"STANDARD": 200, "COMPLETE": 25}
FIRST_YEAR, LAST_YEAR = 1700, 2999
BEGINNING, END = date(1970, 1, 1), date(2999, 12, 30)
_EMPTY = "result set was empty"
_OWN = frozenset({"query", "start", "count", "sort", "cursor", "date", "apikey", "insttoken", "httpaccept", "field", "facets"})


def begin(query: Query) -> tuple[Step, ...]:
    """The first page of the whole search."""
    return (_first(query, ()),)


def _first(query: Query, cuts: tuple[Span, ...]) -> Step:
    """The first page of a slice. In the order in which records were loaded, new ones come last and move none."""
    view = query.filters.get("view", "STANDARD").upper()
    size = min(query.page_size or SIZES[view], SIZES[view])
    params = [("query", _text(query, cuts)), ("view", view)]
    params += [(name, value) for name, value in query.filters.items() if name != "view"]
    params += [("sort", "orig-load-date"), ("count", str(size)), ("start", "0")]
    request = Request(f"{query.endpoint}/content/search/scopus", tuple(params), headers=(("Accept", "application/json"),))
    return Step(request, " ".join(span.name for span in cuts))


def _text(query: Query, cuts: tuple[Span, ...]) -> str:
    clauses = []
    if query.from_year:
        clauses.append(f"PUBYEAR AFT {query.from_year - 1}")
    if query.to_year:
        clauses.append(f"PUBYEAR BEF {query.to_year + 1}")
    if query.since:
        clauses.append(f"ORIG-LOAD-DATE AFT {_day((query.since - timedelta(days=1)).isoformat())}")
    for span in cuts:
        name = "PUBYEAR" if span.unit == "year" else "ORIG-LOAD-DATE"
        before, after = span.around
        clauses += [f"{name} AFT {_day(before)}", f"{name} BEF {_day(after)}"]
    return " AND ".join([f"({query.text})", *clauses]) if clauses else query.text


def _day(iso: str) -> str:
    return iso.replace("-", "")


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page and the page after it; or the slices of a search that has more hits than can be read."""
    entries, hits = _page(response)
    params = dict(step.request.params)
    start, size = int(params["start"]), int(params["count"])
    notes: tuple[str, ...] = ()
    if start == 0 and hits > CAP:
        parts = _parts(query, step)
        if parts:
            return Turn(hits=hits, steps=tuple(_first(query, cuts) for cuts in parts), keep=False)
        notes = (f"Scopus has {hits:,} records of {step.slice} and lets {CAP:,} of them be read; narrow the search",)
    ids = tuple(_id(entry) or f"{step.slice} {start + at}" for at, entry in enumerate(entries))
    if start + size >= min(hits, CAP):
        return Turn(ids, hits, notes=notes)
    following = tuple((name, str(start + size) if name == "start" else value) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=following)),), notes=notes)


def _parts(query: Query, step: Step) -> tuple[tuple[Span, ...], ...]:
    """The halves of a slice: by years, and a single year by the days on which its records were loaded."""
    cuts = tuple(spans.read(name) for name in step.slice.split())
    if not cuts:
        last = query.to_year or (query.until.year + 2 if query.until else LAST_YEAR)
        cuts = (spans.years(query.from_year or FIRST_YEAR, last),)
    halves = cuts[-1].halves()
    if not halves and cuts[-1].unit == "year":
        loaded = spans.days(max(BEGINNING, query.since or BEGINNING), query.until + timedelta(days=1) if query.until else END)
        return tuple((*cuts, half) for half in loaded.halves() or (loaded,))
    return tuple((*cuts[:-1], half) for half in halves)


def _id(entry: dict[str, object]) -> str | None:
    found = entry.get("eid") or entry.get("dc:identifier")
    return str(found) if found else None


def _page(response: Response) -> tuple[list[dict[str, object]], int]:
    """The entries of a page and the number of hits. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"Scopus's answer is no whole JSON: {error}") from None
    results = answer.get("search-results") if isinstance(answer, dict) else None
    total = results.get("opensearch:totalResults") if isinstance(results, dict) else None
    if not isinstance(results, dict) or not str(total).isdecimal():
        raise Broken(f"Scopus's answer has no search-results with a total: {_said(response.body)}")
    found = results.get("entry", [])
    entries = [found] if isinstance(found, dict) else found
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Broken("Scopus's entries are not all objects")
    errors = [str(entry["error"]) for entry in entries if "error" in entry]
    if errors and not errors[0].lower().startswith(_EMPTY):
        raise Broken(f"Scopus: {'; '.join(errors)}")
    return [entry for entry in entries if "error" not in entry], int(str(total))


def trouble(response: Response) -> Exception | None:
    """429 is the limit of a week where its reset is far, else a pause; 401 and 403 say what the key may not do."""
    said = _said(response.body)
    if response.status == 429:
        wait = seconds(response.headers, "retry-after", "x-ratelimit-reset")
        status, left = response.headers.get("x-els-status", ""), response.headers.get("x-ratelimit-remaining")
        if wait is None and "QUOTA" not in status.upper() and left != "0":
            return None
        if wait is None or wait > SHORT:
            return TryLater(f"the limit of the Scopus key for this week is reached: {said}")
        return Broken(f"Scopus asks to slow down: {said}", wait)
    if response.status in (401, 403):
        return Refused(
            f"Scopus does not let this key do that: {said}; check {KEY.variable}; the view COMPLETE, and use from outside the "
            f"network of a subscriber, need a token in {TOKEN.variable}"
        )
    if response.status == 400:
        hint = "; the key may allow smaller pages only: set page_size: 25" if "maximum number allowed" in said else ""
        return Refused(f"Scopus does not understand the query: {said}{hint}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Some parameters are the connector's own; there are two views."""
    found = [
        f"filter {name}: is set by the pipeline itself, or does not go with reading all results; "
        + ("use from_year and to_year" if name.lower() == "date" else "leave it out")
        for name in strategy.filters
        if name.lower() in _OWN
    ]
    view = strategy.filters.get("view", "STANDARD")
    if view.upper() not in SIZES:
        found.append(f"filter view: {view!r} is none of {', '.join(SIZES)}")
    return found


def _said(body: bytes) -> str:
    """What an error says; Elsevier has two forms of it."""
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    if isinstance(answer, dict):
        service = answer.get("service-error")
        status = service.get("status") if isinstance(service, dict) else None
        error = answer.get("error-response")
        for told, name in ((status, "statusText"), (error, "error-message")):
            if isinstance(told, dict) and told.get(name):
                return str(told[name])
    return repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="scopus",
    kind="database",
    home="https://api.elsevier.com",
    format="scopus_api",
    rate=Rate(3),  # 9 a second are allowed
    begin=begin,
    follow=follow,
    increments=True,
    credentials=(KEY, TOKEN),
    shifts=True,
    trouble=trouble,
    faults=faults,
)
