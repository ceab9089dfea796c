"""Played sources on one loopback server, each under its own name: http://127.0.0.1:PORT/openalex/…"""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from urllib.parse import parse_qsl

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.sources.played.playing import Answer, Asked, Paper, Played

Before = Callable[[str, Asked], Answer | None]  # a fault in place of the source's answer, or None


class Server:
    """Plays sources over HTTP and counts what it is asked."""

    def __init__(self, http: HTTPServer, held: Mapping[str, Sequence[Paper]]) -> None:
        self._http = http
        self.asked: Counter[str] = Counter()
        self.before: Before | None = None
        self._lock = threading.Lock()
        self._played: dict[str, Played] = {}
        for name, papers in held.items():
            self.hold(name, papers)

    def address(self, name: str) -> str:
        """Where a source is mounted."""
        return self._http.url_for(f"/{name}")

    def hold(self, name: str, papers: Sequence[Paper]) -> None:
        """Gives a source other papers."""
        self._played[name] = import_module(f"tests.sources.played.{name}").make(papers, self.address(name))

    def answer(self, request: Request) -> Response:
        """One request."""
        raw = request.environ.get("RAW_URI", request.full_path).split("?")[0]
        name, _, path = raw.lstrip("/").partition("/")
        if name not in self._played:
            return Response(b"", 404)
        asked = Asked(
            "/" + path,
            dict(parse_qsl(request.query_string.decode(), keep_blank_values=True)),
            request.method,
            {key.lower(): value for key, value in request.headers.items()},
            request.get_data(),
        )
        with self._lock:
            self.asked[name] += 1
        found = (self.before and self.before(name, asked)) or self._played[name](asked)
        return Response(found.body, found.status, dict(found.headers))


@contextmanager
def served(held: Mapping[str, Sequence[Paper]]) -> Iterator[Server]:
    """A server on a free loopback port that plays the sources that are named, each with its papers."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line a request
    http = HTTPServer(host="127.0.0.1", port=0, threaded=True)
    http.start()
    try:
        server = Server(http, held)
        http.expect_request(re.compile("/.*")).respond_with_handler(server.answer)
        yield server
    finally:
        http.clear()
        if http.is_running():
            http.stop()
