"""De-duplicates references that belong to no review: what ``evimap dedup FILE…`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from tasks.dedup.deduplicate import group
from tasks.formats.reference import Reference
from warehouse.engine import Engine
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

START = datetime(1970, 1, 1)  # the n-th reference counts as first seen n microseconds later: the input's order is the order


def clusters(references: Sequence[tuple[str | None, str, Reference]]) -> pa.Table:
    """(record_id, citation_id) of each (own id, file name, reference), in the order given.

    ``record_id`` is the reference's own id, or ``file:row`` (row from 1 within the file) where it has none. Own ids may repeat
    from file to file; each reference still is one row. Two rows are the same paper exactly if their ``citation_id`` is.
    """
    shown = _shown_ids(references)
    rows = [_record(place, reference) for place, (_, _, reference) in enumerate(references)]
    names = _unique(shown)
    for row, name in zip(rows, names, strict=True):
        row["record_id"] = name
    with Engine({"staging.record": RECORD.of_rows(rows), "log.override": OVERRIDE.empty()}) as engine:
        group(engine)
        found = engine.run(Path(__file__).with_name("standalone.sql"))
    return pa.table({"record_id": pa.array(shown, pa.string()), "citation_id": found.column("citation_id")})


def _shown_ids(references: Sequence[tuple[str | None, str, Reference]]) -> list[str]:
    """Own ids, or the place in the file."""
    row_in: Counter[str] = Counter()
    shown = []
    for own, file, _ in references:
        row_in[file] += 1
        shown.append(own if own else f"{file}:{row_in[file]}")
    return shown


def _unique(shown: list[str]) -> list[str]:
    """The same ids, with the place added where an id was there before: the grouping needs a name for each row."""
    taken = set(shown)
    seen: set[str] = set()
    names = []
    for place, name in enumerate(shown):
        unique = name
        if name in seen:
            unique = f"{name}#{place}"
            while unique in taken:
                unique += "#"
            taken.add(unique)
        seen.add(name)
        names.append(unique)
    return names


def _record(place: int, reference: Reference) -> dict[str, object]:
    """The reference as a row of ``staging.record``; what is not bibliographic is filled in and never looked at."""
    return {
        "review": "standalone", "source_id": "file", "search_id": "file", "database": "file", "box": "database",
        "arm": "databases",
        "type": reference.type, "title": reference.title, "authors": list(reference.authors), "year": reference.year,
        "journal": reference.journal, "volume": reference.volume, "issue": reference.issue, "pages": reference.pages,
        "doi": reference.doi, "pmid": reference.pmid, "abstract": reference.abstract, "keywords": list(reference.keywords),
        "language": reference.language, "publisher": reference.publisher, "url": next(iter(reference.urls), None),
        "warnings": [], "first_seen": START + timedelta(microseconds=place), "raw": "", "offset": reference.offset,
        "length": reference.length, "synthetic": False,
    }  # fmt: skip
