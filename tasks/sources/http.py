"""The HTTP client: the one place that sends requests.

An attempt is a request with its answer read to the end, checked, and accepted by the connector; whatever goes wrong in it is
tried again with full jitter (M. Brooker, "Exponential Backoff and Jitter", 2015), no sooner than the source asks for. Retries
that stop at the header would take a body that was cut short for a whole one.
"""

from __future__ import annotations

import random
import re
import time
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from urllib3.exceptions import HTTPError

from tasks.sources.connector import (
    Broken,
    Credential,
    Expired,
    Refused,
    Request,
    Response,
    TryLater,
    usual_trouble,
)
from tasks.sources.credentials import Secrets
from tasks.sources.guard import Guard, pools
from tasks.sources.pace import Pace
from tasks.sources.waiting import seconds

_PIECE = 1 << 16
_OBJECT = re.compile(r"^(?:<[^>]*>|\w+\([^)]*\)): ")  # as urllib3 begins its messages
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGAIN = frozenset({408, 425, 429})
_TELLS_WAIT = frozenset({429, 503})
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15  # window sizes by which zlib tells its formats apart

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may cost. Times in seconds."""

    connect: float = 10.0
    read: float = 60.0  # between two bytes
    total: float = 300.0  # of an attempt as a whole
    attempts: int = 8
    longest_pause: float = 60.0  # before another attempt, of our own accord
    longest_wait: float = 120.0  # that a source may ask for within a run
    max_bytes: int = 64 << 20  # of a body, unpacked
    redirects: int = 5


class Client:
    """Asks one source, one request at a time. Proxies, cookies and passwords of the environment are not used."""

    def __init__(
        self, pace: Pace, credentials: Sequence[Credential] = (), environment: Mapping[str, str] | None = None,
        trouble: Callable[[Response], Exception | None] = usual_trouble, limits: Limits | None = None,
        private_hosts: Collection[str] = (), reads: Collection[int] = (), sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:  # fmt: skip
        """Raises `Refused` where a required key is not in the environment."""
        self._pace, self._trouble, self._limits = pace, trouble, limits or Limits()
        self._secrets = Secrets(credentials, environment or {})
        self._sleep, self._chance = sleep, chance
        self._reads = frozenset(reads)
        self._guard = Guard(private_hosts)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"evimap/{version('evimap')}"
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self._guard))

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()
        self._guard.close()

    def send(self, request: Request, accept: Callable[[Response], T]) -> T:
        """What ``accept`` makes of the answer; it sees 2xx, the statuses ``reads``, and 304 where the request was conditional.

        Raises `Refused` for what will not come right by asking again, `TryLater` for what did not in all attempts or asks for
        too long a wait, and whatever else ``accept`` raises. No message has a key in it.
        """
        attempts = self._limits.attempts
        retrying = Retrying(
            stop=stop_after_attempt(attempts), retry=retry_if_exception_type(Broken), wait=self._pause, sleep=self._sleep,
            reraise=True,
        )  # fmt: skip
        try:
            result: T = retrying(self._attempt, request, accept)
        except Broken as last:
            raise TryLater(f"{request.url}: no good answer in {attempts} attempts; the last: {last}") from None
        return result

    def _pause(self, state: RetryCallState) -> float:
        """Seconds before the next attempt: chance spreads those who failed together."""
        longest = min(self._limits.longest_pause, 2.0 ** (state.attempt_number - 1))
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Broken) else None
        return (asked or 0.0) + self._chance(0.0, longest)

    def _attempt(self, request: Request, accept: Callable[[Response], T]) -> T:
        try:
            response = self._answer(request)
            try:
                read = 200 <= response.status < 300 or response.status in self._reads
                if not (read or (response.status == 304 and _is_conditional(request))):
                    raise self._trouble(response) or _usual(response)
                return accept(response)
            except RecursionError:
                raise Broken(f"{response.url}: the answer is nested too deeply to be read") from None
        except Broken as error:
            said = self._secrets.strike(str(error))
            if error.wait is not None and error.wait > self._limits.longest_wait:
                raise TryLater(f"{request.url}: {said} (asks to wait {error.wait:,.0f} seconds)") from None
            raise Broken(said, error.wait) from None
        except (Refused, TryLater, Expired) as error:
            raise type(error)(self._secrets.strike(str(error))) from None

    def _answer(self, request: Request) -> Response:
        """The answer at the end of all redirects."""
        method, body, headers = request.method, request.body, list(request.headers)
        url = _address(request)
        asked = _origin(url)
        for _ in range(self._limits.redirects + 1):
            known = _origin(url) == asked  # credentials are for the source alone, not for where it sends us
            answer = requests.Request(
                method, url, params=list(self._secrets.params) if known else [],
                headers=dict([*headers, *self._secrets.headers] if known else headers),
                data=body.encode() if body is not None else None,
            )  # fmt: skip
            response = self._exchange(url, answer)
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or not location:
                return response
            url = self._secrets.strip(urljoin(url, location))
            _origin(url)
            if response.status == 303:
                method, body = "GET", None
        raise Broken(f"{request.url} sends elsewhere more than {self._limits.redirects} times, at last to {url}")

    def _exchange(self, url: str, request: requests.Request) -> Response:
        """One request and its answer as it came, unpacked. Raises `Broken` where it cannot be had whole."""
        host = urlsplit(url).netloc
        limits = self._limits
        try:
            prepared = self._session.prepare_request(request)
        except requests.RequestException as error:
            raise Refused(f"{url}: {_plain(error)}") from None
        try:
            with (
                self._pace.turn(),
                self._guard.within(limits.total),
                self._session.send(
                    prepared, stream=True, timeout=(limits.connect, limits.read), allow_redirects=False
                ) as answer,
            ):
                length = answer.headers.get("Content-Length")
                if length is not None and not length.strip().isdecimal():
                    raise Broken(f"{host}: the length of the answer is {length[:40]!r}")
                body = self._body(answer, host)
        except requests.exceptions.SSLError as error:
            if self._guard.cut or "CERTIFICATE_VERIFY_FAILED" not in str(error):
                raise Broken(f"{host}: {self._said(error)}") from None
            raise Refused(f"{host}: its certificate is not valid: {_plain(error)}") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:  # ValueError: a chunk of negative size
            raise Broken(f"{host}: {self._said(error)}") from None
        if self._guard.cut:
            raise Broken(f"{host}: {self._said(None)}")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self._pace.obey(headers)
        return Response(answer.status_code, self._secrets.strip(url), headers, self._secrets.blank(body))

    def _body(self, answer: requests.Response, host: str) -> bytes:
        limit = self._limits.max_bytes
        packed = bytearray()
        for piece in answer.raw.stream(_PIECE, decode_content=False):
            packed += piece
            if len(packed) > limit:
                raise Refused(_too_large(host, limit))
        try:
            body = _unpacked(bytes(packed), answer.headers.get("Content-Encoding", ""), limit)
        except zlib.error as error:
            raise Broken(f"{host}: the packed answer is damaged: {error}") from None
        if len(body) > limit:
            raise Refused(_too_large(host, limit))
        return body

    def _said(self, error: Exception | None) -> str:
        if self._guard.cut:
            return f"no whole answer within {self._limits.total:g} seconds"
        return f"no whole answer: {_plain(error)}"


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """A body out of its content encoding, at most a byte longer than ``limit``. Raises `Broken` or zlib.error."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name not in ("gzip", "x-gzip", "deflate"):
        raise Broken(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
    window = _GZIP if name != "deflate" else _ZLIB if body[:1] and body[0] & 15 == 8 else _DEFLATE
    unpacked = bytearray()
    while True:
        unpacker = zlib.decompressobj(window)
        unpacked += unpacker.decompress(body, limit + 1 - len(unpacked))
        if len(unpacked) > limit:
            return bytes(unpacked)
        if not unpacker.eof:
            raise Broken("the packed answer is cut short")
        body = unpacker.unused_data
        if window != _GZIP or not body.startswith(b"\x1f\x8b"):
            return bytes(unpacked)


def _usual(response: Response) -> Exception:
    """What a status means by HTTP."""
    where = f"{response.url}: status {response.status}"
    if response.status in _AGAIN or response.status >= 500:
        return Broken(where, seconds(response.headers, "retry-after") if response.status in _TELLS_WAIT else None)
    if 400 <= response.status < 500:
        return Refused(f"{where}: {response.body[:200].decode('utf-8', 'replace')!r}")
    return Broken(f"{where}, which is no answer to the request")


def _is_conditional(request: Request) -> bool:
    return any(name.lower() in ("if-none-match", "if-modified-since") for name, _ in request.headers)


def _address(request: Request) -> str:
    _origin(request.url)
    try:
        return str(requests.Request("GET", request.url, params=list(request.params)).prepare().url)
    except requests.RequestException as error:
        raise Refused(f"{request.url[:200]} is no address of the web: {_plain(error)}") from None


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. Raises `Refused` for an address that is not for this client."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
        raise Refused(f"{url[:200]} is no address of the web")
    if parts.username is not None:
        raise Refused(f"{parts.hostname}: a name or password in an address is not sent; take it out")
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}[parts.scheme]


def _too_large(host: str, limit: int) -> str:
    return f"{host}: the answer is larger than {limit / (1 << 20):g} MiB; ask for smaller pages (page_size)"


def _plain(error: Exception | None) -> str:
    """An error of the libraries as one short phrase, without the objects that they print."""
    inner = error
    while inner is not None and inner.args and isinstance(inner.args[0], Exception):
        inner = inner.args[0]
    reason = getattr(inner, "reason", None)
    text = str(reason if isinstance(reason, Exception) else inner)
    return " ".join(_OBJECT.sub("", text).split())[:300]


class _Adapter(HTTPAdapter):
    """Connections that the guard opens, without retries of their own."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: object) -> None:
        super().init_poolmanager(connections, maxsize, block, **kwargs)
        self.poolmanager.pool_classes_by_scheme = pools(self._guard)
