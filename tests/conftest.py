"""What all tests share: nothing leaves the machine, no setting of the person who runs them leaks in."""

import gc
import os

import pytest
from hypothesis import settings

from warehouse import lent

gc.disable()  # until all tests are found: they live to the end, and there is nothing to collect

lent.THREADS = 1  # each core has a worker of its own; commands that tests run as such have as many as elsewhere

settings.register_profile("the same each time", derandomize=True)
settings.load_profile("the same each time")

GIVEN = {
    name: os.environ.pop(name)
    for name in list(os.environ)
    if name.startswith(("PREFECT_", "EVIMAP_")) and name not in ("EVIMAP_REQUIRE", "EVIMAP_ASREVIEW")
}
os.environ |= {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def pytest_collection_finish():
    """From here on garbage is collected, and nobody looks for it among the tests and their modules."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def keys():
    """The keys and the address in the environment of the person who runs the tests: for live tests alone."""
    return {name: value for name, value in GIVEN.items() if name == "EVIMAP_EMAIL" or name.endswith("_KEY")}
