"""OpenAlex: the works that match a search (https://developers.openalex.org).

From its documentation: ``search`` looks in title, abstract and full text, with AND, OR, NOT in capitals and phrases in quotes;
a filter is ``name:value``, ``|`` between alternatives, and commas between filters; ``per_page`` is at most 100; a cursor goes
on until it is null; the whole address may have about 4 KB; 403 asks to slow down, 429 says that the day's allowance is used up.

There are no increments: the filter ``from_updated_date`` was documented for paid plans only, and changed works are today
offered as daily files on a paid plan, so each refresh asks for everything and what is new is found by comparison.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

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
    TryLater,
    Turn,
)
from warehouse.configuration.sources import Source, Strategy

HOME = "https://api.openalex.org"
PAGE = 100
FIRST = "*"  # the cursor of the first page
LONGEST = 3_800  # bytes of query and filters in an address of 4,094 with the key
SECONDS = 120.0  # a wait that is short enough to be waited for; beyond it the day's allowance is gone
KEY = Credential("EVIMAP_OPENALEX_KEY", "query", "api_key")


def begin(query: Query) -> tuple[Step, ...]:
    """The first page, at cursor ``*``."""
    search = (("search", query.text),) if query.text else ()
    return (page(query, search + filtered(query)),)


def filtered(query: Query, *more: str) -> tuple[tuple[str, str], ...]:
    """The parameter ``filter`` of the query's filters and years and of ``more``, if there are any."""
    parts = [*more, *(f"{name}:{value}" for name, value in query.filters.items())]
    if query.from_year and query.to_year:
        parts.append(f"publication_year:{query.from_year}-{query.to_year}")
    elif query.from_year:
        parts.append(f"publication_year:>{query.from_year - 1}")
    elif query.to_year:
        parts.append(f"publication_year:<{query.to_year + 1}")
    return (("filter", ",".join(parts)),) if parts else ()


def page(query: Query, params: tuple[tuple[str, str], ...], part: str = "", purpose: str = "page") -> Step:
    """The first page of the works of a search, or of the slice ``part`` of it."""
    size = min(query.page_size or PAGE, PAGE)
    paging = (("per_page", str(size)), ("cursor", FIRST))
    return Step(Request(f"{query.endpoint}/works", (*params, *paging)), part, purpose)


def next_page(step: Step, cursor: str, purpose: str = "page") -> Step:
    """The page after that of ``step``."""
    params = tuple((name, cursor if name == "cursor" else value) for name, value in step.request.params)
    return replace(step, request=replace(step.request, params=params), purpose=purpose)


def is_first(step: Step) -> bool:
    """Whether a step asks for the first page."""
    return ("cursor", FIRST) in step.request.params


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page, and the page after it until the cursor is null; a first page that holds all needs none."""
    works, hits, cursor = works_of(response)
    whole = is_first(step) and len(works) >= hits
    return Turn(ids_of(works, response), hits, (next_page(step, cursor),) if cursor and not whole else ())


def ids_of(works: Sequence[Mapping[str, object]], response: Response) -> tuple[str, ...]:
    """The ids of works, W and a number each; a work without one is named by its place."""
    return tuple(str(work.get("id") or f"{response.url}#{at}").rpartition("/")[2] for at, work in enumerate(works))


def works_of(response: Response) -> tuple[list[dict[str, object]], int, str | None]:
    """The works of a page as they came, the number of hits, and the next cursor. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"OpenAlex's answer is no whole JSON: {error}") from None
    if not isinstance(answer, dict):
        raise Broken("OpenAlex's answer is no object")
    if "error" in answer:
        raise Broken(f"OpenAlex: {answer.get('error')}: {answer.get('message')}")
    meta, works = answer.get("meta"), answer.get("results")
    if not isinstance(meta, dict) or not isinstance(meta.get("count"), int) or not isinstance(works, list):
        raise Broken("OpenAlex's answer has no meta.count and results")
    if not all(isinstance(work, dict) for work in works):
        raise Broken("OpenAlex's results are not all objects")
    cursor = meta.get("next_cursor")
    return works, meta["count"], cursor if isinstance(cursor, str) and cursor else None


def trouble(response: Response) -> Exception | None:
    """403 asks to slow down, 429 stands for the day's limit unless a short wait is asked for, 400 tells what is wrong."""
    said = _said(response.body)
    wait = _seconds(response.headers.get("retry-after"))
    if response.status == 403:
        return Broken(f"OpenAlex asks to slow down: {said}", wait)
    if response.status == 429:
        if wait is not None and wait <= SECONDS:
            return Broken(f"OpenAlex asks to slow down: {said}", wait)
        return TryLater(f"OpenAlex's daily limit is reached: {said}; a free key in {KEY.variable} has ten times the limit")
    if response.status in (401, 409):
        return Refused(f"OpenAlex wants a key that is valid: {said}; set {KEY.variable} (free at openalex.org/settings/api)")
    if response.status == 400 and "cursor" in said.lower():
        return Expired(f"OpenAlex does not know the cursor any more: {said}")
    if response.status == 400:
        return Refused(f"OpenAlex does not understand the query: {said}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """A search needs something to search for; an address that is too long is refused."""
    found = filter_faults(strategy)
    if not strategy.query and not strategy.filters:
        found.append("OpenAlex needs a query, or a filter such as title_and_abstract.search")
    size = len(quote(strategy.query + "".join(f"{name}:{value}" for name, value in strategy.filters.items()), safe=""))
    if size > LONGEST:
        found.append(
            f"query: {size:,} bytes in an address, and OpenAlex takes {LONGEST:,}; make two strategies of it, each with a part "
            "of the OR list"
        )
    return found


def filter_faults(strategy: Strategy) -> list[str]:
    """A comma in a filter would begin another one."""
    return [
        f"filter {name}: a comma in {value!r} would begin another filter; write | between alternatives"
        for name, value in strategy.filters.items()
        if "," in value
    ]


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200])
    if isinstance(answer, dict):
        return ": ".join(str(answer[name]) for name in ("error", "message") if answer.get(name)) or repr(body[:200])
    return repr(body[:200])


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.strip().isdecimal() else None


CONNECTOR = Connector(
    name="openalex",
    kind="database",
    home=HOME,
    format="openalex",
    rate=Rate(10),  # 100 a second are allowed; a search costs more than the wait
    begin=begin,
    follow=follow,
    increments=False,
    needs=(),  # a query, or a filter that searches: `faults`
    credentials=(KEY,),
    trouble=trouble,
    faults=faults,
)
