"""The stage `publish` as a Prefect task."""

from __future__ import annotations

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.checked import all_checks, check_stage
from tasks.publish.release import describe, finish, go_live
from warehouse.build import Build
from warehouse.contract import Stage
from warehouse.storage import Storage


@task(name="publish", task_run_name="publish", cache_policy=NO_CACHE)
def publish(build: Build, storage: Storage | None, as_of: datetime | None) -> str:
    """Makes the pages and the warehouse file, and goes live (without ``storage``: only makes them, to be compared)."""
    inputs = build.made_of()
    build.write(describe(build, inputs))
    check_stage(build, Stage.PUBLISH)
    build.write({"meta.quality_check": all_checks(build)})
    finish(build, inputs)
    if storage is not None and as_of is not None:
        go_live(build, storage, inputs, as_of)
    return f"release {inputs.release_id}"
