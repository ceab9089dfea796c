"""What all tests share: nothing leaves the machine, no setting of the person who runs them leaks in."""

import os

for name in [name for name in os.environ if name.startswith(("PREFECT_", "EVIMAP_")) and name != "EVIMAP_REQUIRE"]:
    del os.environ[name]
os.environ |= {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}
