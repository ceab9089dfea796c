"""DOAJ: articles of the Directory of Open Access Journals (https://doaj.org/api/v4/docs).

From its documentation: the query is Lucene syntax and stands in the path; pages are numbered, with at most 100 records; two
requests a second. From the source of the service (github.com/DOAJ/doaj, portality/api): words are joined by AND; wildcards
(``*``, ``?``) and fuzzy or proximity searches (``~``) are refused with status 400, open ends of ranges too, since they are
written ``*``; nothing beyond the first 1,000 records can be read; colons and slashes in the query are escaped by the service.

A search with more than 1,000 hits is therefore cut by ``created_date``, which each record has and never changes: by days, and
a single day by seconds. Increments go by ``last_updated``.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from tasks.sources import spans
from tasks.sources.connector import Broken, Connector, Query, Rate, Refused, Request, Response, Step, Turn
from tasks.sources.spans import Span
from warehouse.configuration.sources import Source, Strategy

SIZE = 100
CAP = 1_000  # records of a search that can be read
BEGINNING = date(2000, 1, 1)  # before the first record was made
END = date(2999, 12, 31)
_REFUSED = re.compile(r".+[^\\][?*]|.+[^\\]~")  # as in the service


def begin(query: Query) -> tuple[Step, ...]:
    """The first page of the whole search."""
    return (_first(query, None),)


def _first(query: Query, span: Span | None) -> Step:
    """The first page of a slice. In the order in which records were made, new ones come last and move none."""
    size = min(query.page_size or SIZE, SIZE)
    params = (("page", "1"), ("pageSize", str(size)), ("sort", "created_date:asc"))
    url = f"{query.endpoint}/api/v4/search/articles/{quote(_text(query, span), safe='')}"
    return Step(Request(url, params), span.name if span else "")


def _text(query: Query, span: Span | None) -> str:
    """The search string with its limits. Each clause follows an AND, as the service otherwise escapes its colon."""
    clauses = [f"{name}:{value}" for name, value in query.filters.items()]
    if query.from_year or query.to_year:
        clauses.append(f"bibjson.year:[{query.from_year or 1000} TO {query.to_year or 2999}]")
    if query.since:
        clauses.append(f"last_updated:[{query.since.isoformat()} TO {END.isoformat()}]")
    if span:
        zone = "Z" if span.unit == "second" else ""
        first, last = (bound.replace(":", r"\:") + zone for bound in span.bounds)
        clauses.append(f"created_date:[{first} TO {last}]")
    return " AND ".join([f"({query.text})", *clauses]) if clauses else query.text


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page and the page after it; or the slices of a search that has more hits than can be read."""
    records, hits = _page(response)
    params = dict(step.request.params)
    page, size = int(params["page"]), int(params["pageSize"])
    notes: tuple[str, ...] = ()
    if page == 1 and hits > CAP:
        parts = _parts(query, step)
        if parts:
            return Turn(hits=hits, steps=tuple(_first(query, part) for part in parts), keep=False)
        notes = (f"DOAJ has {hits:,} records of {step.slice} and lets {CAP:,} of them be read; narrow the search",)
    ids = tuple(str(record.get("id") or f"{step.slice} page {page}#{at}") for at, record in enumerate(records))
    if page * size >= min(hits, CAP):
        return Turn(ids, hits, notes=notes)
    following = tuple((name, str(page + 1) if name == "page" else value) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=following)),), notes=notes)


def _parts(query: Query, step: Step) -> tuple[Span, ...]:
    if not step.slice:
        return spans.days(BEGINNING, query.until or END).halves()
    span = spans.read(step.slice)
    return span.halves() or (span.seconds().halves() if span.unit == "day" else ())


def _page(response: Response) -> tuple[list[dict[str, object]], int]:
    """The records of a page and the number of hits. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"DOAJ's answer is no whole JSON: {error}") from None
    if not isinstance(answer, dict) or "error" in answer:
        raise Broken(f"DOAJ: {_said(response.body)}")
    records, hits = answer.get("results"), answer.get("total")
    if not isinstance(records, list) or not isinstance(hits, int) or not all(isinstance(record, dict) for record in records):
        raise Broken("DOAJ's answer has no results and total")
    return records, hits


def trouble(response: Response) -> Exception | None:
    """400 tells what is wrong with the query."""
    if response.status == 400:
        return Refused(f"DOAJ does not understand the query: {_said(response.body)}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """What the service would refuse; filters are fields of a record."""
    found = []
    written = (strategy.query, *(f"{name}:{value}" for name, value in strategy.filters.items()))
    if any(_REFUSED.search(one) for one in written):
        found.append("query: DOAJ takes no wildcards (* or ?), no fuzzy or proximity search (~); write the forms out with OR")
    found += [
        f"filter {name}: is no field of an article; use bibjson.journal.language, license and such, and leave paging alone"
        for name in strategy.filters
        if name in ("page", "pageSize", "sort", "query")
    ]
    return found


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    told = answer.get("error") if isinstance(answer, dict) else None
    return str(told) if told else repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="doaj",
    kind="database",
    home="https://doaj.org",
    format="doaj",
    rate=Rate(2),
    begin=begin,
    follow=follow,
    increments=True,
    shifts=True,
    trouble=trouble,
    faults=faults,
)
