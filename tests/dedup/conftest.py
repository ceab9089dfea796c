"""Invented papers: a full reference, and records of it as different databases would give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from tasks.dedup.deduplicate import deduplicate
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

Rows = Sequence[dict[str, Any]]
EMPTY: dict[str, Any] = {
    "review": "invented",
    "source_id": "embase",
    "search_id": "embase-1",
    "database": "Embase",
    "box": "database",
    "arm": "databases",
    "authors": [],
    "keywords": [],
    "warnings": [],
    "first_seen": datetime(2024, 1, 1),
    "raw": "0",
    "offset": 0,
    "length": 0,
    "synthetic": False,
}
PAPER: dict[str, Any] = {
    "type": "article",
    "title": "Kinship navigator programmes and placement stability among children in Northumbria",
    "authors": ["Harrowgate, Miriam", "Okonjo-Bell, T.", "Lindqvist, Per"],
    "year": 2014,
    "journal": "Journal of Child Placement Studies",
    "volume": "19",
    "issue": "3",
    "pages": "211-228",
    "doi": "10.5555/jcps.2014.0193",
    "abstract": "We followed 412 children placed with kin over three years and compared how often they moved.",
}


@pytest.fixture
def sparse() -> Callable[..., dict[str, Any]]:
    """A record with nothing but what is given."""

    def make(record_id: str, **fields: Any) -> dict[str, Any]:
        return {**EMPTY, "record_id": record_id, **fields}

    return make


@pytest.fixture
def paper() -> Callable[..., dict[str, Any]]:
    """A record of the invented paper, with the given fields instead of its own."""

    def make(record_id: str, **fields: Any) -> dict[str, Any]:
        return {**EMPTY, **PAPER, "record_id": record_id, **fields}

    return make


@pytest.fixture
def run() -> Callable[..., dict[str, pa.Table]]:
    """The tables of the stage for some records and overrides."""

    def tables(rows: Rows, overrides: Rows = (), **policy: Any) -> dict[str, pa.Table]:
        return deduplicate({"staging.record": RECORD.of_rows(rows), "log.override": OVERRIDE.of_rows(overrides)}, **policy)

    return tables


@pytest.fixture
def groups(run: Callable[..., dict[str, pa.Table]]) -> Callable[..., set[frozenset[str]]]:
    """The records that became one citation, as sets of record ids."""

    def found(rows: Rows, overrides: Rows = (), **policy: Any) -> set[frozenset[str]]:
        return _groups(run(rows, overrides, **policy)["staging.citation_record"].to_pylist())

    return found


@pytest.fixture
def override() -> Callable[..., dict[str, Any]]:
    """A person's word on a pair."""

    def make(a: str, b: str, verdict: str, day: int = 1) -> dict[str, Any]:
        first, second = sorted((a, b))
        return {
            "review": "invented", "record_a": first, "record_b": second, "verdict": verdict, "by": "ana", "note": None,
            "raw": "0", "as_of": datetime(2024, 2, day),
        }  # fmt: skip

    return make


def _groups(rows: Iterable[dict[str, Any]]) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for row in rows:
        members.setdefault(row["citation_id"], set()).add(row["record_id"])
    return {frozenset(ids) for ids in members.values()}
