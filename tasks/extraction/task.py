"""The stage `extraction` as a Prefect task."""

from __future__ import annotations

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.checked import check_stage
from tasks.extraction.draw import draw
from tasks.extraction.stand import stand
from warehouse.build import Build
from warehouse.contract import Stage

READS = ("staging.citation", "staging.citation_record", "staging.funnel", "staging.dimension", "staging.code",
         "staging.citation_relation",
         "staging.record_pair", "log.draw", "log.coding", "log.verification", "log.study_link")  # fmt: skip


@task(name="extraction", task_run_name="extraction", cache_policy=NO_CACHE)
def extraction(build: Build, as_of: datetime | None) -> str:
    """Draws the double-coded sample of newly included studies (unless ``as_of`` is None) and settles codings."""
    if as_of is not None:
        issued = {"log.worklist": build.log.read("worklist")}  # all of them: the draw is no part of what a release is made of
        build.log.append("draw", draw({**build.read(*READS), **issued}, build.review, as_of))
    tables = stand(build.read(*READS), build.review)
    build.write(tables)
    check_stage(build, Stage.EXTRACTION)
    settled = tables["staging.study_extraction"].column("settled").to_pylist()
    return f"{sum(settled):,} of {len(settled):,} studies reconciled or verified"
