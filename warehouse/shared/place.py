"""A folder that several machines reach: the file system behind a URL, and what it says when it cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import fsspec

OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss"})
"""Schemes that obstore serves. Their keys and addresses are in the environment, by the names that each store's tools use."""

_CONTAINERS = ("abfs", "abfss")  # whose addresses have container@account

_PATIENCE: dict[str, Any] = {"retry_config": {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}}


class StoreAway(Exception):
    """The store cannot be reached, or does not let us in. What is on disk is whole, and a later run puts it there."""


class NoStore(ValueError):
    """The URL of a store is none that can be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder at a URL."""

    url: str
    scheme: str
    system: Any  # fsspec ships no types
    root: str  # as the file system calls it

    @property
    def on_disk(self) -> bool:
        """Whether it is a folder of this machine, mounted or its own."""
        return self.scheme in ("", "file", "local")

    def path(self, name: str) -> str:
        """A file in it, as the file system calls it."""
        return f"{self.root}/{name}"

    def address(self, name: str) -> str:
        """A file in it, as people and DuckDB call it."""
        return f"{self.url}/{name}"


def place(url: str) -> Place:
    """The folder at ``url``: ``s3://bucket/prefix``, a path, or what else fsspec knows.

    Raises `NoStore` where the URL has a secret in it, which would come into logs, or a package for it is missing.
    """
    parts = urlsplit(url)
    user = parts.username and parts.scheme not in _CONTAINERS
    chained = "::" in url or ("@" in url and parts.scheme in OBJECT_STORES and parts.scheme not in _CONTAINERS)
    if user or parts.password or parts.query or parts.fragment or chained:
        raise NoStore(
            f"the address of the store at {parts.hostname or 'a host'} has more than scheme, host and path:"
            " keys and passwords belong into the environment (docs/scale.md)"
        )
    patience: dict[str, Any] = {}
    if parts.scheme in OBJECT_STORES:
        if find_spec("obstore") is None:
            raise NoStore(f"{url}: the package obstore is not installed; install evimap with its extra `store`")
        from obstore.fsspec import register

        register(parts.scheme)
        patience = _PATIENCE
    try:
        system, root = fsspec.url_to_fs(url, skip_instance_cache=True, **patience)
    except (ValueError, ImportError) as error:
        raise NoStore(f"{url}: {str(error) or 'no store that can be used'}") from None
    return Place(url.rstrip("/"), parts.scheme, system, root.rstrip("/"))


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Says plainly what a store answers where it cannot be used: `StoreAway`, with its first line."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) and not type(error).__module__.startswith("obstore"):
            raise
        said = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise StoreAway(f"{url}: cannot be used ({said[:300]}); what is on disk is whole, and the next run goes on") from None
