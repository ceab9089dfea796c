"""What every stage's task does last: check what it wrote, and stop the run if a law is broken."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.gate import check, verdict
from warehouse import files
from warehouse.build import Build
from warehouse.contract import Stage
from warehouse.tables.catalogue import table

# logs that laws of a stage look into, beside the tables of the stages so far
_LOGS = {
    Stage.SOURCES: ("log.import",),
    Stage.RECORDS: ("log.import", "log.first_seen"),
    Stage.DEDUP: ("log.override",),
    Stage.SCREENING: ("log.vote", "log.resolution", "log.outcome"),
    Stage.EXTRACTION: ("log.coding", "log.verification", "log.override"),
    Stage.MARTS: ("log.published_study", "log.published_citation", "log.published_box"),
}


class Stopped(Exception):
    """A check that stops the release has failed; the message names law, rows and remedy."""


def check_stage(build: Build, stage: Stage) -> None:
    """Checks the tables that ``stage`` wrote and keeps the results for the quality page.

    Raises `Stopped` if an expectation that stops the release is broken.
    """
    checks = check(stage, build.made() | build.spilled(*_LOGS.get(stage, ())), build.review.id)
    files.write(build.scratch / "checks" / f"{stage}.parquet", files.parquet_bytes(checks))
    result = verdict(checks)
    if result.stopped:
        raise Stopped(result.summary)


def all_checks(build: Build) -> pa.Table:
    """The results of every stage so far: ``meta.quality_check``."""
    declared = table("meta.quality_check")
    parts = [declared.conform(pq.read_table(path)) for path in sorted((build.scratch / "checks").glob("*.parquet"))]
    return pa.concat_tables([declared.empty(), *parts]).sort_by([(column, "ascending") for column in declared.key])
