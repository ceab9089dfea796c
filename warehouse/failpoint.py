"""Places at which a test can have a run killed, to see that the next one goes on from there."""

from __future__ import annotations

import os
import signal

VARIABLE = "EVIMAP_KILL_AT"
STEPS = (
    "clock journaled", "raw kept", "log appended", "release placed", "release live", "run finished", "pages copied",
    "pages public", "release out of sight",
)  # fmt: skip
"""Every step after which what is on disk is another state."""


IN_A_STORE = ("file put", "copy whole", "copy live")
"""Every step after which what is in a store is another state."""


def reached(step: str) -> None:
    """Kills this very process, as `kill -9` does, if the environment variable EVIMAP_KILL_AT names this step."""
    if os.environ.get(VARIABLE) == step:
        os.kill(os.getpid(), signal.SIGKILL)
