"""A server that speaks HTTP badly on purpose: plain sockets, so that it can do what no library would let it do."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qsl, urlsplit

from tests.sources.played.playing import Asked, Played

Act = Callable[[socket.socket, bytes], None]  # what is done with a connection instead of answering; gets the good answer's body
PATIENCE = 3.0  # seconds that a fault may last at most, should the client not end it


def head(status: str = "200 OK", length: int | str | None = None, *headers: str) -> bytes:
    """A status line and headers."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def says(status: str, body: bytes = b"{}", *headers: str) -> Act:
    """A whole answer of this status; the connection is closed after it, and says so, so that nobody sends more into it."""
    return lambda line, _good: line.sendall(head(status, len(body), "Connection: close", *headers) + body)


def sends(make: Callable[[bytes], bytes]) -> Act:
    """Sends what ``make`` makes of the good body, then closes."""
    return lambda line, good: line.sendall(make(good))


def hang(_line: socket.socket, _good: bytes) -> None:
    """Says nothing."""
    time.sleep(PATIENCE)


def endless(first: bytes, again: bytes, pause: float = 0.0) -> Act:
    """The same bytes again and again."""

    def act(line: socket.socket, _good: bytes) -> None:
        line.sendall(first)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            line.sendall(again)
            time.sleep(pause)

    return act


def reset(line: socket.socket, good: bytes) -> None:
    """Half the body, then the connection is torn down."""
    line.sendall(head(length=len(good)) + good[: len(good) // 2])
    time.sleep(0.02)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def bomb(size: int) -> Act:
    """A gzip body that unpacks to so many zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    body = first + again * ((size >> 20) - 1) + packer.flush()
    return lambda line, _good: line.sendall(head("200 OK", len(body), "Content-Encoding: gzip") + body)


def chunked(body: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A body in one chunk."""
    return head("200 OK", None, "Transfer-Encoding: chunked") + b"%x\r\n" % len(body) + body + b"\r\n" + end


def packed(good: bytes) -> bytes:
    """A body in gzip."""
    return gzip.compress(good, mtime=0)


class Faulty:
    """Answers as a played source does, but for the acts in ``acts``, one a request, which come first."""

    def __init__(self, played: Played | None = None) -> None:
        self._played = played
        self.acts: list[Act | None] = []  # None for a good answer in between
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lines: list[socket.socket] = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Ends it, and every connection."""
        for one in (self._listener, *self._lines):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._lines.append(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            while request := self._request(line):
                self.requests.append(request)
                status, good = self._good(request)
                act = self.acts.pop(0) if self.acts else None
                if act is not None:
                    act(line, good)
                    return
                line.sendall(head(str(status), len(good)) + good)

    def _request(self, line: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = line.recv(65_536)
            if not piece:
                return b""
            data += piece
        start, _, body = data.partition(b"\r\n\r\n")
        lengths = [row.split(b":")[1] for row in start.split(b"\r\n") if row.lower().startswith(b"content-length:")]
        while lengths and len(body) < int(lengths[0]):
            body += line.recv(65_536)
        return start + b"\r\n\r\n" + body

    def _good(self, request: bytes) -> tuple[int, bytes]:
        if self._played is None:
            return 200, b"{}"
        start, _, body = request.partition(b"\r\n\r\n")
        method, target, _ = start.split(b"\r\n")[0].decode().split(" ")
        parts = urlsplit(target)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        rows = (row.partition(":") for row in start.decode("latin-1").split("\r\n")[1:])
        answer = self._played(Asked(parts.path, params, method, {name.lower(): value.strip() for name, _, value in rows}, body))
        return answer.status, answer.body


@contextmanager
def faulty(played: Callable[[str], Played] | None = None) -> Iterator[Faulty]:
    """A server on a free loopback port; ``played`` makes the source for its address."""
    server = Faulty()
    try:
        if played is not None:
            server._played = played(server.address)
        yield server
    finally:
        server.close()
