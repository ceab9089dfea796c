"""How fast one host is asked: its rate, and whatever slower pace its answers, its robots.txt or other workers ask for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tasks.sources.connector import Rate
from tasks.sources.waiting import SHORT, seconds


class Pace:
    """The pace of one host, shared by all who ask it from this process; safe between threads."""

    def __init__(
        self, rate: Rate, gate: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        """``gate`` waits for a limit that other processes share, if there is one."""
        self._interval = 1 / rate.per_second
        self._gate, self._clock, self._sleep = gate, clock, sleep
        self._places = threading.BoundedSemaphore(rate.at_once)
        self._lock = threading.Lock()
        self._next = clock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One request: waits until it may be sent, and counts as under way until it ends."""
        with self._places:
            if self._gate:
                self._gate()
            with self._lock:
                now = self._clock()
                at = max(now, self._next)
                self._next = at + self._interval
            if at > now:
                self._sleep(at - now)
            yield

    def slow_down(self, interval: float) -> None:
        """From now on, at least so many seconds between two requests."""
        with self._lock:
            self._interval = max(self._interval, interval)

    def obey(self, headers: Mapping[str, str]) -> None:
        """What an answer says of the limit: so many requests an interval (Crossref), or none left until a moment soon."""
        limit, interval = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-interval", "").removesuffix("s")
        if limit.isdecimal() and int(limit) and interval.isdecimal() and int(interval) <= SHORT:
            self.slow_down(int(interval) / int(limit))
        if "0" in (headers.get("x-ratelimit-remaining"), headers.get("ratelimit-remaining")):
            wait = seconds(headers, "x-ratelimit-reset", "ratelimit-reset")
            if wait is not None and wait <= SHORT:
                with self._lock:
                    self._next = max(self._next, self._clock() + wait)
