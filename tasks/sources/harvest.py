"""The harvest of one strategy: a queue of steps, each answer kept before it is read, so that it can be cut short anywhere.

What a source may do wrong is noticed here, for every connector alike: a page that comes twice, a cursor that loops, a total
that changes, an empty page before the end, fewer records than it said. None of it is passed over in silence: the slice is
asked again from its start, or the harvest says what it saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from tasks.formats.undisturbed import undisturbed
from tasks.sources.connector import Broken, Connector, Expired, Query, Request, Response, Step, Turn
from tasks.sources.journal import Entry, Journal
from warehouse.archive import Raw

RESTARTS = 3  # of one slice, before the harvest gives up
EMPTY_PAGES = 2  # times that an empty page before the end is asked for again

Send = Callable[[Request, Callable[[Response], Turn]], Turn]
Report = Callable[[int, int | None], None]  # records got, and hits where they are known


class Lost(Exception):
    """The source did not give what it said it had; the message says how much is missing, or what went round in circles."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that holds records, as it was kept."""

    url: str
    raw: str
    bytes: int
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Harvested:
    """What one run of a strategy brought."""

    pages: tuple[Page, ...]
    delivered: int  # records that differ by the source's own ids
    hits: int | None  # records that the source said it had
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as an earlier run kept it, and what the source calls that version of it."""

    raw: str
    etag: str | None = None
    last_modified: str | None = None


class _Restart(Exception):
    """The slice has to be asked again from its start."""


@dataclass(slots=True)
class _Slice:
    """What is known of one slice so far."""

    first: Step
    hits: int | None = None
    pages: list[tuple[Page, tuple[str, ...]]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    planned: set[str] = field(default_factory=set)  # keys of the steps that were asked or wait to be
    restarts: int = 0
    notes: list[str] = field(default_factory=list)


class Harvest:
    """One run of one strategy. `run` may be called anew, in another process, with the same journal: it then goes on."""

    def __init__(
        self, connector: Connector, query: Query, send: Send, raw: Raw, journal: Journal, report: Report,
        allows: Callable[[str], bool] = lambda _address: True, kept: Mapping[str, Kept] | None = None,
    ) -> None:  # fmt: skip
        """``allows`` says which addresses robots.txt leaves open; ``kept`` has the pages of earlier runs by address."""
        self._connector, self._query = connector, query
        self._send, self._raw, self._journal, self._report = send, raw, journal, report
        self._allows, self._kept = allows, kept or {}
        self._slices: dict[str, _Slice] = {}
        self._queue: list[Step] = []

    def run(self) -> Harvested:
        """Asks until nothing is left to ask.

        Raises `Lost` where a slice does not come right after `RESTARTS` restarts, and whatever the connector or the HTTP client
        raises for good: `Refused`, `TryLater`.
        """
        self._begin(self._connector.begin(self._query))
        while self._queue:
            step = self._queue.pop(0)
            try:
                self._take(step)
            except (Expired, _Restart) as reason:
                self._restart(step, str(reason))
        return self._harvested()

    def _begin(self, steps: tuple[Step, ...]) -> None:
        for step in reversed(steps):
            known = self._slices.setdefault(step.slice, _Slice(step))
            if step.key in known.planned:
                if self._connector.kind in ("website", "citations", "notices"):
                    continue  # pages of a site link to one another; asking once is enough
                raise _Restart(f"the source sends round in a circle: {shown(step.request)} comes again")
            known.planned.add(step.key)
            self._queue.insert(0, step)

    def _take(self, step: Step) -> None:
        part = self._slices[step.slice]
        address = _address(step.request)
        if not self._allows(address):
            part.notes.append(f"robots.txt does not allow {address}")
            return
        entry = self._journal.find(step.key)
        if entry is None:
            entry, turn = self._ask(step, part)
        else:
            body = self._raw.get(entry.raw)
            turn = self._follow(step, Response(entry.status, entry.url, entry.headers, body))
        self._judge(step, part, entry, turn)
        self._begin(turn.steps)

    def _follow(self, step: Step, response: Response) -> Turn:
        with undisturbed():
            return self._connector.follow(self._query, step, response)

    def _ask(self, step: Step, part: _Slice) -> tuple[Entry, Turn]:
        """Sends the request; the answer that the connector accepts is kept, then noted in the journal."""
        empty = 0
        taken: list[Response] = []
        before = self._kept.get(shown(step.request)) if self._connector.conditional else None

        def accept(response: Response) -> Turn:
            nonlocal empty
            if response.status == 304 and before is not None:
                response = replace(response, status=200, body=self._raw.get(before.raw))
            turn = self._follow(step, response)
            missing = turn.keep and not turn.ids and bool(turn.steps) and (turn.hits or 0) > len(part.ids)
            if missing and empty < EMPTY_PAGES:
                empty += 1
                raise Broken("an empty page, though the source says that more is to come")
            taken[:] = [response]
            return turn

        turn = self._send(_if_changed(step.request, before) if before else step.request, accept)
        [response] = taken
        sha = self._raw.put(response.body)
        entry = Entry(step.key, sha, len(response.body), response.status, response.url, dict(response.headers))
        self._journal.add(entry)
        return entry, turn

    def _judge(self, step: Step, part: _Slice, entry: Entry, turn: Turn) -> None:
        if turn.hits is not None:
            if part.hits is not None and turn.hits != part.hits:
                changed = f"the total changed from {part.hits:,} to {turn.hits:,} while it was read"
                if self._connector.shifts and part.restarts == 0:
                    raise _Restart(changed)
                part.notes.append(changed)
            part.hits = turn.hits
        part.notes += turn.notes
        if not turn.keep:
            return
        if len(turn.ids) > 1 and any(ids == turn.ids for _, ids in part.pages):
            raise _Restart(f"the page {shown(step.request)} holds the same records as one before it")
        url = _without(entry.url, self._connector.handles)
        page = Page(url, entry.raw, entry.bytes, entry.headers.get("etag"), entry.headers.get("last-modified"))
        part.pages.append((page, turn.ids))
        part.ids.update(turn.ids)
        self._report(sum(len(one.ids) for one in self._slices.values()), self._hits())

    def _restart(self, step: Step, reason: str) -> None:
        """Forgets the slice and asks it again; the slice "" is the whole harvest."""
        part = self._slices[step.slice]
        part.restarts += 1
        if part.restarts > RESTARTS:
            raise Lost(f"{reason}; asked again {RESTARTS} times, and it stays so")
        whole = step.slice == ""
        gone = list(self._slices) if whole else [step.slice]
        self._journal.forget({key for name in gone for key in self._slices[name].planned})
        self._queue = [] if whole else [waiting for waiting in self._queue if waiting.slice != step.slice]
        restarts = part.restarts
        for name in gone:
            del self._slices[name]
        first = self._connector.begin(self._query) if whole else (part.first,)
        self._begin(first)
        self._slices[step.slice].restarts = restarts
        self._slices[step.slice].notes.append(f"asked again from the start: {reason}")

    def _hits(self) -> int | None:
        """What the root says of the whole, else the sum over the slices, if each has said it."""
        root = self._slices.get("")
        if root is not None and root.hits is not None:
            return root.hits
        told = [part.hits for part in self._slices.values()]
        return sum(hits for hits in told if hits is not None) if told and None not in told else None

    def _harvested(self) -> Harvested:
        pages = tuple(page for part in self._slices.values() for page, _ in part.pages)
        notes = tuple(dict.fromkeys(note for part in self._slices.values() for note in part.notes))
        delivered = len(set().union(*(part.ids for part in self._slices.values())))
        return Harvested(pages, delivered, self._hits(), notes)


def _if_changed(request: Request, before: Kept) -> Request:
    headers = [("If-None-Match", before.etag), ("If-Modified-Since", before.last_modified)]
    return replace(request, headers=(*request.headers, *((name, value) for name, value in headers if value)))


def _without(url: str, names: frozenset[str]) -> str:
    """An address without parameters whose values no other run would have: they tell nobody anything."""
    address, mark, params = url.partition("?")
    return address + mark + "&".join(one for one in params.split("&") if one.partition("=")[0] not in names) if names else url


def _address(request: Request) -> str:
    """The address as it is sent: rules of robots.txt may speak of parameters too (RFC 9309, 2.2.2)."""
    return request.url + ("?" + urlencode(request.params) if request.params else "")


def shown(request: Request) -> str:
    """The address that a request asks for; it has no keys."""
    return request.url + ("?" + "&".join(f"{name}={value}" for name, value in request.params) if request.params else "")
