"""How a command runs a flow: on the server that PREFECT_API_URL names, else on one of its own that ends with it."""

from __future__ import annotations

import atexit
import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.server.api.server import SubprocessASGIServer


def quiet(root: Path) -> None:
    """Settings that have to be there before Prefect is imported; whatever the user has set stays.

    Prefect's own log lines would drown the progress lines, and it prints a traceback for each failure, which the command says
    in a line; on a server of the user's they go on to its UI. Its database must not mix with other projects'.
    """
    unheard = {} if "PREFECT_API_URL" in os.environ else {"PREFECT_LOGGING_LEVEL": "CRITICAL"}
    for name, value in {
        **unheard,
        "PREFECT_HOME": str(root / ".prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # a first start makes its database, on a busy machine slowly
    }.items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore", module="prefect")


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Runs flows without the heartbeat, whose thread costs a second to join at the end of each."""
    quiet(root)
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if not PREFECT_API_URL.value():
        from prefect.server.api.server import SubprocessASGIServer

        Thread(target=end_with_this_process, args=[SubprocessASGIServer()], daemon=True).start()
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def end_with_this_process(server: SubprocessASGIServer) -> None:
    """Has a shell end the server when this process was killed, by `kill -9` too; goes on as long as the process does.

    Prefect ends it only where its own process comes to an orderly end, and starts another where one finds its port taken.
    """
    nothing, watched, watcher = subprocess.DEVNULL, None, None
    while True:
        process = server.server_process
        if process is not None and process is not watched:
            _let_go(watcher)
            # a line says that all is well; if this process is killed, the pipe breaks
            command = ["sh", "-c", 'read -r line || kill "$0"', str(process.pid)]
            watcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True)
            atexit.register(_let_go, watcher)
            watched = process
        time.sleep(0.1)


def _let_go(watcher: subprocess.Popen[bytes] | None) -> None:
    if watcher is not None and watcher.returncode is None:
        watcher.communicate(b"\n")
