"""A query gives way to whoever ends the run."""

import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from flows import orchestration
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
import subprocess, sys, threading, time, types
from flows.orchestration import end_with_this_process
server = types.SimpleNamespace(server_process=None)
threading.Thread(target=end_with_this_process, args=[server], daemon=True).start()
for again in range(2):  # the first finds its port taken
    before, server.server_process = server.server_process, subprocess.Popen(["sleep", "60"])
    time.sleep(0.5)
    if before:
        before.kill()
print("served", flush=True)
sys.stdin.read()
"""


@pytest.mark.fault(1)
@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_the_server_that_a_run_has_for_itself_ends_with_it(end):
    """It holds the output of the run open as long as it lives."""
    command = [sys.executable, "-c", SERVED]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == "served\n"
        began = time.monotonic()
        getattr(run, end)()
        run.stdout.read()
    assert time.monotonic() - began < 20


def test_a_run_without_a_server_watches_the_one_that_prefect_starts_for_it(monkeypatch, tmp_path):
    from prefect.server.api.server import SubprocessASGIServer
    from prefect.settings import PREFECT_API_URL, temporary_settings

    watched = []
    monkeypatch.setattr(orchestration, "end_with_this_process", watched.append)
    monkeypatch.setattr(orchestration, "quiet", lambda root: None)
    monkeypatch.setattr(orchestration, "Thread", lambda target, args, daemon: SimpleNamespace(start=lambda: target(*args)))
    with temporary_settings(updates={PREFECT_API_URL: "http://127.0.0.1:9/api"}), orchestration.alone(tmp_path):
        assert watched == []
    with temporary_settings(restore_defaults={PREFECT_API_URL}), orchestration.alone(tmp_path):
        assert watched == [SubprocessASGIServer()], "it is that one wherever it is asked for"
    assert watched[0].server_process is None
