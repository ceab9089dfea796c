"""The command ``doctor``: what is wrong with an installation, in plain words, and how to mend each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from flows.server import Server
from flows.sharing import store_of
from tasks.screening.ranking import REMEDY, lacking
from tasks.sources.registry import CONNECTORS
from tasks.sources.searching import faults as source_faults
from warehouse.archive import Damaged
from warehouse.integrity import link_faults
from warehouse.review import Review, load
from warehouse.shared.place import StoreAway
from warehouse.storage import Storage, clock

LEAST_FREE = 1 << 30  # bytes
SKEW = timedelta(minutes=1)
HELD = 200  # of a list that the server gives


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and how it is mended."""

    what: str
    mend: str


def examine(root: Path, environment: Mapping[str, str], folder: Path | None = None) -> list[Finding]:
    """Everything that is wrong with the installation, and with a review if one is given."""
    found = [*versions(), *writable(root, environment), *space(root)]
    if url := environment.get("PREFECT_API_URL"):
        found += server(Server(url, environment.get("PREFECT_API_AUTH_STRING")))
    if folder is not None:
        review = load(folder)
        storage = Storage(root, review.id)
        found += shared(storage, environment)
        found += [*keys(review, environment), *configuration(review), *extras(review)]
        found += [*runs(storage), *clocks(storage), *pointers(storage)]
    return found


def versions(wanted: list[str] | None = None) -> Iterator[Finding]:
    """Packages that are missing, or of a version that the pipeline does not work with."""
    mend = "make setup installs the versions of requirements.lock"
    for line in requires("evimap") or [] if wanted is None else wanted:
        one = Requirement(line)
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            there = version(one.name)
        except PackageNotFoundError:
            yield Finding(f"{one.name} is not installed", mend)
            continue
        if not one.specifier.contains(there, prereleases=True):
            yield Finding(f"{one.name} is of version {there}, and {one.specifier} is needed", mend)


def writable(root: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Folders that have to be written and cannot be."""
    home = Path(environment.get("PREFECT_HOME") or root / ".prefect")
    for name, path, setting in (("data root", root, "--data or EVIMAP_DATA"), ("PREFECT_HOME", home, "PREFECT_HOME")):
        there = next(one for one in (path, *path.parents) if one.exists())
        try:
            with tempfile.TemporaryFile(dir=there):
                pass
        except OSError as error:
            yield Finding(
                f"the {name}, {path}, cannot be written ({error.strerror})",
                f"let this user write there, or name another folder with {setting}",
            )


def space(root: Path, free: int | None = None) -> Iterator[Finding]:
    """Too little room for the next release: three times the largest one, and a gigabyte at least."""
    there = next(one for one in (root, *root.parents) if one.exists())
    left = shutil.disk_usage(there).free if free is None else free
    sizes = [sum(path.stat().st_size for path in release.rglob("*") if path.is_file()) for release in root.glob("*/releases/*")]
    needed = max(LEAST_FREE, 3 * max(sizes, default=0))
    if left < needed:
        yield Finding(
            f"the disk of {root} has {left / 1e9:.1f} GB left, and a release may need {needed / 1e9:.1f} GB",
            "make room: evimap releases REVIEW --prune removes old releases",
        )


def server(asked: Server) -> Iterator[Finding]:
    """A Prefect server that does not answer, lets anybody in, has another clock, or has work that no worker takes."""
    try:
        health = asked.ask("health")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        yield Finding(
            f"the Prefect server at {asked.url} does not answer ({reason})",
            "start it (prefect server start), or unset PREFECT_API_URL: commands then have one of their own",
        )
        return
    if health.clock and abs(health.clock - clock()) > SKEW:
        yield Finding(
            f"the clock of the Prefect server says {health.clock} UTC, that of this machine {clock()}",
            "let both machines ask a time server",
        )
    if asked.ask("flows/count", {}, anonymous=True).status == 200:
        yield Finding(
            f"the Prefect server at {asked.url} lets anybody in who reaches it",
            "set PREFECT_SERVER_API_AUTH_STRING=user:password where it runs, and PREFECT_API_AUTH_STRING here",
        )
    deployments = asked.ask("deployments/filter", {"limit": HELD})
    if deployments.status == 401:
        yield Finding(
            f"the Prefect server at {asked.url} wants a user and a password",
            "set PREFECT_API_AUTH_STRING=user:password to what PREFECT_SERVER_API_AUTH_STRING says where it runs",
        )
        return
    mine = [one for one in deployments.said or [] if "evimap" in one["tags"]]
    if not mine:
        yield Finding("nothing is deployed, so that nothing is scheduled", "prefect --no-prompt deploy --all")
    pools = {one["name"]: one for one in asked.ask("work_pools/filter", {"limit": HELD}).said or []}
    for name in sorted({one["work_pool_name"] for one in mine if one["work_pool_name"]}):
        pool = pools.get(name)
        if pool is None or pool["status"] == "NOT_READY":
            yield Finding(f"work pool {name} has no worker, so that its runs wait", f"prefect worker start --pool {name}")
        elif pool["is_paused"]:
            yield Finding(f"work pool {name} is paused, so that its runs wait", f"prefect work-pool resume {name}")
    for one in mine:
        if one["paused"]:
            yield Finding(f"deployment {one['name']} is paused", "switch it on again on its page of the UI")


def keys(review: Review, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Keys that the sources of the protocol need and the environment does not have."""
    for source in review.protocol.sources:
        connector = CONNECTORS[source.connector] if source.connector else None
        for one in connector.credentials if connector else ():
            if one.required and not environment.get(one.variable, "").strip():
                yield Finding(
                    f"source {source.id} needs a key that is not set",
                    f"set {one.variable} in the environment; docs/sources.md says where the key comes from",
                )


def configuration(review: Review) -> Iterator[Finding]:
    """Sources that their connectors cannot work with."""
    for fault in source_faults(review):
        yield Finding(fault, "correct protocol.yaml")


def extras(review: Review) -> Iterator[Finding]:
    """What the protocol asks for and only an extra installs."""
    if fault := lacking(review):
        yield Finding(fault, REMEDY)


def runs(storage: Storage) -> Iterator[Finding]:
    """A run that holds the review, or that was cut short."""
    if holder := storage.holder():
        yield Finding(
            f"process {holder} is writing this review, so that other runs are turned away",
            f"wait until it has ended; if it hangs, end it (kill {holder}): the next run goes on from there",
        )
        return
    for run, as_of in storage.unfinished().items():
        yield Finding(
            f"a run of evimap {run} as of {as_of} was cut short",
            f"run evimap {run} again: it goes on from there, with that clock value",
        )


def clocks(storage: Storage) -> Iterator[Finding]:
    """A clock that is behind what is logged."""
    latest = storage.latest()
    if latest is not None and clock() < latest:
        yield Finding(
            f"the clock of this machine says {clock()} UTC, and the logs go on to {latest}",
            "set the clock; until then commands need --as-of",
        )


def shared(storage: Storage, environment: Mapping[str, str]) -> Iterator[Finding]:
    """A store that cannot be reached, or whose live release is another one than that on disk."""
    try:
        store = store_of(storage, environment=environment)
        live = store.live() if store else None
    except (StoreAway, Damaged, ValueError) as error:
        yield Finding(
            str(error), "see that the address in EVIMAP_STORE is right, and its keys are in the environment (docs/scale.md)"
        )
        return
    there, here = live.release if live else "none", storage.live_id()
    if store and here and there != here:
        yield Finding(
            f"the live release in the store, {store.home}, is {there}, and here {here}",
            "evimap share REVIEW puts it there",
        )


def pointers(storage: Storage) -> Iterator[Finding]:
    """Links that lead nowhere, and a warehouse that somebody has open for writing."""
    for fault in link_faults(storage):
        yield Finding(f"{fault.path}: {fault.what}", fault.remedy)
