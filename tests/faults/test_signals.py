"""A query gives way to whoever ends the run."""

import signal
import subprocess
import sys
import time

import pytest

from warehouse.engine import Engine, EngineError

ENDLESS = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE hash(a.range, b.range) = 1"


class Told(BaseException):
    """What the handler of a signal raises, as that of Prefect does."""


@pytest.fixture
def told():
    """Tells this process something in a moment."""

    def handler(_number, _frame):
        raise Told

    before = signal.signal(signal.SIGALRM, handler)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.fault(28)
def test_a_signal_interrupts_a_query_and_the_next_one_runs(told):
    with Engine({}) as engine:
        began = time.monotonic()
        told(0.2)
        with pytest.raises(Told):
            engine.rows(ENDLESS)
        assert engine.rows("SELECT 1 AS n") == [{"n": 1}]
        assert time.monotonic() - began < 5


@pytest.mark.fault(28)
def test_a_signal_that_comes_before_the_query_has_begun_is_not_lost(told, monkeypatch):
    """As on a busy machine, where the thread that runs it starts late."""
    real = Engine._executed
    monkeypatch.setattr(Engine, "_executed", lambda *given: (time.sleep(0.3), real(*given))[1])
    with Engine({}) as engine:
        began = time.monotonic()
        told(0.1)
        with pytest.raises(Told):
            engine.rows(ENDLESS)
        assert time.monotonic() - began < 5


def test_an_error_of_a_query_is_the_one_that_it_raised():
    with Engine({}) as engine:
        with pytest.raises(EngineError, match="nowhere"):
            engine.run("SELECT * FROM nowhere")
        assert engine.rows("SELECT 1 AS n") == [{"n": 1}]


SERVED = """
import subprocess, sys, types
from flows.orchestration import end_with_this_process
end_with_this_process(types.SimpleNamespace(server_process=subprocess.Popen(["sleep", "60"])))
print("served", flush=True)
sys.stdin.read()
"""


@pytest.mark.fault(1)
@pytest.mark.parametrize("end", ["kill", "terminate", "of itself"])
def test_the_server_that_a_run_has_for_itself_ends_with_it(end):
    """It holds the output of the run open as long as it lives."""
    command = [sys.executable, "-c", SERVED]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == "served\n"
        began = time.monotonic()
        run.stdin.close() if end == "of itself" else getattr(run, end)()
        run.stdout.read()
    assert time.monotonic() - began < 20
