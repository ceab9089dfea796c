"""The example's scripts, imported as they run: from their own folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

REVIEW = Path(__file__).parents[2] / "reviews" / "reducing-care-entry"
SCRIPTS = REVIEW / "synthetic"
NAMES = ("answers", "dialects", "exports", "frame", "make", "minds", "papers", "people", "records", "truth", "vocabulary")


@pytest.fixture(scope="session")
def script() -> Iterator[dict[str, ModuleType]]:
    """The modules by name. The folder leaves the path again, and the modules with it: their names are everyday words."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        found = {name: __import__(name) for name in NAMES}
    finally:
        sys.path.remove(str(SCRIPTS))
    yield found
    for name in NAMES:
        sys.modules.pop(name, None)
