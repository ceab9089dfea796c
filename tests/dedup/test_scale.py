"""Titles that thousands of records share."""

from __future__ import annotations

import time


def test_five_thousand_editorials_neither_explode_nor_merge(sparse, run):
    records = [
        sparse(
            f"e{number:04}", title="Editorial", authors=["Harrowgate, M."], year=2000 + number // 250, journal="Placement",
            volume=str(1 + number // 250), issue=str(1 + number % 250), pages=f"{1 + number}",
        )
        for number in range(5000)
    ]  # fmt: skip
    copy = {**records[42], "record_id": "copy"}
    started = time.process_time()
    tables = run([*records, copy])
    assert tables["staging.citation"].num_rows == 5000
    assert tables["staging.record_pair"].num_rows < 50_000
    ids = {row["record_id"]: row["citation_id"] for row in tables["staging.citation_record"].to_pylist()}
    assert ids["copy"] == ids["e0042"]
    assert time.process_time() - started < 60


def test_thousands_of_identical_records_are_one(sparse, run):
    records = [sparse(f"i{number:04}", title="Call for papers") for number in range(3000)]
    tables = run(records)
    assert tables["staging.citation"].num_rows == 1
    assert tables["staging.record_pair"].num_rows == 2999  # each with the first, not each with each
