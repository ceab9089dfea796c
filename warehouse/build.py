"""One release in the making: what goes in, and the tables made so far, each a Parquet file beside the live release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from warehouse import account, files
from warehouse.archive import Log, Raw
from warehouse.contract import ContractError
from warehouse.described import described
from warehouse.engine import Tables
from warehouse.review import Review, load
from warehouse.tables.catalogue import table

PIPELINE = version("evimap")

# publication says what was published: it is no input of a release; of worklists some are, see `inputs_of`; what earlier
# releases said is one too, see `account.inputs_after`
INPUT_LOGS = ("config", "import", "search", "search_line", "asked", "known", "notice", "receipt", "first_seen", "override",
              "pilot", "vote", "tool_vote", "resolution", "outcome", "retrieval", "removal", "draw", "coding", "verification",
              "study_link", "synthesis", "consultation", "next_step", "worklist")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a release is made of: batches of the logs by table, and the version of the pipeline."""

    batches: Mapping[str, tuple[str, ...]]
    pipeline: str = PIPELINE
    predecessor: str | None = None
    """The release that was live before: what this one is compared with, by what it left in the log."""

    @property
    def release_id(self) -> str:
        """16 hex digits of the SHA-256 of all inputs: the same inputs give the same release."""
        named = {"pipeline": self.pipeline, "log": {name: list(batches) for name, batches in self.batches.items()}}
        if self.batches.keys() >= {*account.ACCOUNT}:  # earlier versions compared a release with none
            named["predecessor"] = self.predecessor or ""
        return files.sha256(json.dumps(named, sort_keys=True).encode())[:16]


def inputs_of(log: Log, predecessor: str | None = None) -> Inputs:
    """All batches that matter, leaving out searches that brought nothing and whose strategy had been run before; and what the
    release said that is live before it.

    So a living map that is searched again without a new or changed record keeps its release id, and publishes nothing.
    A worklist matters once anything else came later: a release tells what waited on its day, and who had been asked
    (marts.work_queue); and a vote on a conflict that had been sent out may not have been given alone. To send work out alone
    changes no release.
    """
    idle = _idle_searches(log.read("search"), log.read("receipt"))
    batches: dict[str, tuple[str, ...]] = {}
    for name in INPUT_LOGS:
        found = log.files(name)
        if name in ("search", "search_line", "asked", "receipt", "import") and idle:
            found = [path for path in found if not idle.issuperset(log.read(name, [path]).column("search_id").to_pylist())]
        if name == "worklist":
            newest = [_latest(log, other, log.file(other, its[-1])) for other, its in batches.items() if its]
            last = max([*newest, *(_latest(log, "vote", path) for path in log.files("vote"))], default=datetime.min)
            found = [path for path in found if _latest(log, name, path) < last]
        batches[name] = tuple(path.name for path in found)
    return Inputs(batches | (account.inputs_after(log, predecessor) if predecessor else {}), predecessor=predecessor)


def _is_log(name: str) -> bool:
    return name.startswith("log.")


# A batch never changes: it is read once in a process.
@cache
def _latest(log: Log, name: str, batch: Path) -> datetime:
    latest: datetime = pc.max(log.read(name, [batch]).column("as_of")).as_py()
    return latest


def _idle_searches(searches: pa.Table, receipts: pa.Table) -> set[str]:
    """Searches that brought nothing new, changed, or quarantined for the first time, but for the first run of each strategy."""
    brought = {
        row["search_id"]: row["new"] + row["changed"] + row["quarantined"] - row["quarantined_before"]
        for row in receipts.to_pylist()
    }
    seen: set[tuple[object, ...]] = set()
    idle = set()
    for row in searches.to_pylist():
        strategy = (row["source_id"], row["strategy"], row["limits"], row["platform"])
        if strategy in seen and brought.get(row["search_id"]) == 0:
            idle.add(str(row["search_id"]))
        seen.add(strategy)
    return idle


@dataclass(frozen=True, slots=True)
class Build:
    """A release in the making in ``folder``, from the logs and raw files of a review.

    ``inputs`` is None while a run still appends to the logs: it then reads all of what matters today, and follows the release
    ``follows``. ``scratch`` holds what the build needs and the release does not.
    """

    folder: Path
    review: Review
    raw: Raw
    log: Log
    cache: Path
    scratch: Path
    inputs: Inputs | None = None
    follows: str | None = None

    def read(self, *names: str) -> dict[str, pa.Table | Path]:
        """Handles of tables by qualified name: logs as tables, what earlier stages wrote as Parquet paths."""
        batches = self.made_of().batches if any(map(_is_log, names)) else {}
        return {name: self._rows(name, batches) if _is_log(name) else self._made(name) for name in names}

    def made(self) -> dict[str, Path]:
        """All tables written so far."""
        found = {f"{path.parent.name}.{path.stem}": path for path in self.folder.glob("*/*.parquet")}
        return {name: found[name] for name in sorted(found)}

    def spilled(self, *logs: str) -> dict[str, Path]:
        """Logs as Parquet files, for readers that take no tables."""
        paths = {name: self.scratch / f"{name}.parquet" for name in logs}
        batches = self.made_of().batches if logs else {}
        for name, path in paths.items():
            files.write(path, files.parquet_bytes(self._rows(name, batches)))
        return paths

    def write(self, tables: Tables) -> None:
        """Puts tables beside the earlier ones. A stage writes a table once; quality checks are added up by the gate."""
        for name, data in tables.items():
            if isinstance(data, Path):
                raise ContractError(f"{name}: is on disk already")
            declared = table(name)
            files.write(self.path(name), files.parquet_bytes(described(declared.conform(data), declared, self.review)))

    def path(self, name: str) -> Path:
        """Where a table's Parquet file is."""
        schema, plain = name.split(".")
        return self.folder / schema / f"{plain}.parquet"

    def made_of(self) -> Inputs:
        """What goes into this release, as far as it is known now."""
        return self.inputs or inputs_of(self.log, self.follows)

    def named(self) -> account.Named:
        """What the release is called, once all that goes in is in the logs."""
        wanted = self.made_of()
        return account.Named(wanted.release_id, wanted.predecessor, self.as_of())

    def log_rows(self, name: str) -> pa.Table:
        """The rows of ``log.<name>`` that this release is made of."""
        return self._rows(name, self.made_of().batches)

    def as_of(self) -> datetime:
        """The clock value of the latest input: what the release says of its own date."""
        wanted = self.made_of()
        batches = ((name, self.log.file(name, batch)) for name in INPUT_LOGS for batch in wanted.batches.get(name, ()))
        return max(_latest(self.log, name, batch) for name, batch in batches)

    def _rows(self, name: str, batches: Mapping[str, tuple[str, ...]]) -> pa.Table:
        plain = name.removeprefix("log.")
        named = batches.get(plain, ())  # an older release may have been made without this log
        return self.log.read(plain, [self.log.file(plain, batch) for batch in named])

    def _made(self, name: str) -> Path:
        path = self.path(name)
        if not path.exists():
            raise ContractError(f"{name}: no stage has written it yet")
        return path


def review_of(log: Log, raw: Raw, inputs: Inputs, folder: Path) -> Review:
    """The review as it was configured for a release, from the versions in ``raw/``, laid out in ``folder``."""
    rows = log.read("config", [log.file("config", batch) for batch in inputs.batches["config"]]).to_pylist()
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:  # later versions replace earlier ones
        (folder / f"{row['kind']}.yaml").write_bytes(raw.get(row["raw"]))
    return load(folder)
