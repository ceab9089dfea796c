"""The stage `marts` as a Prefect task."""

from __future__ import annotations

from collections import Counter

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.checked import check_stage
from tasks.marts.build import READS_LOGS
from tasks.marts.build import marts as make_marts
from warehouse.account import ACCOUNT
from warehouse.baseline import baseline
from warehouse.build import Build
from warehouse.contract import Stage


@task(name="marts", task_run_name="marts", cache_policy=NO_CACHE)
def marts(build: Build) -> str:
    """Makes what analysts query and the map shows."""
    tables = make_marts(
        build.made() | build.read(*READS_LOGS, *(f"log.{name}" for name in ACCOUNT)),
        build.review,
        build.named(),
        baseline(build.log, build.review),
    )
    build.write(tables)
    check_stage(build, Stage.MARTS)
    kinds = Counter(tables["marts.study"].column("kind").to_pylist())
    ongoing = kinds.pop("ongoing", 0)
    said = f"{tables['marts.evidence_map'].num_rows:,} map cells, {kinds.total():,} studies"
    return f"{said}, {ongoing:,} ongoing" if ongoing else said
