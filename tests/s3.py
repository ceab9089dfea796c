"""An S3 store on loopback, in this process: moto's server, which keeps its objects in memory and puts on conditions."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

BUCKET = "maps"


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """A store with an empty bucket; the environment by which it is reached."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT"), timeout=30)
        yield reached_at(address)
    finally:
        server.stop()


def reached_at(address: str) -> dict[str, str]:
    """The environment by which clients reach a store at an address."""
    return {
        "AWS_ACCESS_KEY_ID": "an-invented-key", "AWS_SECRET_ACCESS_KEY": "an-invented-secret", "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true",
    }  # fmt: skip
