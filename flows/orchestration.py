"""How a command runs a flow: on the server that PREFECT_API_URL names, else on one of its own that ends with it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
