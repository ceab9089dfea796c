"""Failures as people meet them: one or two lines that name file, row and remedy, and an exit code that means something."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import TypeVar

import typer

from warehouse.archive import Damaged
from warehouse.storage import Busy
from warehouse.yaml import ConfigurationError

DONE, STOPPED, BAD_INPUT, INTERNAL, TRY_LATER = 0, 1, 2, 70, 75

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


def _said(error: Exception) -> tuple[int, str]:
    if type(error).__name__ == "Stopped":  # tasks.checked imports Great Expectations' gate: not for every command
        return STOPPED, str(error)
    if isinstance(error, Busy) or type(error).__name__ == "TryLater":  # nor are the connectors
        return TRY_LATER, str(error)
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError) and error.filename:
        return BAD_INPUT, f"{error.filename}: {error.strerror}; check the path"
    if isinstance(error, ConfigurationError | BadInput | Damaged | FileNotFoundError | ValueError):
        return BAD_INPUT, str(error)
    if isinstance(error, OSError):
        return TRY_LATER, f"{error.filename or 'a file'}: {error.strerror or error}; mend that and run again, nothing is lost"
    return INTERNAL, f"internal error: {type(error).__name__}: {error} (EVIMAP_DEBUG=1 shows where)"
