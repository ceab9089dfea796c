"""ERIC: records of the U.S. database of education research (https://eric.ed.gov/?api).

From its documentation: ``search`` in Lucene syntax over title, author, source, subject and description, or over a field by its
name; ``start`` and ``rows``, at most 2,000; ``fields``; no key. Seen by others in use, not documented: words without an
operator are joined by OR; a page has 200 records at most, whatever ``rows`` says, so that the next page begins where this one
ends; any ``start`` can be read; ``sort`` is not heeded, records come in an order that stays the same; a query that cannot be
read is answered under status 200 by an object ``error`` with a code of its own; fields that do not exist are left out in
silence.

No field tells when a record was added or changed to the day, so that each refresh pulls all and compares.
"""

from __future__ import annotations

import json
from dataclasses import replace

from tasks.sources.connector import Broken, Connector, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Source, Strategy

ROWS = 200  # records a page that the service gives in fact
MOST = 2_000  # and that its documentation names
FIELDS = (
    "id,title,author,description,subject,source,sourceid,publicationdate,publicationdateyear,publicationtype,publisher,"
    "language,issn,isbn,url,peerreviewed,institution,sponsor,educationlevel,audience,identifiersgeo,identifierslaw,"
    "identifierstest,abstractor,pagecount,e_fulltextauth,e_yearadded,e_datemodified,iesfunded,iesgrantcontractnum,ieswwcreviewed"
)
_OWN = frozenset({"search", "format", "start", "rows", "fields"})


def begin(query: Query) -> tuple[Step, ...]:
    """The first page."""
    rows = str(min(query.page_size or ROWS, MOST))
    params = (("search", _text(query)), ("format", "json"), ("fields", FIELDS), ("rows", rows), ("start", "0"))
    return (Step(Request(f"{query.endpoint}/", params)),)


def _text(query: Query) -> str:
    """The search string with its limits; in brackets, as an AND would else make words without an operator optional."""
    clauses = [f"{name}:{value}" for name, value in query.filters.items()]
    if query.from_year or query.to_year:
        clauses.append(f"publicationdateyear:[{query.from_year or '*'} TO {query.to_year or '*'}]")
    return " AND ".join([f"({query.text})", *clauses]) if clauses else query.text


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page and the page after it, which begins where this one ends."""
    params = dict(step.request.params)
    start = int(params["start"])
    docs, hits = _page(response, start)
    ids = tuple(str(doc.get("id") or f"start {start}#{at}") for at, doc in enumerate(docs))
    following = start + (len(docs) or int(params["rows"]))
    if following >= hits:
        return Turn(ids, hits)
    changed = tuple((name, str(following) if name == "start" else value) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=changed)),))


def _page(response: Response, start: int) -> tuple[list[dict[str, object]], int]:
    """The records of a page and the number of hits. Raises `Broken` or `Refused` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"ERIC's answer is no whole JSON: {error}") from None
    if not isinstance(answer, dict) or "error" in answer:
        raise _error(answer.get("error") if isinstance(answer, dict) else answer)
    page = answer.get("response")
    docs, hits, began = (page.get(name) for name in ("docs", "numFound", "start")) if isinstance(page, dict) else (None,) * 3
    if not isinstance(docs, list) or not isinstance(hits, int) or not all(isinstance(doc, dict) for doc in docs):
        raise Broken("ERIC's answer has no docs and numFound")
    if began != start:
        raise Broken(f"ERIC's page begins at {began}, not at {start} as was asked")
    return docs, hits


def _error(error: object) -> Exception:
    """An error under status 200 has the status that it should have inside."""
    code = error.get("code") if isinstance(error, dict) else None
    said = (error.get("msg") if isinstance(error, dict) else None) or error
    if isinstance(code, int) and 400 <= code < 500 and code != 429:
        return Refused(f"ERIC does not understand the query: {said}")
    return Broken(f"ERIC: {str(said)[:200]!r}")


def trouble(response: Response) -> Exception | None:
    """400 is a query that is missing or cannot be read."""
    if response.status == 400:
        return Refused(f"ERIC does not understand the query: {response.body[:200].decode('utf-8', 'replace')!r}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Filters are fields of a record."""
    return [
        f"filter {name}: is no field of a record; use peerreviewed, publicationtype and such, and leave paging alone"
        for name in strategy.filters
        if name in _OWN
    ]


CONNECTOR = Connector(
    name="eric",
    kind="database",
    home="https://api.ies.ed.gov/eric",
    format="eric",
    rate=Rate(2),
    begin=begin,
    follow=follow,
    increments=False,
    shifts=True,
    trouble=trouble,
    faults=faults,
)
