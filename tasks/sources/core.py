"""CORE: papers in open repositories (https://api.core.ac.uk/docs/v3).

From its documentation: words, fields (``title:``), AND, OR and brackets, and limits such as ``yearPublished>=2000``; ``limit``
at most 100; an offset reaches 10,000 records, and a scroll goes on beyond; a key raises the allowance, which is counted in
tokens a day (a search costs one, a scroll three to five) and told in ``X-RateLimit-*`` headers. Seen in use: the address ends
in a slash, as CORE sends elsewhere without; ``exclude`` in the body of a POST leaves out the full texts.

A scroll is remembered by the service, so that a page that is lost on its way is lost: the count at the end tells, and the
search starts again. No date of change can be relied on, so each refresh asks for everything.
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
    TryLater,
    Turn,
)
from tasks.sources.waiting import SHORT, seconds
from warehouse.configuration.sources import Source, Strategy

KEY = Credential("EVIMAP_CORE_KEY", "header", "Authorization", "Bearer {}")
LIMIT = 100
CAP = 10_000  # records that an offset reaches
_SCROLL = "scroll after "


def begin(query: Query) -> tuple[Step, ...]:
    """The first page, by offset."""
    return (_step(query, {"offset": 0}),)


def _step(query: Query, place: dict[str, object], purpose: str = "page") -> Step:
    body = {"q": _text(query), "limit": min(query.page_size or LIMIT, LIMIT), "exclude": ["fullText"], **place}
    headers = (("Content-Type", "application/json"), ("Accept", "application/json"))
    written = json.dumps(body, ensure_ascii=False)
    return Step(Request(f"{query.endpoint}/v3/search/works/", method="POST", body=written, headers=headers), purpose=purpose)


def _text(query: Query) -> str:
    clauses = [f'{name}:"{value}"' for name, value in query.filters.items()]
    if query.from_year:
        clauses.append(f"yearPublished>={query.from_year}")
    if query.to_year:
        clauses.append(f"yearPublished<={query.to_year}")
    return " AND ".join([f"({query.text})", *clauses]) if clauses else query.text


def follow(query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page and the page after it; a search with more hits than an offset reaches starts again as a scroll."""
    works, hits, scroll = _page(response)
    asked = json.loads(step.request.body or "{}")
    ids = tuple(str(work.get("id") or f"{step.purpose} {asked.get('offset')}#{at}") for at, work in enumerate(works))
    if step.purpose.startswith(_SCROLL):
        return _scrolled(query, step, ids, hits, scroll)
    start, limit = int(asked["offset"]), int(asked["limit"])
    if start == 0 and hits > CAP:
        return Turn(hits=hits, steps=(_step(query, {"scroll": True}, f"{_SCROLL}0"),), keep=False)
    if start + limit >= min(hits, CAP):
        return Turn(ids, hits)
    return Turn(ids, hits, (_step(query, {"offset": start + limit}),))


def _scrolled(query: Query, step: Step, ids: tuple[str, ...], hits: int, scroll: str | None) -> Turn:
    """A page of a scroll. The step knows how many records came before it.

    Raises `Expired` where the service has no more to give though a page or more is missing.
    """
    before = int(step.purpose.removeprefix(_SCROLL))
    got = before + len(ids)
    if got >= hits:
        return Turn(ids, hits)
    if not ids or not scroll:
        if hits - got >= min(query.page_size or LIMIT, LIMIT):
            raise Expired(f"CORE has no more after {got:,} of {hits:,}: a page was lost on its way")
        return Turn(ids, hits, notes=(f"CORE gave {got:,} of the {hits:,} works that it counts",))
    following = _step(query, {"scrollId": scroll}, f"{_SCROLL}{got}")
    return Turn(ids, hits, (replace(following, slice=step.slice),))


def _page(response: Response) -> tuple[list[dict[str, object]], int, str | None]:
    """The works of a page, the number of hits, and the id of a scroll. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"CORE's answer is no whole JSON: {error}") from None
    works = answer.get("results") if isinstance(answer, dict) else None
    hits = answer.get("totalHits") if isinstance(answer, dict) else None
    if not isinstance(works, list) or not isinstance(hits, int) or not all(isinstance(work, dict) for work in works):
        raise Broken(f"CORE's answer has no results and totalHits: {_said(response.body)}")
    scroll = answer.get("scrollId")
    return works, hits, scroll if isinstance(scroll, str) and scroll else None


def trouble(response: Response) -> Exception | None:
    """429 stands for the tokens of a day where the headers tell a long wait, or none left; 401 and 403 concern the key."""
    said = _said(response.body)
    if response.status == 429:
        wait = seconds(response.headers, "retry-after", "x-ratelimit-retry-after")
        left = response.headers.get("x-ratelimit-remaining") or response.headers.get("x-ratelimitremaining")
        if wait is not None and wait <= SHORT:
            return Broken(f"CORE asks to slow down: {said}", wait)
        if wait is not None or left == "0":
            return TryLater(f"CORE's allowance for today is used up: {said}; a free key in {KEY.variable} raises it")
        return None
    if response.status in (401, 403):
        return Refused(f"CORE does not accept the key: {said}; set {KEY.variable} (core.ac.uk/services/api)")
    if response.status in (400, 404, 410) and "scroll" in said.lower():
        return Expired(f"CORE does not know the scroll any more: {said}")
    if response.status == 400:
        return Refused(f"CORE does not understand the query: {said}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Filters are fields of a work; parameters of paging are none."""
    return [
        f"filter {name}: is set by the pipeline itself; "
        + ("use from_year and to_year" if name == "yearPublished" else "leave it out")
        for name in strategy.filters
        if name in ("q", "limit", "offset", "scroll", "scrollId", "exclude", "sort", "yearPublished")
    ]


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    told = answer.get("message") or answer.get("error") if isinstance(answer, dict) else None
    return str(told) if told else repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="core",
    kind="database",
    home="https://api.core.ac.uk",
    format="core",
    rate=Rate(1 / 6),  # keyless ten a minute; an allowance that is used up is told by 429
    begin=begin,
    follow=follow,
    increments=False,
    credentials=(KEY,),
    shifts=True,
    trouble=trouble,
    faults=faults,
)
