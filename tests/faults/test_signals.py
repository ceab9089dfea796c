"""A query gives way to whoever ends the run."""

import signal
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
