"""DataCite: datasets, reports, theses and preprints with a DOI of DataCite (https://support.datacite.org/docs/api).

From its documentation: ``query`` in the syntax of Elasticsearch's query string; cursor paging begins with ``page[cursor]=1``
and has the next cursor in ``links.next``; pages of up to 1,000; ``updated:[a TO b]`` in the query finds what was changed; 3,000
requests in five minutes with a login, 1,000 with an e-mail, fewer without. From the source of the service
(github.com/datacite/lupo): ``links.next`` leaves out some filters, so only the cursor is taken from it; it is absent at the
end.
"""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

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

SIZE = 1000
_CURSOR, _SIZE = "page[cursor]", "page[size]"
_OWN = frozenset(
    {"query", _CURSOR, _SIZE, "page[number]", "mailto", "disable-facets", "sort", "random", "sample", "fields[dois]"}
)


def begin(query: Query) -> tuple[Step, ...]:
    """The first page."""
    clauses = [f"({query.text})"] if query.text else []
    if query.from_year or query.to_year:
        clauses.append(f"publicationYear:[{query.from_year or '*'} TO {query.to_year or '*'}]")
    if query.since:
        clauses.append(f"updated:[{query.since.isoformat()} TO *]")
    text = clauses[0][1:-1] if len(clauses) == 1 and query.text else " AND ".join(clauses)
    params = [("query", text)] if text else []
    params += list(query.filters.items())
    params += [("disable-facets", "true"), (_SIZE, str(min(query.page_size or SIZE, SIZE))), (_CURSOR, "1")]
    return (Step(Request(f"{query.endpoint}/dois", tuple(params))),)


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The DOIs of a page, and the page after it while there is a link to one."""
    records, hits, cursor = _page(response)
    ids = tuple(str(record.get("id") or f"{response.url}#{at}").lower() for at, record in enumerate(records))
    whole = dict(step.request.params)[_CURSOR] == "1" and len(ids) >= hits
    if cursor is None or whole:
        return Turn(ids, hits)
    params = tuple((name, cursor if name == _CURSOR else value) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=params)),))


def _page(response: Response) -> tuple[list[dict[str, object]], int, str | None]:
    """The records of a page, the number of hits, and the next cursor. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"DataCite's answer is no whole JSON: {error}") from None
    if not isinstance(answer, dict) or "errors" in answer:
        raise Broken(f"DataCite: {_said(response.body)}")
    records, meta, links = answer.get("data"), answer.get("meta"), answer.get("links")
    hits = meta.get("total") if isinstance(meta, dict) else None
    if not isinstance(records, list) or not isinstance(hits, int) or not all(isinstance(record, dict) for record in records):
        raise Broken("DataCite's answer has no data and meta.total")
    link = links.get("next") if isinstance(links, dict) else None
    if not isinstance(link, str) or not link:
        return records, hits, None
    cursors = parse_qs(urlsplit(link).query).get(_CURSOR)
    if not cursors:
        raise Broken("DataCite's link to the next page has no cursor")
    return records, hits, cursors[-1]


def trouble(response: Response) -> Exception | None:
    """400 tells what is wrong with the query or with the cursor."""
    said = _said(response.body)
    if response.status in (400, 404) and "cursor" in said.lower():
        return Expired(f"DataCite does not know the cursor any more: {said}")
    if response.status == 400:
        return Refused(f"DataCite does not understand the query: {said}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """DataCite needs a query or a filter; some parameters are the connector's own."""
    found = [
        f"filter {name}: is set by the pipeline itself, or does not go with reading all results; leave it out"
        for name in strategy.filters
        if name in _OWN
    ]
    if not strategy.query and not strategy.filters:
        found.append("DataCite needs a query, or a filter such as resource-type-id")
    return found


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    errors = answer.get("errors") if isinstance(answer, dict) else None
    told = [str(error.get("title") or error) for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return "; ".join(told) or repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="datacite",
    kind="database",
    home="https://api.datacite.org",
    format="datacite",
    rate=Rate(1000 / 300),
    begin=begin,
    follow=follow,
    increments=True,
    needs=(),  # a query, or a filter: `faults`
    credentials=(Credential("EVIMAP_EMAIL", "query", "mailto"),),
    trouble=trouble,
    faults=faults,
)
