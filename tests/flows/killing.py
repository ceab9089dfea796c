"""Kills refresh, ingest, sign-off and clean-up at random moments: ``python -m tests.flows.killing FOLDER SEED MOMENTS``.

After each kill every file on disk has to be whole, readers have to see the old release or the new one, and the same command run
again has to end as an undisturbed one: the same release, each vote once. A moment is one of the clock, or the n-th call that
changes something on disk: there the run is killed, or told that the disk is full. The interpreter is warmed up once, and each
run is a fork of it. Exit code 1, and a line a fault, if anything is not so; a seed gives the same moments again.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import pandas  # noqa: F401

import flows.refresh  # noqa: F401  this and the next: imported once, not by each fork
from flows import exchange, releases
from flows.week import sign_off
from tests.flows.direct import directly, refresh
from tests.flows.small import FEBRUARY, JANUARY, agreeable, fill, make_review
from warehouse import files, lent
from warehouse.build import INPUT_LOGS, inputs_of
from warehouse.failpoint import VARIABLE
from warehouse.integrity import archive_faults, link_faults, page_faults, release_faults
from warehouse.storage import Storage

lent.THREADS = 1  # of many small queries
MARCH = datetime(2026, 3, 1)
REVIEW = "small"
FULL = 75  # a run that was told so ends with this
KINDS = ("clock", "call", "full")
CHANGES = ("replace", "rename", "symlink", "fsync", "unlink", "rmdir", "mkdir", "chmod")  # of the module os
Operation = Callable[[Path, Path], object]


def ingest(review: Path, root: Path) -> object:
    """Takes in what people sent."""
    return exchange.take_in(review, root, FEBRUARY)


def publish(review: Path, root: Path) -> object:
    """Refreshes, and signs the new release off."""
    refresh(review, root, FEBRUARY)
    return sign_off(review, root, "a1", None, MARCH)


def clean_up(review: Path, root: Path) -> object:
    """Removes all releases that may go."""
    return releases.prune(review, root, keep=1)


def go_back(review: Path, root: Path) -> object:
    """Makes the first release live again, and its pages stay public."""
    return releases.back_to(review, root, published(Storage(root, REVIEW))[0], MARCH)


OPERATIONS: dict[str, Operation] = {"ingest": ingest, "publish": publish, "go_back": go_back, "clean_up": clean_up}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation leaves: the release that the logs make, the live, the public one, those on disk, every logged row."""

    made: str
    live: str | None
    public: str | None
    releases: tuple[str, ...]
    logged: str


def published(storage: Storage) -> list[str]:
    """The releases in the order in which they were published."""
    return [str(one) for one in storage.log.read("publication").column("release_id").to_pylist()]


def outcome(root: Path) -> Outcome:
    """The outcome on disk."""
    storage = Storage(root, REVIEW)
    names = (*INPUT_LOGS, "publication", "sign_off", "rollback")
    rows = {name: sorted(json.dumps(row, default=str) for row in storage.log.read(name).to_pylist()) for name in names}
    return Outcome(
        inputs_of(storage.log).release_id, storage.live_id(), storage.shown(), tuple(storage.release_ids()),
        files.sha256(json.dumps(rows).encode()),
    )  # fmt: skip


def faults(root: Path) -> list[str]:
    """What verify says of the files."""
    storage = Storage(root, REVIEW)
    found = archive_faults(storage) + link_faults(storage) + page_faults(storage)
    found += [fault for one in storage.release_ids() for fault in release_faults(storage, one)]
    return [str(fault) for fault in found]


def forked(done: Callable[[], object], kill_after: float | None = None, environment: dict[str, str] | None = None) -> int:
    """Runs ``done`` in a fork, killed after some seconds if it still runs; the number of the signal that ended it, or 0."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os.environ.update(environment or {})
            with directly():
                done()
        except OSError:
            os._exit(FULL)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(70)
        os._exit(0)
    if kill_after is not None:
        end = time.monotonic() + kill_after
        while time.monotonic() < end:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return _signal(status)
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
    return _signal(os.waitpid(child, 0)[1])


def _signal(status: int) -> int:
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) not in (0, FULL):
        raise AssertionError(f"a run ended with {os.WEXITSTATUS(status)} instead of being killed or done")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def counted(done: Callable[[], object], at: int, full: bool = False, told: Path | None = None) -> Callable[[], object]:
    """``done``, killed at the ``at``-th call that changes something on disk, or told that the disk is ``full``.

    How many such calls there were in all goes to ``told``.
    """

    def run() -> None:
        calls = 0

        def watched(original: Callable[..., object]) -> Callable[..., object]:
            def call(*given: object, **named: object) -> object:
                nonlocal calls
                calls += 1
                if calls == at and full:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if calls == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return original(*given, **named)

            return call

        for name in CHANGES:
            patch.object(os, name, watched(getattr(os, name))).start()
        done()
        if told:
            told.write_text(str(calls))

    return run


def bases(folder: Path) -> dict[str, Path]:
    """The state in which each operation begins: before the work comes in, before the release of it, after its sign-off."""
    first = folder / "ingest"
    review, root = make_review(first / REVIEW), first / "data"
    forked(lambda: refresh(review, root, JANUARY))

    def hand_out() -> None:
        for path, _ in exchange.issue(review, root, datetime(2026, 1, 2)):
            fill(path, root / REVIEW / "inbox" / path.name, agreeable)

    forked(hand_out)
    made = {"ingest": first}
    for before, name in (("ingest", "publish"), ("publish", "go_back")):
        made[name] = folder / name
        shutil.copytree(made[before], made[name], symlinks=True)
        forked(lambda at=made[name], step=before: OPERATIONS[step](at / REVIEW, at / "data"))
    return {**made, "clean_up": made["go_back"]}


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """An operation that nobody disturbs: how long it takes, how often it changes something on disk, and how it ends."""

    seconds: float
    calls: int
    outcome: Outcome


def undisturbed(base: Path, operation: Operation, folder: Path) -> Undisturbed:
    """Runs the operation once."""
    at = folder / "undisturbed"
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(base, at, symlinks=True)
    begun = time.monotonic()
    forked(counted(lambda: operation(at / REVIEW, at / "data"), 0, told=folder / "calls"))
    return Undisturbed(time.monotonic() - begun, int((folder / "calls").read_text()), outcome(at / "data"))


def killed(base: Path, operation: Operation, usual: Undisturbed, folder: Path, chance: random.Random, kind: str) -> list[str]:
    """Kills the operation at a moment, looks, and runs it again; what was not as it has to be."""
    at = folder / "killed"
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(base, at, symlinks=True)
    root = at / "data"
    before = outcome(root).live

    def run() -> object:
        return operation(at / REVIEW, root)

    if kind == "clock":
        forked(run, kill_after=chance.uniform(0, usual.seconds))
    else:
        forked(counted(run, chance.randint(1, usual.calls), full=kind == "full"))
    found = faults(root)
    if (live := outcome(root).live) not in (before, usual.outcome.live):
        found.append(f"readers see {live}, which is neither the old release nor the new one")
    forked(run)
    found += faults(root)
    if (ended := outcome(root)) != usual.outcome:
        found.append(f"ends with {ended} instead of {usual.outcome}")
    return found


def at_each_step(base: Path, operation: Operation, steps: tuple[str, ...], usual: Outcome, folder: Path) -> list[str]:
    """Kills one run after another at the named steps, each going on where the one before was cut short, then lets one end."""
    at = folder / "steps"
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(base, at, symlinks=True)
    found = []
    for step in steps:
        ended = forked(lambda: operation(at / REVIEW, at / "data"), environment={VARIABLE: step})
        if ended != signal.SIGKILL:
            found.append(f"was not killed at step {step!r}")
        found += [f"after {step!r}: {fault}" for fault in faults(at / "data")]
    forked(lambda: operation(at / REVIEW, at / "data"))
    if (done := outcome(at / "data")) != usual:
        found.append(f"killed at each step it ends with {done} instead of {usual}")
    return found


# what each operation passes, in the order in which it first gets there once the steps before it are done
STEPS = {
    "ingest": ("clock journaled", "raw kept", "log appended", "run finished"),
    "publish": (
        "clock journaled",
        "release placed",
        "log appended",
        "release live",
        "run finished",
        "pages copied",
        "pages public",
    ),
    "clean_up": ("release out of sight",),
}


def main(folder: Path, seed: int, moments: int) -> int:
    """Runs all of it; how many faults there were."""
    base = bases(folder)
    usual = {name: undisturbed(base[name], operation, folder) for name, operation in OPERATIONS.items()}
    chance = random.Random(seed)
    found = []
    for number in range(moments):
        name = list(OPERATIONS)[number % len(OPERATIONS)]
        kind = KINDS[number // len(OPERATIONS) % len(KINDS)]
        told = killed(base[name], OPERATIONS[name], usual[name], folder, chance, kind)
        found += [f"moment {number} of seed {seed}, {name}, {kind}: {fault}" for fault in told]
    for name, steps in STEPS.items():
        found += [
            f"{name}: {fault}" for fault in at_each_step(base[name], OPERATIONS[name], steps, usual[name].outcome, folder)
        ]
    steps = sum(map(len, STEPS.values()))
    sys.stdout.write("\n".join([*found, f"{moments} moments, {steps} steps, {len(found)} faults\n"]))
    return len(found)


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
