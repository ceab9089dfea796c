"""Material that is not part of the project: tests that need it skip with a reason, or fail where it is required."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def required(what: str) -> bool:
    """Whether EVIMAP_REQUIRE (a comma-separated list) turns the absence of ``what`` into a failure."""
    return what in os.environ.get("EVIMAP_REQUIRE", "").split(",")


def absent(what: str, reason: str) -> None:
    """Skips the test, or fails it where ``what`` is required."""
    if required(what):
        pytest.fail(f"{reason}, and EVIMAP_REQUIRE names {what}")
    pytest.skip(reason)


def shared(path: str) -> Path:
    """A path in ``../shared``."""
    found = ROOT.parent / "shared" / path
    if not found.exists():
        absent("shared", f"../shared/{path} is absent")
    return found
