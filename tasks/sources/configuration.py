"""Which version of protocol, codebook and amendments a run uses; a change without a new version is refused."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.archive import Log, Raw
from warehouse.configuration.amendments import Amendments
from warehouse.configuration.codebook import Codebook
from warehouse.configuration.protocol import Protocol
from warehouse.review import Review
from warehouse.tables.catalogue import table
from warehouse.yaml import ConfigurationError, Model, read

MODELS: dict[str, type[Model]] = {"protocol": Protocol, "codebook": Codebook, "amendments": Amendments}


_REMEDY = "say in changes what became of it, or keep it"


def log_configuration(review: Review, raw: Raw, log: Log, as_of: datetime) -> pa.Table:
    """Logs each configuration file whose meaning changed since the last run; returns the rows that were added.

    A file that only looks different (comments, spacing) is no change. Raises `ConfigurationError` where the meaning changed
    under the same version number, because decisions made before would then be read by other rules.
    """
    last = {row["kind"]: row for row in log.read("config").to_pylist()}
    rows = []
    for kind, model, version in _current(review):
        path = review.folder / f"{kind}.yaml"
        before = last.get(kind)
        if before is not None:
            if _as_logged(raw.get(before["raw"]), MODELS[kind]) == model:
                continue
            if kind == "codebook":
                _explained(review, log, path)
            if kind != "amendments" and before["version"] == version:
                raise ConfigurationError(f"{path}: changed, but still says version {version!r}; give it a new version number")
        elif not path.exists():
            continue
        rows.append({"review": review.id, "kind": kind, "version": version, "raw": raw.put(path.read_bytes()), "as_of": as_of})
    added = table("log.config").of_rows(rows)
    log.append("config", added)
    return added


def _explained(review: Review, log: Log, path: Path) -> None:
    """Raises `ConfigurationError` where codes were given that the new codebook does not have and says nothing about.

    Nor does it say what holds of a dimension that two people judged, and that one is to judge now.
    """
    said = log.read("coding")
    given = said.group_by(["codebook", "dimension", "code"]).aggregate([("citation_id", "count_distinct")])
    faults = [f"{path}: {fault}" for fault in _judged_by_two(review.codebook, said)]
    for row in given.sort_by([(name, "ascending") for name in ("dimension", "code", "codebook")]).to_pylist():
        reason = review.codebook.untold(row["codebook"], row["dimension"], row["code"])
        if reason:
            papers = row["citation_id_count_distinct"]
            faults.append(f"{path}: {reason}, but was given to {papers} papers by version {row['codebook']}; {_REMEDY}")
    if faults:
        raise ConfigurationError("\n".join(faults))


def _judged_by_two(codebook: Codebook, said: pa.Table) -> list[str]:
    """What people judged beside the coder on dimensions that have ``appraisers: 1`` now."""
    beside = said.filter(pc.is_in(said.column("role"), value_set=pa.array(["appraiser", "appraisal_reconciler"])))
    papers: dict[str, set[str]] = {}
    for row in beside.select(["codebook", "dimension", "citation_id"]).to_pylist():
        named, _ = codebook.now(row["codebook"], row["dimension"], "")
        today = codebook.dimension(named) if named else None
        if today and today.appraisers == 1:
            papers.setdefault(today.id, set()).add(row["citation_id"])
    return [
        f"dimension {name} has appraisers: 1, but somebody judged it beside the coder of {len(its)} papers, which would count "
        f"for nothing; keep appraisers: 2, or say in changes that {name} is no longer asked and add a dimension of another id"
        for name, its in sorted(papers.items())
    ]


def _current(review: Review) -> list[tuple[str, Model, str]]:
    return [
        ("protocol", review.protocol, review.protocol.version),
        ("codebook", review.codebook, review.codebook.version),
        ("amendments", review.amendments, str(len(review.amendments.amendments))),
    ]


def _as_logged(data: bytes, model: type[Model]) -> Model | None:
    """The file as it was, or None if today's pipeline no longer reads it: then it counts as changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "logged.yaml"
        path.write_bytes(data)
        try:
            return read(path, model)
        except ConfigurationError:
            return None
