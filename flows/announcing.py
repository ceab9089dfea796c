"""What a Prefect server is told besides its own states: assets with their lineage, and events that automations act on.

Nothing is told where a command has a server of its own, which ends with it.
"""

from __future__ import annotations

import os

import pyarrow.parquet as pq
from prefect.assets import Asset, AssetProperties
from prefect.context import AssetContext
from prefect.events import emit_event

from expectations.gate import Verdict
from tasks.marts.lineage import lineage
from warehouse.review import Review
from warehouse.storage import Published
from warehouse.tables.catalogue import TABLES

PUBLISHED = "evimap.release.published"
WAITING = "evimap.release.waiting"
REPORTED = "evimap.checks.reported"
CONFLICTS = "evimap.conflicts.waiting"
EVENTS = (PUBLISHED, WAITING, REPORTED, CONFLICTS)


def announce_release(review: Review, release: Published) -> None:
    """Tells of a new release: every mart as an asset that was made of others, and that it is out, or waits to be looked at."""
    if not _listening():
        return
    # the events of a task decorated with @materialize, without a task for each mart, and each table named once
    made = lineage()
    for name in sorted(set().union(*made.values()) - made.keys()):
        emit_event("prefect.asset.referenced", AssetContext.asset_as_resource(Asset(key=asset_key(review, name))))
    for mart, made_of in made.items():
        path = release.path(mart)
        properties = AssetProperties(name=mart, description=TABLES[mart].meaning, url=path.as_uri())
        emit_event(
            "prefect.asset.materialization.succeeded",
            AssetContext.asset_as_resource(Asset(key=asset_key(review, mart), properties=properties)),
            related=[AssetContext.asset_as_related(Asset(key=asset_key(review, name))) for name in sorted(made_of)],
            payload={"release": release.id, "rows": pq.read_metadata(path).num_rows},
        )
    said: dict[str, object] = {"release": release.id, "map": (release.folder / "map.html").as_uri()}
    _tell(PUBLISHED, review, **said)
    if review.protocol.release.sign_off == "required":
        _tell(WAITING, review, **said)


def announce_verdict(review: Review, verdict: Verdict) -> None:
    """Tells of checks that report something; one that stops a release fails the run, which Prefect tells by itself."""
    if verdict.reports:
        _tell(REPORTED, review, checks=len(verdict.reports), summary=verdict.summary)


def announce_conflicts(review: Review, waiting: int) -> None:
    """Tells of conflicts that nobody has settled."""
    _tell(CONFLICTS, review, waiting=waiting)


def asset_key(review: Review, table: str) -> str:
    """The address of a table of a review among Prefect's assets: ``evimap://my-review/marts/study``."""
    return f"evimap://{review.id}/{table.replace('.', '/')}"


def _listening() -> bool:
    """Whether there is a server that outlives this command."""
    return "PREFECT_API_URL" in os.environ


def _tell(event: str, review: Review, **payload: object) -> None:
    if _listening():
        name = f"{review.protocol.title} ({review.id})"
        emit_event(event, {"prefect.resource.id": f"evimap.review.{review.id}", "prefect.resource.name": name}, payload=payload)
