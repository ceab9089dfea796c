"""The stage `screening` as a Prefect task."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.checked import check_stage
from tasks.screening.ranking import rank
from tasks.screening.stand import stand
from warehouse.build import Build
from warehouse.contract import Stage

READS = ("staging.citation", "staging.citation_record", "staging.reason",
         "log.vote", "log.tool_vote", "log.resolution", "log.outcome", "log.retrieval", "log.removal",
         "log.pilot", "log.worklist")  # fmt: skip


@task(name="screening", task_run_name="screening", cache_policy=NO_CACHE)
def screening(build: Build) -> str:
    """Brings votes, resolutions and outcomes to today's citations, each citation to its place in the funnel, and those that
    wait into their order.
    """
    given = build.read(*READS)
    tables = stand(given, build.review, build.as_of())
    build.write(tables | rank(given | tables, build.review))
    check_stage(build, Stage.SCREENING)
    places = tables["staging.funnel"].column("position").to_pylist()
    return f"{places.count('included'):,} included, {places.count('awaiting_screening'):,} awaiting screening"
