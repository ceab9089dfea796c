"""Runs a connector against a played source, as the harvester would, without its journal, its waits and its second attempts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tasks.sources.connector import Connector, Query, Request, Response
from tests.sources.played.playing import Asked, Played

STEPS = 100_000


@dataclass(slots=True)
class Ran:
    """What a run got; ``pages`` are the bodies of the answers that are kept."""

    ids: list[str] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    hits: dict[str, int] = field(default_factory=dict)  # by slice, as last told
    notes: list[str] = field(default_factory=list)
    asked: int = 0


def asked(request: Request, base: str) -> Asked:
    """The request as the source that is mounted at ``base`` sees it."""
    if not request.url.startswith(base):
        raise AssertionError(f"{request.url} is not under {base}: a step left the endpoint of the query")
    parts = urlsplit(request.url[len(base) :])
    params = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(request.params)
    headers = {name.lower(): value for name, value in request.headers}
    return Asked(parts.path or "/", params, request.method, headers, (request.body or "").encode())


def run(connector: Connector, query: Query, played: Played, base: str = "https://played.invalid") -> Ran:
    """Ask and follow until no step is left, depth first as the harvester does.

    ``base`` is where the source is mounted; the query's endpoint has to be there. What the connector raises, comes out.
    """
    ran = Ran()
    queue = deque(connector.begin(query))
    while queue:
        ran.asked += 1
        if ran.asked > STEPS:
            raise AssertionError(f"{connector.name} asks without an end: {STEPS} steps")
        step = queue.popleft()
        answer = played(asked(step.request, base))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        response = Response(answer.status, step.request.url, headers, answer.body)
        if not (200 <= answer.status < 300 or answer.status == 304 or answer.status in connector.reads):
            trouble = connector.trouble(response)
            raise trouble or AssertionError(f"{connector.name}: status {answer.status}: {answer.body[:300]!r}")
        turn = connector.follow(query, step, response)
        ran.ids += turn.ids
        ran.notes += turn.notes
        if turn.hits is not None:
            ran.hits[step.slice] = turn.hits
        if turn.keep:
            ran.pages.append(answer.body)
        queue.extendleft(reversed(turn.steps))
    return ran
