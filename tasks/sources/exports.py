"""Exported files that people put into ``imports/``: kept byte for byte, each search described once in the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks.formats.html_text import is_page
from tasks.formats.packed import members
from warehouse.archive import Log, Raw
from warehouse.configuration.searches import Search
from warehouse.configuration.sources import Source
from warehouse.files import sha256
from warehouse.review import Review
from warehouse.tables.catalogue import table


@dataclass(frozen=True, slots=True)
class Received:
    """What a run found in ``imports/``: searches that are new to the log, and their files and bytes."""

    searches: int = 0
    files: int = 0
    bytes: int = 0


def receive(review: Review, raw: Raw, log: Log, as_of: datetime) -> Received:
    """Logs every declared search that the log does not have yet.

    The search row comes last: whatever is missing after a crash is done again, and nothing twice.
    """
    known = set(log.read("search").column("search_id").to_pylist())
    imported = set(log.read("import").column("search_id").to_pylist())
    asked = set(log.read("asked").column("search_id").to_pylist())
    lined = set(log.read("search_line").column("search_id").to_pylist())
    searches = files = size = 0
    for search in review.searches.searches:
        contents = _contents(review, search)
        shas = [sha256(data) for _, data in contents]
        readings = [_reading(review.source(search.source), data) for _, data in contents]
        search_id = identify(review, search, shas, readings)
        if search_id in known:
            continue
        for _, data in contents:
            raw.put(data)
        if search_id not in imported:
            log.append("import", table("log.import").of_rows(
                {"review": review.id, "search_id": search_id, "position": position, "path": name, "raw": sha,
                 "bytes": len(data), "reading": reading, "as_of": as_of}
                for position, (sha, reading, (name, data)) in enumerate(zip(shas, readings, contents, strict=True))
            ))  # fmt: skip
        if search_id not in lined:
            log.append("search_line", table("log.search_line").of_rows(
                {"review": review.id, "search_id": search_id, "line": number, "text": line.text, "hits": line.hits,
                 "as_of": as_of}
                for number, line in enumerate(search.lines, 1)
            ))  # fmt: skip
        if search_id not in asked:
            log.append("asked", table("log.asked").of_rows(
                {"review": review.id, "search_id": search_id, "person": one.person, "asked_on": one.asked_on, "how": one.how,
                 "replied": one.replied, "as_of": as_of}
                for one in search.asked
            ))  # fmt: skip
        log.append("search", table("log.search").of_rows([describe(review, search, search_id, shas, as_of)]))
        known.add(search_id)
        searches, files, size = searches + 1, files + len(contents), size + sum(len(data) for _, data in contents)
    return Received(searches, files, size)


def _contents(review: Review, search: Search) -> list[tuple[str, bytes]]:
    """The files of a search by name, those in a .gz or .zip one by one, so that each reference can be found in kept bytes."""
    return [
        (f"{name}/{member.name}" if member.name else name, member.data)
        for name in search.files
        for member in members((review.imports / name).read_bytes())
    ]


def _reading(source: Source, data: bytes) -> str | None:
    """How a saved page of results is read: by the selectors of its source. Other files show what they are."""
    site = source.site
    if site is None or site.selectors is None or not is_page(data):
        return None
    settings = {"base": site.url, "selectors": site.selectors.model_dump()}
    return json.dumps({"format": "result_page", "settings": settings}, sort_keys=True)


def identify(review: Review, search: Search, shas: list[str], readings: Sequence[str | None] = ()) -> str:
    """The id of a search: another source, string, limit, platform, file or answer makes another search.

    So do other selectors, by which saved pages are read anew.
    """
    source = review.source(search.source)
    asked = [one.model_dump(mode="json") for one in search.asked]
    selected = list(readings) if any(readings) else []
    parts = [source.id, source.platform, search.string, search.limits, shas, *([asked] if asked else []), *selected]
    return "s" + sha256(json.dumps(parts, ensure_ascii=False).encode())[:12]


def describe(review: Review, search: Search, search_id: str, shas: list[str], as_of: datetime) -> dict[str, object]:
    """The row of ``log.search``."""
    source = review.source(search.source)
    return {
        "review": review.id,
        "search_id": search_id,
        "source_id": source.id,
        "database": source.database,
        "platform": source.platform,
        "box": source.box,
        "arm": source.arm,
        "strategy": search.string,
        "limits": search.limits,
        "coverage": search.coverage,
        "searched_on": search.searched_on,
        "searcher": search.searcher,
        "translated_from": search.translated_from,
        "peer_reviewer": search.peer_reviewer,
        "hits": search.hits,
        "files": shas,
        "as_of": as_of,
    }
