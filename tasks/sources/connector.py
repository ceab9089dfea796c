"""What a connector is: pure functions that say what to ask a source next, given what it has answered so far.

A harvest of one strategy is a queue of `Step`. The harvester (`tasks.sources.harvest`) sends each step's request, keeps the
answer byte for byte, and asks ``follow`` what comes next; ``follow`` reads only the envelope (total, cursor, ids), never the
records, which the stage `records` reads from the kept page by the format that the connector names. Because ``begin`` and
``follow`` are pure, a killed harvest goes on from its journal by following the kept pages again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from warehouse.configuration.sources import Site, Source, Strategy
from warehouse.files import sha256


class Broken(Exception):
    """The answer is not what the source gives when all is well (cut short, an HTML page, an error under status 200): ask again.

    ``wait`` is the number of seconds that the source asks for, if it does.
    """

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Refused(Exception):
    """The source refuses the request for good: a fault in the query, a key that is missing or wrong."""


class TryLater(Exception):
    """The source cannot be had now: its daily limit is reached, or it stays out of order. What was got is kept."""


class Expired(Exception):
    """The cursor is no longer known to the source: the slice starts again."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask, without any key or e-mail: those are added by the HTTP client and never kept."""

    url: str
    params: tuple[tuple[str, str], ...] = ()
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None  # sent as UTF-8
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. ``url`` is the final address without keys; header names are in lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a harvest. Steps of one ``slice`` (a range of dates, a site) share a cursor and start again together."""

    request: Request
    slice: str = ""
    purpose: str = "page"  # what the connector itself tells its steps apart by: search, page, robots …

    @property
    def key(self) -> str:
        """Names the step in the journal: the same request in the same slice is the same step."""
        parts = [self.slice, self.purpose, self.request.method, self.request.url, self.request.params, self.request.body]
        return sha256(json.dumps(parts, ensure_ascii=False).encode())[:16]


@dataclass(frozen=True, slots=True)
class Turn:
    """What ``follow`` makes of one answer."""

    ids: tuple[str, ...] = ()  # the source's own ids of the records on this page, in order; one for each record
    hits: int | None = None  # how many records the slice has in all, where this answer tells
    steps: tuple[Step, ...] = ()  # what to ask next
    keep: bool = True  # False for an answer that only steers (a search that gives a token): it holds no records
    notes: tuple[str, ...] = ()  # what the source says about the search: a phrase not found, a term ignored


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a source may be asked: requests a second, and how many at once."""

    per_second: float
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Credential:
    """A key or e-mail from the environment, and where the source wants it."""

    variable: str  # EVIMAP_OPENALEX_KEY
    place: Literal["query", "header"]
    name: str  # api_key, X-ApiKey, Authorization
    form: str = "{}"  # "Bearer {}"
    required: bool = False  # without it the source answers nothing


@dataclass(frozen=True, slots=True)
class Seed:
    """A paper whose citations are chased."""

    doi: str | None = None
    pmid: str | None = None
    openalex: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One run of one strategy, as a connector sees it."""

    endpoint: str  # the connector's home, or the address that the protocol gives instead, without a slash at its end
    text: str = ""  # the search string in the source's own syntax
    filters: Mapping[str, str] = field(default_factory=dict)  # the source's own filters, by their own names
    from_year: int | None = None
    to_year: int | None = None
    since: date | None = None  # only what was added or changed on this day or later; None for everything
    until: date | None = None  # the day of this run
    page_size: int | None = None  # records a page, where the protocol asks for fewer than the source allows
    site: Site | None = None
    seeds: tuple[Seed, ...] = ()
    direction: Literal["backward", "forward"] | None = None


def no_fault(_source: Source, _strategy: Strategy) -> list[str]:
    """For connectors that can work with whatever the protocol's models allow."""
    return []


def usual_trouble(_response: Response) -> Exception | None:
    """For sources whose status codes mean what HTTP says."""
    return None


@dataclass(frozen=True, slots=True)
class Connector:
    """A source that can be asked. ``begin`` and ``follow`` are pure; ``follow`` may raise `Broken`, `Refused` or `Expired`.

    ``trouble`` sees each answer whose status is not 2xx, 304 or one of ``reads`` first, and may say which of the exceptions
    above it is; with None the HTTP client decides: 408, 425, 429 and 5xx are asked again, every other 4xx is `Refused`.
    """

    name: str
    kind: Literal["database", "register", "website", "citations", "notices"]
    home: str  # https://api.openalex.org
    format: str  # name of the format in tasks.formats that reads its pages
    rate: Rate
    begin: Callable[[Query], tuple[Step, ...]]
    follow: Callable[[Query, Step, Response], Turn]
    increments: bool  # whether it can be asked for what is new or changed; if not, each refresh pulls all and compares
    needs: tuple[Literal["query", "site", "direction"], ...] = ("query",)  # what a strategy or source has to give
    credentials: tuple[Credential, ...] = ()
    shifts: bool = False  # pages are numbered, so that a record added meanwhile moves others to another page
    robots: bool = False  # robots.txt is asked first and obeyed
    conditional: bool = False  # a page is asked for by its ETag, and "not modified" stands for the page as it was kept
    handles: frozenset[str] = frozenset()  # parameters that name a session at the source; the address of a page is kept without
    reads: frozenset[int] = frozenset()  # statuses that are answers as well: a page that is gone (404) ends no harvest
    trouble: Callable[[Response], Exception | None] = usual_trouble
    faults: Callable[[Source, Strategy], list[str]] = no_fault  # what is wrong with the configuration, beyond what is missing
