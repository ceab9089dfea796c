import uuid

import pytest

from tests.s3 import BUCKET, s3_server
from tests.warehouse.stored import made
from warehouse.shared.store import Store


@pytest.fixture(scope="session")
def s3():
    """One S3 store for all tests; the environment by which it is reached."""
    with s3_server() as environment:
        yield environment


@pytest.fixture(params=["s3", "disk", "memory"])
def url(request, tmp_path, monkeypatch):
    """An empty place in a store of each kind: conditional puts, a lock, neither."""
    if request.param == "disk":
        return str(tmp_path / "mounted")
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}"
    for name, value in request.getfixturevalue("s3").items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


@pytest.fixture
def storage(tmp_path):
    """A review on disk with two releases."""
    return made(tmp_path / "data")


@pytest.fixture
def store(url):
    """The place of that review in the store."""
    return Store(url, "r")
