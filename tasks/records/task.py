"""The stage `records` as a Prefect task."""

from __future__ import annotations

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.checked import check_stage
from tasks.records.derive import count, derive
from tasks.records.receive import cached_reader, received
from warehouse.build import Build
from warehouse.contract import Stage

LOGS = ("log.import", "log.search", "log.search_line", "log.asked", "log.known", "log.receipt", "log.first_seen",
        "log.synthesis", "log.consultation", "log.next_step")  # fmt: skip


@task(name="records", task_run_name="records", cache_policy=NO_CACHE)
def records(build: Build, as_of: datetime | None) -> str:
    """Stages records and quarantine; first counts what new searches brought (``as_of`` None: the logs are as they will be)."""
    read = cached_reader(build.raw.get, build.cache)
    if as_of is not None:
        logs = build.read(*LOGS)
        new = count(build.review, *received(logs["log.import"], logs["log.search"], read), logs, as_of)
        for name in ("first_seen", "outcome", "receipt"):
            build.log.append(name, getattr(new, name))
    logs = build.read(*LOGS)
    tables = derive(build.review, *received(logs["log.import"], logs["log.search"], read), logs)
    build.write(tables)
    check_stage(build, Stage.SOURCES)  # here, because a rebuild begins with this stage and has to come to the same verdict
    check_stage(build, Stage.RECORDS)
    return f"{tables['staging.record'].num_rows:,} records, {tables['staging.quarantine'].num_rows:,} quarantined"
