"""Searches that the pipeline itself runs: which are due, how each is run, and how it enters the search log."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from tasks.formats.detect import read
from tasks.sources import robots
from tasks.sources.connector import Connector, Query, Refused, Request, Response, Seed, Step, TryLater, Turn
from tasks.sources.harvest import Harvest, Harvested, Kept, Lost, Report, Send
from tasks.sources.journal import Entry, Journal
from tasks.sources.registry import CONNECTORS
from warehouse.archive import Log, Raw
from warehouse.configuration.sources import Site, Source, Strategy
from warehouse.engine import Engine
from warehouse.files import sha256
from warehouse.review import Review
from warehouse.storage import Published
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one strategy that is due, and the same in a later process: it follows from review, log and clock."""

    source: Source
    strategy: Strategy
    text: str  # the search string as the log keeps it
    as_of: datetime
    since: date | None = None
    seeds: tuple[Seed, ...] = ()
    kept: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def connector(self) -> Connector:
        """The connector of its source."""
        return CONNECTORS[str(self.source.connector)]

    @property
    def query(self) -> Query:
        """The run as its connector sees it."""
        strategy = self.strategy
        return Query(
            endpoint=(self.source.endpoint or self.connector.home).rstrip("/"), text=strategy.query, filters=strategy.filters,
            from_year=strategy.from_year, to_year=strategy.to_year, since=self.since, until=self.as_of.date(),
            page_size=self.source.page_size, site=self.source.site, seeds=self.seeds, direction=strategy.direction,
        )  # fmt: skip

    @property
    def name(self) -> str:
        """Names its journal: another string, limit, address, window or clock value is another run."""
        parts = [
            self.source.model_dump(mode="json"),
            self.strategy.model_dump(mode="json"),
            self.text,
            str(self.since),
            str(self.as_of),
        ]
        return f"{self.source.id}-{self.strategy.id}-{sha256(json.dumps(parts, sort_keys=True).encode())[:16]}"


@dataclass(frozen=True, slots=True)
class Done:
    """A run with what it brought."""

    run: Run
    harvested: Harvested


def faults(review: Review) -> list[str]:
    """What is wrong with the sources of a protocol, as far as their connectors can tell."""
    found = []
    for source in review.protocol.sources:
        if source.connector is None:
            continue
        connector = CONNECTORS[source.connector]
        for strategy in source.strategies:
            at = f"{review.folder / 'protocol.yaml'}: sources.{source.id}.{strategy.id}"
            missing = {"query": not strategy.query, "site": source.site is None, "direction": strategy.direction is None}
            found += [f"{at}: connector {connector.name} needs {need}" for need in connector.needs if missing[need]]
            found += [f"{at}: {fault}" for fault in connector.faults(source, strategy)]
    return found


def seeds_of(live: Published) -> tuple[Seed, ...]:
    """The included papers of the live release, whose citations can be followed."""
    with Engine({name: live.path(name) for name in ("staging.funnel", "staging.citation")}) as engine:
        found: list[dict[str, Any]] = engine.rows(_HERE / "seeds.sql")
        return tuple(Seed(row["doi"], row["pmid"]) for row in found)


def due(review: Review, log: Log, as_of: datetime, seeds: Sequence[Seed]) -> list[Run]:
    """The runs of this refresh, in the order of the protocol.

    A strategy that was run before is asked only for what is new or changed since, less the overlap, where its connector can. It
    is not due when this refresh has logged it already, or before ``every_days`` have gone by.
    """
    searches = log.read("search").to_pylist()
    found = []
    for source in review.protocol.sources:
        if source.connector is None:
            continue
        connector = CONNECTORS[source.connector]
        for strategy in source.strategies:
            follows = connector.kind in ("citations", "notices")
            chased = tuple(seeds) if follows else ()
            if follows and not chased:
                continue  # nothing is included yet whose citations could be followed
            text = _text(strategy, chased)
            mine = [row for row in searches if row["source_id"] == source.id and row["strategy_id"] == strategy.id]
            if any(row["as_of"] == as_of for row in mine):
                continue
            same = (text or None, strategy.limits, source.platform)  # as the log has it
            before = [row["as_of"] for row in mine if (row["strategy"], row["limits"], row["platform"]) == same]
            last = max(before, default=None)
            if last is not None and as_of < last + timedelta(days=source.every_days):
                continue
            overlap = timedelta(days=review.protocol.searching.overlap_days)
            since = (last - overlap).date() if last is not None and connector.increments else None
            kept = _kept(log, {row["search_id"] for row in mine}) if connector.conditional else {}
            found.append(Run(source, strategy, text, as_of, since, chased, kept))
    return found


def _text(strategy: Strategy, seeds: Sequence[Seed]) -> str:
    """The search string; for citations, the papers that they are citations of."""
    if not seeds:
        return strategy.query
    papers = "; ".join(sorted(str(seed.doi or (seed.pmid and f"pmid:{seed.pmid}") or seed.openalex) for seed in seeds))
    what = {"backward": "cited by", "forward": "citing", None: "notices on"}[strategy.direction]
    return f"{what} {papers}"


def _kept(log: Log, searches: set[str]) -> dict[str, Kept]:
    """The latest version of each page that earlier runs of a strategy kept, where the source gave it a name."""
    rows = [row for row in log.read("import").to_pylist() if row["search_id"] in searches]
    return {
        row["path"]: Kept(row["raw"], row["etag"], row["last_modified"]) for row in rows if row["etag"] or row["last_modified"]
    }


def harvest(
    run: Run, send: Send, slow_down: Callable[[float], None], raw: Raw, journals: Path, report: Report, allowed: float
) -> Done:
    """Runs a strategy, going on from its journal if it has one.

    Raises `Lost` where more than the share ``allowed`` of the reported hits did not come; the journal is then dropped, so that
    the next run asks anew.
    """
    path = journals / f"{run.name}.jsonl"
    journal = Journal(path)
    polite = _Robots(send, raw, journal, slow_down) if run.connector.robots else None
    allows = polite.allows if polite else lambda _address: True
    try:
        harvested = Harvest(run.connector, run.query, send, raw, journal, report, allows, run.kept).run()
        missing = (harvested.hits or 0) - harvested.delivered
        if missing > math.floor(allowed * (harvested.hits or 0)):
            raise Lost(
                f"{harvested.delivered:,} of {harvested.hits:,} records came, {missing:,} are missing; more than "
                f"protocol.searching.shortfall_stops allows"
            )
        if not harvested.pages and polite is not None and polite.refused:
            raise Refused(f"robots.txt does not allow {polite.refused[0]}")
    except Lost as lost:
        path.unlink(missing_ok=True)
        raise Lost(f"{run.source.id}, strategy {run.strategy.id}: {lost}") from None
    except (Refused, TryLater) as error:
        raise type(error)(f"{run.source.id}, strategy {run.strategy.id}: {error}") from None
    return Done(run, harvested)


class _Robots:
    """What robots.txt of each site allows; asked once for a run, and kept in its journal."""

    def __init__(self, send: Send, raw: Raw, journal: Journal, slow_down: Callable[[float], None]) -> None:
        self._send, self._raw, self._journal, self._slow_down = send, raw, journal, slow_down
        self._rules: dict[str, robots.Robots] = {}
        self.refused: list[str] = []

    def allows(self, address: str) -> bool:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._read(origin)
            self._slow_down(self._rules[origin].delay or 0.0)
        allowed = self._rules[origin].allows(address)
        if not allowed:
            self.refused.append(address)
        return allowed

    def _read(self, origin: str) -> robots.Robots:
        step = Step(Request(f"{origin}/robots.txt"), "robots", "robots")
        entry = self._journal.find(step.key)
        if entry is None:
            taken: list[Response] = []

            def accept(response: Response) -> Turn:
                taken[:] = [response]
                return Turn(keep=False)

            try:
                self._send(step.request, accept)
                [response] = taken
            except Refused:
                response = Response(404, step.request.url, {}, b"")
            except TryLater:
                return robots.rules(None, b"")
            entry = Entry(step.key, self._raw.put(response.body), len(response.body), response.status, response.url)
            self._journal.add(entry)
        return robots.rules(entry.status, self._raw.get(entry.raw))


def log_searches(review: Review, raw: Raw, log: Log, done: Sequence[Done]) -> None:
    """Enters runs into the log, the search row last; a run that is there already is left as it is.

    A re-check of included papers is no search: its notices are logged, those that were not known before.
    """
    known = set(log.read("search").column("search_id").to_pylist())
    imported = set(log.read("import").column("search_id").to_pylist())
    for one in done:
        if one.run.connector.kind == "notices":
            log.append("notice", _notices(review, raw, log, one))
            continue
        row = describe(review, one)
        if row["search_id"] in known:
            continue
        if row["search_id"] not in imported:
            log.append("import", _imports(review, one, str(row["search_id"])))
        log.append("search", table("log.search").of_rows([row]))


def _notices(review: Review, raw: Raw, log: Log, done: Done) -> pa.Table:
    """Notices on the papers that were asked for and that the log does not have."""
    wanted = {seed.doi for seed in done.run.seeds}
    known = {(row["doi"], row["notice"]) for row in log.read("notice").to_pylist()}
    found: dict[tuple[str, str], dict[str, object]] = {}
    for page in done.harvested.pages:
        for reference in read(raw.get(page.raw), done.run.connector.format).references:
            for notice in reference.notices:
                if reference.doi in wanted and (reference.doi, notice) not in known:
                    found[str(reference.doi), notice] = {
                        "review": review.id, "doi": reference.doi, "notice": notice, "source_id": done.run.source.id,
                        "raw": page.raw, "as_of": done.run.as_of,
                    }  # fmt: skip
    return table("log.notice").of_rows(found[key] for key in sorted(found))


def _imports(review: Review, done: Done, search_id: str) -> pa.Table:
    search = {"review": review.id, "search_id": search_id, "as_of": done.run.as_of}
    return table("log.import").of_rows(
        {**search, "position": position, "path": page.url, "raw": page.raw, "bytes": page.bytes,
         "reading": reading(done.run.connector, done.run.source.site, page.url), "etag": page.etag,
         "last_modified": page.last_modified}
        for position, page in enumerate(done.harvested.pages)
    )  # fmt: skip


def reading(connector: Connector, site: Site | None, url: str) -> str:
    """By which format a page is read, and the settings that it needs: selectors, and the address that its links start from."""
    found: dict[str, object] = {"format": connector.format}
    if site is not None:
        found["settings"] = {"base": url, **({"selectors": site.selectors.model_dump()} if site.selectors else {})}
    return json.dumps(found, sort_keys=True)


def describe(review: Review, done: Done) -> dict[str, object]:
    """The row of ``log.search`` of a run."""
    run, harvested, searching = done.run, done.harvested, review.protocol.searching
    shas = [page.raw for page in harvested.pages]
    parts = [run.source.id, run.source.platform, run.strategy.id, run.text, run.strategy.limits, str(run.as_of), shas]
    hits = harvested.hits
    return {
        "review": review.id,
        "search_id": "s" + sha256(json.dumps(parts, ensure_ascii=False).encode())[:12],
        "source_id": run.source.id,
        "database": run.source.database,
        "platform": run.source.platform,
        "box": run.source.box,
        "arm": run.source.arm,
        "strategy": run.text or None,
        "limits": run.strategy.limits,
        "searched_on": run.as_of.date(),
        "searcher": run.strategy.searcher,
        "translated_from": run.strategy.translated_from,
        "peer_reviewer": run.strategy.peer_reviewer,
        "hits": hits,
        "connector": run.connector.name,
        "strategy_id": run.strategy.id,
        "since": run.since,
        "delivered": harvested.delivered,
        "warns_below": None if hits is None else hits - math.floor(searching.shortfall_warns * hits),
        "stops_below": None if hits is None else hits - math.floor(searching.shortfall_stops * hits),
        "notes": list(harvested.notes),
        "files": shas,
        "as_of": run.as_of,
    }
