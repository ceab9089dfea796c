import shutil

import pytest

from tests.flows.small import JANUARY, make_review, work


@pytest.fixture(scope="session")
def prefect(tmp_path_factory):
    """One Prefect server for all flow tests: starting it costs ten seconds."""
    import os

    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


@pytest.fixture
def review(tmp_path):
    """A small review with invented exports, in a folder of its own."""
    return make_review(tmp_path / "small")


@pytest.fixture
def root(tmp_path):
    """An empty data root."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def screened_once(prefect, tmp_path_factory):
    """A review after its first release and four rounds of work; never changed, only copied."""
    from flows.refresh import refresh

    folder = tmp_path_factory.mktemp("screened")
    review, root = make_review(folder / "small"), folder / "data"
    refresh(str(review), str(root), JANUARY)
    work(review, root)
    return folder


@pytest.fixture
def screened(screened_once, tmp_path):
    """(review, root) of a review with one release and all its work taken in, which no release shows yet."""
    shutil.copytree(screened_once, tmp_path / "screened", symlinks=True)
    return tmp_path / "screened" / "small", tmp_path / "screened" / "data"
