"""Semantic Scholar's bulk search (https://api.semanticscholar.org/api-docs/graph).

From its documentation: ``query`` with ``+`` and, ``|`` or, ``-`` not, quotes and brackets; 1,000 papers a call; while there are
more, the answer has a ``token`` that asks for the next ones; ``total`` is an estimate; one request a second with a key, and a
limit shared by everybody without. Zero hits are recorded as an answer without ``data``. There is a filter by date of
publication but none by date of change, so there are no increments.
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

KEY = Credential("EVIMAP_SEMANTICSCHOLAR_KEY", "header", "x-api-key")
FIELDS = (
    "paperId,corpusId,externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,journal,authors,openAccessPdf,"
    "publicationTypes,fieldsOfStudy"
)
_OWN = frozenset({"query", "token", "fields", "year", "limit", "offset", "sort"})


def begin(query: Query) -> tuple[Step, ...]:
    """The first thousand papers. Sorted by id, which is the default, none moves to another page meanwhile."""
    params = [("query", query.text), ("fields", FIELDS), ("sort", "paperId:asc"), *query.filters.items()]
    if query.from_year or query.to_year:
        one = query.from_year == query.to_year
        params.append(("year", str(query.from_year) if one else f"{query.from_year or ''}-{query.to_year or ''}"))
    return (Step(Request(f"{query.endpoint}/paper/search/bulk", tuple(params)), purpose="page after 0"),)


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The ids of a page, and the next page while there is a token."""
    papers, hits, token = _page(response)
    got = int(step.purpose.rpartition(" ")[2]) + len(papers)
    ids = tuple(str(paper.get("paperId") or f"{step.purpose}#{at}") for at, paper in enumerate(papers))
    if token is None:
        estimate = f"Semantic Scholar estimated {hits:,} hits and gave {got:,}"
        return Turn(ids, hits, notes=(estimate,) if got != hits else ())
    params = (*(param for param in step.request.params if param[0] != "token"), ("token", token))
    following = replace(step, request=replace(step.request, params=params), purpose=f"page after {got}")
    return Turn(ids, hits, (following,))


def _page(response: Response) -> tuple[list[dict[str, object]], int, str | None]:
    """The papers of a page, the number of hits, and the token for the next. Raises `Broken` for anything else."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"Semantic Scholar's answer is no whole JSON: {error}") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("total"), int):
        raise Broken(f"Semantic Scholar's answer has no total: {_said(response.body)}")
    papers = answer.get("data")
    if papers is None and answer["total"] == 0:
        papers = []
    if not isinstance(papers, list) or not all(isinstance(paper, dict) for paper in papers):
        raise Broken("Semantic Scholar's answer has hits but no list of papers")
    token = answer.get("token")
    return papers, answer["total"], token if isinstance(token, str) and token else None


def trouble(response: Response) -> Exception | None:
    """400 tells what is wrong with the query or with the token, 403 that the key is not known."""
    said = _said(response.body)
    if response.status == 400:
        return (Expired if "token" in said.lower() else Refused)(f"Semantic Scholar does not understand the request: {said}")
    if response.status in (401, 403):
        return Refused(f"Semantic Scholar does not know the key in {KEY.variable}: {said}")
    return None


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Some parameters are the connector's own."""
    return [
        f"filter {name}: is set by the pipeline itself; " + ("use from_year and to_year" if name == "year" else "leave it out")
        for name in strategy.filters
        if name in _OWN
    ]


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return repr(body[:200].decode("utf-8", "replace"))
    told = [answer[name] for name in ("error", "message") if answer.get(name)] if isinstance(answer, dict) else []
    return "; ".join(map(str, told)) or repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="semanticscholar",
    kind="database",
    home="https://api.semanticscholar.org/graph/v1",
    format="semanticscholar",
    rate=Rate(1),
    begin=begin,
    follow=follow,
    increments=False,
    credentials=(KEY,),
    trouble=trouble,
    faults=faults,
)
