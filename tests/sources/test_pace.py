"""The pace of a host: its rate, in one thread and in several, and what answers say of it."""

import threading
import time

import pytest

from tasks.sources.connector import Rate
from tasks.sources.pace import Pace


class Clock:
    def __init__(self):
        self.now = 100.0

    def read(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def paced(clock, rate, turns, gate=None):
    pace = Pace(rate, gate, clock.read, clock.sleep)
    return pace, moments(pace, clock, turns)


def moments(pace, clock, turns):
    found = []
    for _ in range(turns):
        with pace.turn():
            found.append(clock.now)
    return found


def test_requests_are_spread_evenly():
    _, found = paced(Clock(), Rate(4), 5)
    assert found == [100.0, 100.25, 100.5, 100.75, 101.0]


def test_time_that_was_not_used_is_not_saved_up():
    clock = Clock()
    pace, _ = paced(clock, Rate(10), 1)
    clock.now += 60
    assert moments(pace, clock, 3) == [pytest.approx(160.0), pytest.approx(160.1), pytest.approx(160.2)]


def test_a_delay_that_is_asked_for_slows_and_never_hastens():
    clock = Clock()
    pace, _ = paced(clock, Rate(1), 1)
    pace.slow_down(5)
    pace.slow_down(2)
    assert moments(pace, clock, 3) == [101.0, 106.0, 111.0]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-rate-limit-limit": "2", "x-rate-limit-interval": "1s"}, [100.1, 100.6]),
        ({"x-rate-limit-limit": "1000", "x-rate-limit-interval": "1s"}, [100.1, 100.2]),
        ({"x-rate-limit-limit": "none", "x-rate-limit-interval": "soon"}, [100.1, 100.2]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, [130.0, 130.1]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "86400"}, [100.1, 100.2]),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "30"}, [100.1, 100.2]),
    ],
)
def test_what_an_answer_says_of_the_limit_is_obeyed(headers, expected):
    clock = Clock()
    pace, _ = paced(clock, Rate(10), 1)
    pace.obey(headers)
    assert moments(pace, clock, 2) == [pytest.approx(one) for one in expected]


def test_the_gate_is_asked_before_each_request():
    asked = []
    paced(Clock(), Rate(10), 3, lambda: asked.append(1))
    assert len(asked) == 3


@pytest.mark.parametrize("at_once", [1, 3])
def test_as_many_at_once_as_the_rate_says(at_once):
    pace = Pace(Rate(10_000, at_once))
    under_way, most, lock = 0, 0, threading.Lock()

    def ask():
        nonlocal under_way, most
        with pace.turn():
            with lock:
                under_way += 1
                most = max(most, under_way)
            time.sleep(0.01)
            with lock:
                under_way -= 1

    threads = [threading.Thread(target=ask) for _ in range(9)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == at_once


def test_threads_share_one_rate():
    pace = Pace(Rate(200, 8))
    began = time.monotonic()

    def ask():
        for _ in range(5):
            with pace.turn():
                pass

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    took = time.monotonic() - began
    assert 39 / 200 <= took < 39 / 200 + 0.15
