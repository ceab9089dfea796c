"""Where Chromium is, and how it is started so that it asks nobody for anything."""

from __future__ import annotations

import os
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
REQUIRED = "chromium" in os.environ.get("EVIMAP_REQUIRE", "").split(",")
ABSENT = not CHROMIUM.exists() and not REQUIRED
WHY = "no /usr/bin/chromium (Debian: apt-get install chromium)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
