"""The stage `sources` as a Prefect task."""

from __future__ import annotations

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.sources.configuration import log_configuration
from tasks.sources.exports import receive
from tasks.sources.known import log_known
from warehouse.build import Build


@task(name="sources", cache_policy=NO_CACHE)
def sources(build: Build, as_of: datetime) -> str:
    """Logs the configuration and every search that is new, and keeps its files."""
    changed = log_configuration(build.review, build.raw, build.log, as_of).column("kind").to_pylist()
    log_known(build.review, build.raw, build.log, as_of)
    got = receive(build.review, build.raw, build.log, as_of)
    news = f", new {' and '.join(changed)}" if changed else ""
    return f"{got.searches} new searches in {got.files} files of {got.bytes:,} bytes{news}"
