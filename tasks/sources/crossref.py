"""Crossref: the works that a search finds (https://www.crossref.org/documentation/retrieve-metadata/rest-api/).

From its documentation: 5 requests a second, one at a time, and 10 with an e-mail; ``rows`` at most 1000; ``cursor=*`` begins
deep paging, and each answer has the cursor for the next; a cursor is good for five minutes. The search has no operators: it
ranks every work that has one of the words, so filters should narrow it. Recorded answers show that the cursor can stay the same
string from page to page: the source itself remembers how far it was read. A page that is lost on its way is therefore lost,
which the count at the end tells; the search then starts again.

``from-update-date`` is when a publisher last sent the record; ``from-index-date`` changes with every new citation.
"""

from __future__ import annotations

import json
from dataclasses import replace

from tasks.sources.connector import (
    Broken,
    Connector,
    Credential,
    Expired,
    Query,
    Rate,
    Refused,
    Request,
    Response,
    Step,
    Turn,
)
from warehouse.configuration.sources import Source, Strategy

ROWS = 1000
_QUERY = "query"  # and query.title, query.author …, which are parameters of their own and no filters
_OWN = frozenset({"cursor", "rows", "offset", "sample", "sort", "order", "facet", "mailto", "select"})


def begin(query: Query) -> tuple[Step, ...]:
    """The first page."""
    parts = [f"{name}:{value}" for name, value in query.filters.items() if not _is_search(name)]
    if query.from_year:
        parts.append(f"from-pub-date:{query.from_year}")
    if query.to_year:
        parts.append(f"until-pub-date:{query.to_year}")
    if query.since:
        parts.append(f"from-update-date:{query.since.isoformat()}")
    params = [(_QUERY, query.text)] if query.text else []
    params += [(name, value) for name, value in query.filters.items() if _is_search(name)]
    if parts:
        params.append(("filter", ",".join(parts)))
    params += [("rows", str(min(query.page_size or ROWS, ROWS))), ("cursor", "*")]
    return (Step(Request(f"{query.endpoint}/works", tuple(params)), purpose="page after 0"),)


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The DOIs of a page, and the next page until all are there.

    The step knows how many came before it. Raises `Expired` where the source has no more to give though pages are missing.
    """
    items, hits, cursor = _page(response)
    before, rows = int(step.purpose.rpartition(" ")[2]), int(dict(step.request.params)["rows"])
    got = before + len(items)
    ids = tuple(str(item.get("DOI") or f"{step.purpose}#{at}").lower() for at, item in enumerate(items))
    if got >= hits:
        return Turn(ids, hits)
    if not items or not cursor:
        if before and (got % rows == 0 or hits - got >= rows):
            raise Expired(f"Crossref has no more after {got:,} of {hits:,}: a page was lost on its way")
        return Turn(ids, hits, notes=(f"Crossref gave {got:,} of the {hits:,} works that it counts",))
    params = tuple((name, cursor if name == "cursor" else value) for name, value in step.request.params)
    following = replace(step, request=replace(step.request, params=params), purpose=f"page after {got}")
    return Turn(ids, hits, (following,))


def _page(response: Response) -> tuple[list[dict[str, object]], int, str | None]:
    """The works of a page, the number of hits, and the next cursor. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"Crossref's answer is no whole JSON: {error}") from None
    if not isinstance(answer, dict) or answer.get("status") != "ok" or answer.get("message-type") != "work-list":
        raise Broken(f"Crossref's answer is no list of works: {_said(response.body)}")
    message = answer.get("message")
    items = message.get("items") if isinstance(message, dict) else None
    hits = message.get("total-results") if isinstance(message, dict) else None
    if not isinstance(items, list) or not isinstance(hits, int) or not all(isinstance(item, dict) for item in items):
        raise Broken("Crossref's answer has no items and total-results")
    cursor = message.get("next-cursor") if isinstance(message, dict) else None
    return items, hits, cursor if isinstance(cursor, str) and cursor else None


def trouble(response: Response) -> Exception | None:
    """404 says that a cursor is no longer known, 400 what is wrong with the query."""
    said = _said(response.body)
    if response.status == 404 and "cursor" in said:
        return Expired(f"Crossref does not know the cursor any more: {said}")
    if response.status == 400:
        return Refused(f"Crossref does not understand the query: {said}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Crossref needs words to look for; some names are no filters, and a comma begins another filter."""
    found = [
        f"filter {name}: is set by the pipeline itself, or does not go with reading all results; leave it out"
        for name in strategy.filters
        if name in _OWN
    ]
    found += [
        f"filter {name}: a comma in {value!r} would begin another filter; repeat alternatives in strategies of their own"
        for name, value in strategy.filters.items()
        if "," in value and not _is_search(name)
    ]
    if not strategy.query and not strategy.filters:
        found.append("Crossref needs a query, or a filter such as query.title")
    return found


def _is_search(name: str) -> bool:
    return name.startswith(f"{_QUERY}.")


def _said(body: bytes) -> str:
    """What an error says: a list of faults, or plain text."""
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    message = answer.get("message") if isinstance(answer, dict) else None
    faults = [fault for fault in message if isinstance(fault, dict)] if isinstance(message, list) else []
    told = [f"{fault.get('type')}: {fault.get('message')} ({fault.get('value')})" for fault in faults]
    return "; ".join(told) or repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="crossref",
    kind="database",
    home="https://api.crossref.org",
    format="crossref",
    rate=Rate(5),
    begin=begin,
    follow=follow,
    increments=True,
    needs=(),  # a query, or a filter that searches: `faults`
    credentials=(Credential("EVIMAP_EMAIL", "query", "mailto"),),
    trouble=trouble,
    faults=faults,
)
