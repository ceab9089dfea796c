"""Connections that go to public addresses alone, and that end in time.

An address is looked up once and the connection goes to the very address that was judged, so that a name cannot point elsewhere
a moment later. A timeout of a socket counts from byte to byte; a server that sends one byte now and then holds the line for
ever. So a timer shuts every connection of an attempt that takes too long as a whole.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from tasks.sources.connector import Refused

PRIVATE_HOSTS = "EVIMAP_PRIVATE_HOSTS"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Guard:
    """Opens the connections of one client, which asks one thing at a time."""

    def __init__(self, private_hosts: Collection[str] = ()) -> None:
        """``private_hosts`` are names or addresses that may be asked though they are not public."""
        self._private = frozenset(private_hosts)
        self._open: dict[HTTPConnection, socket.socket] = {}  # a second handle on each, which TLS and closing leave alone
        self._left: list[socket.socket] = []
        self._cut = threading.Event()

    @contextmanager
    def within(self, limit: float) -> Iterator[None]:
        """Shuts what is connected after ``limit`` seconds; ``cut`` then says so."""
        self._cut.clear()
        timer = threading.Timer(limit, self._shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            while self._left:
                self._left.pop().close()

    @property
    def cut(self) -> bool:
        """Whether the last attempt was cut short."""
        return self._cut.is_set()

    def _shut(self) -> None:
        self._cut.set()
        for handle in [*self._open.values(), *self._left]:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """A socket to one of the addresses of a host. Raises `Refused` if any of them is not public."""
        host = connection.host
        try:
            found = socket.getaddrinfo(host.strip("[]"), connection.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(host, connection, socket.gaierror(str(error))) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if host not in self._private and address not in self._private and not public(address):
                raise Refused(f"{host} is at {address}, which is no public address; if it is meant, name it in {PRIVATE_HOSTS}")
        failed: OSError = OSError("no address")
        for address in addresses:
            if self.cut:
                break
            try:
                made = create_connection((address, connection.port), connection.timeout, None, connection.socket_options)
            except OSError as error:
                failed = error
                continue
            self._open[connection] = made.dup()
            return made
        if isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(connection, f"{host} did not take the connection in time") from failed
        raise NewConnectionError(connection, f"{host} took no connection: {failed}") from failed

    def closed(self, connection: HTTPConnection) -> None:
        """A connection is given up; its last answer may still be under way."""
        handle = self._open.pop(connection, None)
        if handle is not None:
            self._left.append(handle)

    def close(self) -> None:
        """Lets go of every connection."""
        for handle in [*self._open.values(), *self._left]:
            handle.close()
        self._open.clear()
        self._left.clear()


def public(address: str) -> bool:
    """Whether an IP address is one of the open internet, and so is the IPv4 address inside it, if there is one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inside = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inside is None and parsed in _NAT64:
            inside = ipaddress.IPv4Address(parsed.packed[-4:])
        if inside is not None:
            return public(str(inside))
    return parsed.is_global and not parsed.is_multicast


def pools(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools of urllib3, by scheme, whose connections the guard opens."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guard.connect(self)

        def close(self) -> None:
            guard.closed(self)
            super().close()

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guard.connect(self)

        def close(self) -> None:
            guard.closed(self)
            super().close()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
