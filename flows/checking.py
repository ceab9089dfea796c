"""The command ``check``: configuration first, then every law on the tables of the live release."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from expectations.gate import Verdict, check, verdict
from tasks.sources.searching import faults
from warehouse import files
from warehouse.baseline import baseline
from warehouse.contract import Stage
from warehouse.release import inputs_named
from warehouse.review import load
from warehouse.storage import Published, Storage
from warehouse.tables.catalogue import TABLES
from warehouse.yaml import ConfigurationError


def check_review(review: Path, root: Path) -> Verdict:
    """All expectations on the live release, checked afresh.

    Raises `ConfigurationError` where a connector cannot work with its source or
    there is no such baseline, FileNotFoundError where there is no release yet.
    """
    configured = load(review)
    if wrong := faults(configured):
        raise ConfigurationError("\n".join(wrong))
    storage = Storage(root, configured.id)
    baseline(storage.log, configured)
    live = storage.current()
    if live is None:
        raise FileNotFoundError(f"{review}: the configuration is in order; there is no release yet: evimap refresh makes one")
    return laws_of(storage, live)


def laws_of(storage: Storage, release: Published) -> Verdict:
    """All expectations on the tables of a release and the batches of the logs that it was made of."""
    tables = {name: release.path(name) for name in TABLES if not name.startswith("log.") and release.path(name).exists()}
    inputs = inputs_named(release)
    with tempfile.TemporaryDirectory() as folder:
        for name, batches in inputs.batches.items():
            path = Path(folder) / f"{name}.parquet"
            rows = storage.log.read(name, [storage.log.file(name, batch) for batch in batches])
            files.write(path, files.parquet_bytes(rows))
            tables[f"log.{name}"] = path
        return verdict(pa.concat_tables([check(stage, tables, storage.folder.name) for stage in Stage]))
