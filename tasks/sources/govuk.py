"""GOV.UK: what its search finds (https://docs.publishing.service.gov.uk/repos/search-api/using-the-search-api.html).

From its documentation: ``count`` at most 1,500; ``start`` from 0, and beyond the end an empty page; ``filter_*`` and
``reject_*``, whose alternatives are the same parameter again; ``filter_public_timestamp=from:…,to:…`` with both days in it, and
``_MISSING`` for pages that have no date; an unknown parameter or a wrong value is answered by 422. From the source of the
service (github.com/alphagov/search-api): results can be ordered by ``public_timestamp``.

Beyond 10,000 results, the usual window of the engine behind it (not documented), a search is cut by days of publication.
Increments go by ``public_timestamp``, which changes with a major update; minor edits do not come again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from tasks.sources import spans
from tasks.sources.connector import Broken, Connector, Query, Rate, Refused, Request, Response, Step, Turn
from tasks.sources.spans import Span
from warehouse.configuration.sources import Source, Strategy

COUNT = 500
MOST = 1_500
CAP = 10_000  # results of a search that are read
FIELDS = "title,description,link,public_timestamp,format,display_type,content_store_document_type,content_id,organisations"
BEGINNING, END = date(1900, 1, 1), date(2999, 12, 31)
UNDATED = "undated"
_DATE = "filter_public_timestamp"
_PREFIXES = ("filter_", "reject_")


def begin(query: Query) -> tuple[Step, ...]:
    """The first page of the whole search."""
    return (_first(query, ""),)


def _first(query: Query, part: str) -> Step:
    """The first page of a slice. In the order of their dates, new results come last and move none."""
    params = [("q", query.text)] if query.text else []
    params += [(name, one.strip()) for name, value in query.filters.items() for one in value.split("|")]
    dates = _dates(query, part)
    if dates:
        params.append((_DATE, dates))
    size = min(query.page_size or COUNT, MOST)
    params += [("fields", FIELDS), ("order", "public_timestamp"), ("count", str(size)), ("start", "0")]
    return Step(Request(f"{query.endpoint}/api/search.json", tuple(params)), part)


def _limits(query: Query) -> tuple[date | None, date | None]:
    """The first and last day that the query asks for."""
    starts = [date(query.from_year, 1, 1)] if query.from_year else []
    starts += [query.since] if query.since else []
    return max(starts, default=None), date(query.to_year, 12, 31) if query.to_year else None


def _dates(query: Query, part: str) -> str:
    if part == UNDATED:
        return "_MISSING"
    if part:
        first, last = spans.read(part).bounds
        return f"from:{first},to:{last}"
    start, end = _limits(query)
    return ",".join(f"{name}:{day.isoformat()}" for name, day in (("from", start), ("to", end)) if day)


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The links of a page and the page after it; or the slices of a search that has more results than can be read."""
    results, hits = _page(response)
    params = dict(step.request.params)
    start, count = int(params["start"]), int(params["count"])
    notes: tuple[str, ...] = ()
    if start == 0 and hits > CAP:
        parts = _parts(query, step)
        if parts:
            return Turn(hits=hits, steps=tuple(_first(query, part) for part in parts), keep=False)
        notes = (f"GOV.UK has {hits:,} results of {step.slice} and {CAP:,} of them are read; narrow the search",)
    ids = tuple(str(result.get("link") or f"{step.slice} {start + at}") for at, result in enumerate(results))
    if start + count >= min(hits, CAP):
        return Turn(ids, hits, notes=notes)
    size = min(count, CAP - start - count)
    changed = {"start": str(start + count), "count": str(size)}
    following = tuple((name, changed.get(name, value)) for name, value in step.request.params)
    return Turn(ids, hits, (replace(step, request=replace(step.request, params=following)),), notes=notes)


def _parts(query: Query, step: Step) -> tuple[str, ...]:
    if step.slice == UNDATED:
        return ()
    if step.slice:
        return tuple(half.name for half in spans.read(step.slice).halves())
    start, end = _limits(query)
    whole: Span = spans.days(start or BEGINNING, end or (query.until + timedelta(days=1) if query.until else END))
    undated = () if start or end else (UNDATED,)
    return (*undated, *(half.name for half in whole.halves() or (whole,)))


def _page(response: Response) -> tuple[list[dict[str, object]], int]:
    """The results of a page and their number in all. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"GOV.UK's answer is no whole JSON: {error}") from None
    results = answer.get("results") if isinstance(answer, dict) else None
    hits = answer.get("total") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not isinstance(hits, int) or not all(isinstance(result, dict) for result in results):
        raise Broken(f"GOV.UK's answer has no results and total: {_said(response.body)}")
    return results, hits


def trouble(response: Response) -> Exception | None:
    """422 tells which parameter is wrong."""
    if response.status in (400, 422):
        return Refused(f"GOV.UK does not understand the search: {_said(response.body)}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Filters begin with filter_ or reject_; the days of publication are the connector's own."""
    found = [
        f"filter {name}: a filter of GOV.UK begins with filter_ or reject_, such as filter_organisations"
        for name in strategy.filters
        if not name.startswith(_PREFIXES)
    ]
    if _DATE in strategy.filters:
        found.append(f"filter {_DATE}: is set by the pipeline itself; use from_year and to_year")
    return found


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    told = answer.get("error") if isinstance(answer, dict) else None
    return str(told) if told else repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="govuk",
    kind="website",
    home="https://www.gov.uk",
    format="govuk",
    rate=Rate(2),
    begin=begin,
    follow=follow,
    increments=True,
    shifts=True,
    trouble=trouble,
    faults=faults,
)
