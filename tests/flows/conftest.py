import fcntl
import os
import shutil
import subprocess
from unittest.mock import patch

import pytest

from tests.flows.direct import directly, laws_asked, refresh, without_gate
from tests.flows.servers import PREFECT
from tests.flows.small import FEBRUARY, JANUARY, make_review, work


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory, worker_id):
    """A PREFECT_HOME with an empty database, only to be copied: it takes ten seconds, and is made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "prefect"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            command = [PREFECT, "server", "database", "upgrade", "-y"]
            subprocess.run(command, env=os.environ | {"PREFECT_HOME": str(home)}, check=True, capture_output=True)
    return home


@pytest.fixture(scope="session")
def prefect(prefect_home, tmp_path_factory):
    """One Prefect server for all flow tests."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    database = tmp_path_factory.mktemp("database")  # the harness removes it
    shutil.copy(prefect_home / "prefect.db", database / "prefect-test.db")
    with (
        patch("prefect.testing.utilities.mkdtemp", lambda: str(database)),
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


@pytest.fixture
def review(tmp_path):
    """A small review with invented exports, in a folder of its own."""
    return make_review(tmp_path / "small")


@pytest.fixture
def root(tmp_path):
    """An empty data root."""
    return tmp_path / "data"


@pytest.fixture
def direct():
    """Refreshes in this test are those of `tests.flows.direct`."""
    with directly():
        yield


@pytest.fixture
def ungated():
    """Refreshes in this test go through Prefect, and no law is checked: that takes most of the time of a small one."""
    with without_gate():
        yield


@pytest.fixture
def asked():
    """Refreshes in this test go through Prefect, and laws are checked by their SQL alone."""
    with laws_asked():
        yield


@pytest.fixture(scope="session")
def released_once(tmp_path_factory):
    """A review after its first release, before anybody was asked anything; never changed, only copied."""
    folder = tmp_path_factory.mktemp("released")
    with directly():
        refresh(make_review(folder / "small"), folder / "data", JANUARY)
    return folder


@pytest.fixture
def begun(released_once, tmp_path):
    """(review, root) of a review with one release and no work."""
    shutil.copytree(released_once, tmp_path / "begun", symlinks=True)
    return tmp_path / "begun" / "small", tmp_path / "begun" / "data"


@pytest.fixture(scope="session")
def screened_once(released_once, tmp_path_factory):
    """That review after all its work; never changed, only copied."""
    folder = tmp_path_factory.mktemp("screened") / "at"
    shutil.copytree(released_once, folder, symlinks=True)
    work(folder / "small", folder / "data")
    return folder


@pytest.fixture
def screened(screened_once, tmp_path):
    """(review, root) of a review with one release and all its work taken in, which no release shows yet."""
    shutil.copytree(screened_once, tmp_path / "screened", symlinks=True)
    return tmp_path / "screened" / "small", tmp_path / "screened" / "data"


@pytest.fixture(scope="session")
def mapped_once(screened_once, tmp_path_factory):
    """That review after the release that shows its work, of which every law holds; never changed, only copied."""
    folder = tmp_path_factory.mktemp("mapped") / "at"
    shutil.copytree(screened_once, folder, symlinks=True)
    with directly(gate=True):
        refresh(folder / "small", folder / "data", FEBRUARY)
    return folder


@pytest.fixture
def mapped(mapped_once, tmp_path):
    """(review, root) of a review whose second release has all its studies on the map."""
    shutil.copytree(mapped_once, tmp_path / "mapped", symlinks=True)
    return tmp_path / "mapped" / "small", tmp_path / "mapped" / "data"
