"""A PostgreSQL of one's own on loopback, in a folder that is thrown away: what apt installs, without its service."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.flows.servers import free_port, running, until

USER = "evimap"


def programs() -> Path | None:
    """The folder with PostgreSQL's programs, if it is installed and somebody can run it: root may not."""
    found = [Path(one).resolve().parent for one in [shutil.which("postgres")] if one]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    there = next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)
    return there if there and (os.geteuid() != 0 or _somebody()) else None


def _somebody() -> str | None:
    """The user whom the package makes."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


@contextmanager
def postgres(folder: Path, *databases: str) -> Iterator[int]:
    """A server with these databases, and the user `evimap` who owns them; its port."""
    bin_, port = programs(), free_port()
    assert bin_ is not None
    somebody = _somebody() if os.geteuid() == 0 else None
    become = ["setpriv", f"--reuid={somebody}", f"--regid={somebody}", "--clear-groups"] if somebody else []
    with tempfile.TemporaryDirectory(prefix="postgres-") as home:  # pytest's own folders are not for other users
        if somebody:
            shutil.chown(home, somebody)
        data = Path(home) / "data"
        made = [*become, bin_ / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=home, timeout=120)
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "max_connections": "200"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*become, bin_ / "postgres", "-D", data, "-p", port, *options]
        client = [bin_ / "psql", "-h", "127.0.0.1", "-p", port, "-U", USER, "-v", "ON_ERROR_STOP=1", "-qX"]

        def said(database: str, sql: str) -> bool:
            done = subprocess.run([*map(str, client), "-d", database, "-c", sql], capture_output=True, timeout=60)
            return done.returncode == 0

        with running(*command, env=dict(os.environ), log=folder / "postgres.log"):
            until(lambda: said("postgres", "SELECT 1"), 60, "PostgreSQL answers")
            for name in databases:
                assert said("postgres", f"CREATE DATABASE {name}")
                assert said(name, "CREATE EXTENSION IF NOT EXISTS pg_trgm"), "Prefect searches by it"
            yield port
