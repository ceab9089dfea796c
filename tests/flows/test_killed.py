"""`kill -9` at random moments and at every named step: see `tests.flows.killing`."""

import os
import re
import subprocess
import sys

import pytest

from tests.flows.killing import STEPS
from tests.shared import ROOT
from warehouse import failpoint


def kill(folder, seed, moments):
    command = [sys.executable, "-m", "tests.flows.killing", str(folder), str(seed), str(moments)]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_API")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{moments} moments, 12 steps, 0 faults" in done.stdout


@pytest.mark.fault(1, 2, 5)
def test_killed_at_twenty_random_moments_and_at_each_step_it_ends_as_an_undisturbed_run(tmp_path):
    """Each of four commands, by the clock, at a change on disk, and with the disk full; 200 moments are in `make soak`."""
    kill(tmp_path, 7, 20)


@pytest.mark.fault(1, 2, 5)
@pytest.mark.soak
def test_killed_at_two_hundred_random_moments(tmp_path):
    kill(tmp_path, 2026, 200)


@pytest.mark.fault(2)
def test_every_named_step_is_passed_and_killed_at():
    named = set()
    for path in sorted((ROOT / "warehouse").glob("*.py")):
        named |= set(re.findall(r'reached\("([^"]+)"\)', path.read_text()))
    assert named == set(failpoint.STEPS) == {step for steps in STEPS.values() for step in steps}
