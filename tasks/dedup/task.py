"""The stage `dedup` as a Prefect task."""

from __future__ import annotations

import pyarrow.parquet as pq
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.checked import check_stage
from tasks.dedup.deduplicate import deduplicate
from warehouse.build import Build
from warehouse.contract import Stage

KEPT_FROM = 10_000
"""Records from which on comparisons are kept for the next run; fewer are compared in a second."""


@task(name="dedup", task_run_name="dedup", cache_policy=NO_CACHE)
def dedup(build: Build) -> str:
    """Compares records and merges those that are the same paper."""
    many = pq.read_metadata(build.path("staging.record")).num_rows >= KEPT_FROM
    tables = deduplicate(
        build.read("staging.record", "log.override"),
        build.review.protocol.dedup.versions,
        build.cache / "dedup.duckdb" if many else None,
    )
    build.write(tables)
    check_stage(build, Stage.DEDUP)
    records, citations = tables["staging.citation_record"].num_rows, tables["staging.citation"].num_rows
    return f"{citations:,} unique citations, {records - citations:,} duplicates"
