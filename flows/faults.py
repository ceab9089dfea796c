"""Failures as people meet them: one or two lines that name file, row and remedy, and an exit code that means something."""

from __future__ import annotations

import errno
import functools
import os
import sys
import traceback
from collections.abc import Callable
from http.client import UNAUTHORIZED
from typing import TypeVar

import typer

from warehouse.archive import Damaged
from warehouse.storage import Busy, ClockBehind
from warehouse.yaml import ConfigurationError

DONE, STOPPED, BAD_INPUT, INTERNAL, TRY_LATER = 0, 1, 2, 70, 75

_MENDS = {
    errno.ENOSPC: "make room, for example with evimap releases REVIEW --prune,",
    errno.EDQUOT: "make room, for example with evimap releases REVIEW --prune, or have the quota raised,",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "mount the disk for writing, or give another folder with --data,",
    errno.EACCES: "let the user of this process write there (chown, chmod), or run as the owner,",
    errno.EPERM: "let the user of this process write there (chown, chmod), or run as the owner,",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
}

F = TypeVar("F", bound=Callable[..., None])


class BadInput(Exception):
    """What the user gave cannot be worked with; the message says what to do."""


def plainly(command: F) -> F:
    """Turns every exception of a command into its exit code and a line on standard error.

    A defect of the pipeline is 70; EVIMAP_DEBUG=1 shows its traceback.
    """

    @functools.wraps(command)
    def wrapped(*given: object, **named: object) -> None:
        try:
            command(*given, **named)
        except typer.Exit:
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; nothing to complain about
        except Exception as error:
            code, message = _said(error)
            if os.environ.get("EVIMAP_DEBUG"):
                traceback.print_exc()
            typer.echo(f"evimap: {message}", err=True)
            raise typer.Exit(code) from None

    return wrapped  # type: ignore[return-value]  # functools.wraps keeps the signature that typer reads


def _of_the_server(error: BaseException | None) -> BaseException | None:
    """What kept Prefect from speaking to its server, if anything did: it does so by httpx, which nothing else here uses."""
    while error is not None:
        if any(one.__module__.partition(".")[0] == "httpx" for one in type(error).__mro__):
            return error
        error = error.__cause__
    return None


def _said(error: Exception) -> tuple[int, str]:
    if type(error).__name__ == "Stopped":  # tasks.checked imports Great Expectations' gate: not for every command
        return STOPPED, str(error)
    if isinstance(error, Busy | ClockBehind) or type(error).__name__ in (
        "TryLater",
        "StoreAway",
    ):  # nor are the connectors, and stores
        return TRY_LATER, str(error)
    if away := _of_the_server(error):
        if getattr(getattr(away, "response", None), "status_code", None) == UNAUTHORIZED:
            remedy = "set PREFECT_API_AUTH_STRING=user:password to what PREFECT_SERVER_API_AUTH_STRING says where it runs"
            return BAD_INPUT, f"the Prefect server wants a user and a password; {remedy}"
        remedy = "start it again, or unset PREFECT_API_URL, and run again, nothing is lost"
        return TRY_LATER, f"the Prefect server does not answer ({error}); {remedy}"
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError) and error.filename:
        return BAD_INPUT, f"{error.filename}: {error.strerror}; check the path"
    if isinstance(error, ConfigurationError | BadInput | Damaged | FileNotFoundError | ValueError):
        return BAD_INPUT, str(error)
    if isinstance(error, OSError):
        mend = _MENDS.get(error.errno or 0, "mend that")
        return TRY_LATER, f"{error.filename or 'a file'}: {error.strerror or error}; {mend} and run again, nothing is lost"
    if type(error).__name__ == "IOException":  # DuckDB's, which only the warehouse imports
        full = "No space left" in str(error)
        mend = _MENDS[errno.ENOSPC] if full else "mend that"
        return TRY_LATER, f"{str(error).splitlines()[0]}; {mend} and run again, nothing is lost"
    return INTERNAL, f"internal error: {type(error).__name__}: {error} (EVIMAP_DEBUG=1 shows where)"
