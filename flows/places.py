"""Where data lies: a flag, else the environment, else the working directory."""

from __future__ import annotations

import os
from pathlib import Path


def data_root(given: str | Path | None) -> Path:
    """``given``, else EVIMAP_DATA, else ``data`` in the working directory; absolute."""
    return Path(given or os.environ.get("EVIMAP_DATA") or "data").resolve()
