"""Measures what Prefect adds to a refresh: ``python -m benchmarks.orchestration [ROUNDS]``.

The example review is brought to the eve of its last refresh. That refresh is then run from the same data, each time in a
process of its own: as a flow that reports to a Prefect server on this machine, and as the same stages called one after the
other, with all laws checked. Imports are not timed: both need them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

from flows.orchestration import alone
from tests.flows import direct
from tests.flows.servers import PREFECT, PROJECT, free_port, healthy, running, until
from warehouse.review import load
from warehouse.storage import Storage

ROUNDS = 3
EXAMPLE = PROJECT / "reviews" / "reducing-care-entry"


def main() -> None:
    """Prints how long the refresh takes either way, and the difference of the medians."""
    parser = argparse.ArgumentParser(description="Measure what Prefect adds to a refresh.")
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--once", nargs=2, metavar=("HOW", "ROOT"), help=argparse.SUPPRESS)  # the process of one run
    wanted = parser.parse_args()
    if wanted.once:
        how, root = wanted.once
        print(once(how, Path(root)))
        return
    with tempfile.TemporaryDirectory() as home:
        eve, port = Path(home) / "eve", free_port()
        brought_to_the_eve(eve)
        env = os.environ | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_HOME": f"{home}/prefect"}
        server = running(PREFECT, "server", "start", "--port", port, env=env, log=Path(home) / "server.log")
        with server:
            until(lambda: healthy(env["PREFECT_API_URL"]), 120, "a Prefect server")
            took: dict[str, list[float]] = {"flow": [], "direct": []}
            for number in range(wanted.rounds):
                for how, seconds in took.items():
                    root = Path(home) / f"{how}-{number}"
                    shutil.copytree(eve, root, symlinks=True)
                    seconds.append(_in_a_process(how, root, env))
                    print(f"{how:8}{seconds[-1]:8.2f} s", flush=True)
    added = statistics.median(took["flow"]) - statistics.median(took["direct"])
    print(f"Prefect adds {added:.2f} s")


def brought_to_the_eve(root: Path) -> None:
    """Runs the example in ``root``, but for its last refresh."""
    demo = _demo()
    demo.make.main(EXAMPLE / "imports" / "synthetic")
    with direct.directly(), tempfile.TemporaryDirectory() as folder:

        def refresh(review: str, data: str, as_of: Any) -> None:
            if as_of != demo.PUBLISHED:
                direct.refresh(Path(review), Path(data), as_of)

        before = demo.earlier.review(EXAMPLE, Path(folder) / EXAMPLE.name)
        demo.run(Storage(root, load(EXAMPLE).id), root, before, refresh)


def once(how: str, root: Path) -> float:
    """Seconds of the last refresh as a ``flow``, or of its stages called directly."""
    as_of = _demo().PUBLISHED
    with alone(root):
        from flows.refresh import refresh

        with nullcontext() if how == "flow" else direct.directly(by_great_expectations=True):
            began = time.monotonic()
            if how == "flow":
                refresh(str(EXAMPLE), str(root), as_of)
            else:
                direct.refresh(EXAMPLE, root, as_of)
            return time.monotonic() - began


def _in_a_process(how: str, root: Path, env: dict[str, str]) -> float:
    command = [sys.executable, "-m", "benchmarks.orchestration", "--once", how, str(root)]
    said = subprocess.run(command, cwd=PROJECT, env=env, check=True, capture_output=True, text=True).stdout
    return float(said.splitlines()[-1])


def _demo() -> ModuleType:
    sys.path.insert(0, str(EXAMPLE))  # a script of the example, which is no package of the pipeline
    return importlib.import_module("demo")


if __name__ == "__main__":
    main()
