"""Titles that tens of thousands of records share, and what a million made-up records are like."""

from __future__ import annotations

import resource
import time

import pytest

from benchmarks.dedup_scale import records as made_up
from tasks.dedup.deduplicate import deduplicate
from tests.dedup.conftest import EMPTY
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD


@pytest.mark.fault(59)
@pytest.mark.parametrize("title", ["Editorial", "Introduction"])
def test_fifty_thousand_records_of_one_title_neither_explode_nor_merge(sparse, run, title):
    records = [
        sparse(
            f"e{number:05}", title=title, authors=["Harrowgate, M."], year=1900 + number // 500, journal="Placement",
            volume=str(1 + number // 500), issue=str(1 + number % 500), pages=f"{1 + number}",
        )
        for number in range(50_000)
    ]  # fmt: skip
    copy = {**records[42], "record_id": "copy"}
    started, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tables = run([*records, copy])
    assert tables["staging.citation"].num_rows == 50_000
    assert tables["staging.record_pair"].num_rows < 500
    ids = {row["record_id"]: row["citation_id"] for row in tables["staging.citation_record"].to_pylist()}
    assert ids["copy"] == ids["e00042"]
    assert time.process_time() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 1_500_000  # kB


@pytest.mark.fault(59)
def test_thousands_of_identical_records_are_one(sparse, run):
    records = [sparse(f"i{number:04}", title="Call for papers") for number in range(3000)]
    tables = run(records)
    assert tables["staging.citation"].num_rows == 1
    assert tables["staging.record_pair"].num_rows == 2999  # each with the first, not each with each


def test_made_up_records_are_as_many_as_asked_for_and_the_same_each_time():
    some = list(made_up(2000))
    assert some == list(made_up(2000))
    assert len({row["record_id"] for row in some}) == 2000
    tables = deduplicate(
        {"staging.record": RECORD.of_rows([{**EMPTY, **row} for row in some]), "log.override": OVERRIDE.empty()}
    )
    assert 0.6 < tables["staging.citation"].num_rows / 2000 < 0.85  # about a third are duplicates
