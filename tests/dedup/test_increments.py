"""A run that compares only what is new finds what a run over everything finds, and never more slowly than it must."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.dedup import deduplicate as module
from tasks.dedup import thresholds
from tasks.dedup.increment import kept as increment
from tests.dedup.conftest import EMPTY
from tests.dedup.test_properties import RECORDS
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

START = datetime(2024, 1, 1)


def made(records: list[dict[str, Any]], kept: Path | None = None) -> dict[str, Any]:
    handles = {"staging.record": RECORD.of_rows(records), "log.override": OVERRIDE.empty()}
    return {name: table.to_pylist() for name, table in module.deduplicate(handles, kept=kept).items()}


def only_new(patch: pytest.MonkeyPatch) -> None:
    """From now on a run that compares everything fails."""

    def everything(*_: object) -> None:
        raise AssertionError("all records were compared")

    patch.setattr(module, "compare", everything)
    patch.setattr(increment, "LARGEST_SHARE", 100)


CHANGE = st.tuples(st.sampled_from(["new", "new", "new", "changed", "removed"]), RECORDS, st.integers(0, 30))
BATCHES = st.lists(st.lists(CHANGE, min_size=1, max_size=5), min_size=1, max_size=3)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=3, max_size=12), BATCHES, st.sampled_from([2, 3, 60]))
def test_what_is_found_does_not_depend_on_what_stood_before(tmp_path_factory, first, batches, cap):
    kept = tmp_path_factory.mktemp("kept") / "dedup.duckdb"
    held = {f"r{n:03}": {**EMPTY, **row, "record_id": f"r{n:03}", "first_seen": START} for n, row in enumerate(first)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thresholds, "BLOCK_CAP", cap)
        made(list(held.values()), kept)
        for number, batch in enumerate(batches, 1):
            for what, row, place in batch:
                some = sorted(held)[place % len(held)]
                if what == "new":
                    name = f"r{len(held) + 100 * number:03}{place:02}"
                    held[name] = {**EMPTY, **row, "record_id": name, "first_seen": START + timedelta(days=number)}
                elif what == "changed":
                    held[some] = {**held[some], **row, "first_seen": held[some]["first_seen"]}
                elif len(held) > 1:
                    del held[some]
            expected = made(list(held.values()))
            with pytest.MonkeyPatch.context() as watched:
                only_new(watched)
                assert made(list(held.values()), kept) == expected


@pytest.fixture
def many(paper) -> list[dict[str, Any]]:
    """Four papers in five databases, and pieces that share a title."""
    papers = [
        paper(f"{database}-{number}", title=f"Paper {number} on kinship care in Northumbria", doi=f"10.5555/{number}")
        for database in "abcde"
        for number in range(4)
    ]
    return papers + [paper(f"f-{n}", title="Editorial", doi=None, issue=str(n), pages=str(n)) for n in range(4)]


def test_refreshes_in_which_everything_arrives_bit_by_bit(many, tmp_path, monkeypatch):
    for number, record in enumerate(many):
        record["first_seen"] = START + timedelta(days=number // 7)
    whole = made(many)
    made(many[:7], tmp_path / "dedup.duckdb")
    only_new(monkeypatch)
    ids = {}
    for end in range(14, len(many) + 7, 7):
        now = made(many[:end], tmp_path / "dedup.duckdb")
        founders = {row["citation_id"] for row in now["staging.citation"]}
        aliases = {row["alias"] for row in now["staging.citation_alias"]}
        assert set(ids) <= founders | aliases  # an id that was once given leads somewhere for ever
        ids.update(dict.fromkeys(founders))
    assert now == whole


def test_key_that_becomes_too_common_parts_what_only_it_brought_together(paper, tmp_path, monkeypatch):
    monkeypatch.setattr(thresholds, "BLOCK_CAP", 2)
    shared = {"doi": None, "abstract": None, "year": None, "volume": None, "pages": None, "authors": []}
    records = [paper(name, **shared, issue=name) for name in "ab"]
    made(records, tmp_path / "dedup.duckdb")
    records.append(paper("c", **shared, issue="c", first_seen=START + timedelta(days=1)))
    only_new(monkeypatch)
    found = made(records, tmp_path / "dedup.duckdb")
    assert found["staging.record_pair"] == []
    monkeypatch.undo()
    monkeypatch.setattr(thresholds, "BLOCK_CAP", 2)
    assert found == made(records)


def test_record_that_comes_between_is_no_increment_and_found_all_the_same(paper, tmp_path):
    late = paper("b", first_seen=START + timedelta(days=9))
    made([late], tmp_path / "dedup.duckdb")
    both = [late, paper("a", first_seen=START)]
    assert made(both, tmp_path / "dedup.duckdb") == made(both)


@pytest.mark.parametrize("harm", ["rules", "killed", "garbage", "empty"])
def test_what_stands_is_not_trusted_blindly(many, tmp_path, monkeypatch, harm):
    path = tmp_path / "dedup.duckdb"
    made(many[:9], path)
    if harm == "rules":
        monkeypatch.setattr(thresholds, "TITLE_EQUAL", 0.9)
    elif harm == "killed":
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE about SET whole = false")
            connection.execute("DELETE FROM decision")
    else:
        path.write_bytes(b"" if harm == "empty" else random.Random(3).randbytes(20_000))
    expected = made(many)
    compared = []
    whole = module.compare
    monkeypatch.setattr(module, "compare", lambda *given: (compared.append(1), whole(*given)))
    assert made(many, path) == expected
    assert compared == [1]
    assert made(many, path) == expected  # and it stands again
    assert compared == [1]
