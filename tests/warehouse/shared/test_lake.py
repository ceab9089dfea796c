"""The marts of many reviews in one DuckLake, on the extensions that `make lake` installs."""

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import duckdb
import pytest

from tests.postgres import USER, postgres, programs
from tests.shared import absent
from tests.warehouse.shared.test_reading import of_review, published
from warehouse.archive import Damaged
from warehouse.shared import extensions
from warehouse.shared.lake import enter
from warehouse.shared.place import NoStore, StoreAway
from warehouse.shared.reading import reach
from warehouse.shared.store import Store
from warehouse.storage import Storage

needs_ducklake = pytest.mark.skipif(find_spec("duckdb_extension_ducklake") is None, reason="make lake installs DuckLake")


@pytest.fixture
def shared(url, tmp_path):
    """The stores of two reviews with a release each."""
    found = []
    for review in ("care", "play"):
        published(Storage(tmp_path / "data", review), of_review(review))
        found.append(Store(url, review))
        found[-1].share(Storage(tmp_path / "data", review))
    return found


def rows(catalogue, store, sql):
    with duckdb.connect() as connection:
        extensions.load(connection, "ducklake")
        reach(connection, store.place)
        connection.execute(f"ATTACH 'ducklake:{catalogue}' AS lake")
        return connection.execute(sql).fetchall()


@needs_ducklake
@pytest.mark.parametrize("url", ["s3", "disk"], indirect=True)
def test_the_catalogue_has_the_rows_of_each_review_once_however_often_they_are_entered(shared, tmp_path):
    catalogue = str(tmp_path / "maps.ducklake")
    for store in shared:
        assert enter(catalogue, store) == store.live().release
        assert enter(catalogue, store) is None
    listing = "SELECT review, title FROM lake.meta.release ORDER BY review"
    assert rows(catalogue, shared[0], listing) == [("care", "Of care"), ("play", "Of play")]
    rows(
        catalogue,
        shared[0],
        "UPDATE lake.meta.release SET release_id = 'an earlier one', title = 'Before' WHERE review = 'play'",
    )
    enter(catalogue, shared[1])
    assert rows(catalogue, shared[0], listing) == [("care", "Of care"), ("play", "Of play")]
    assert rows(catalogue, shared[0], "SELECT count(*) FROM lake.marts.study") == [(0,)], "each mart is a table, rows or none"


@needs_ducklake
@pytest.mark.parametrize("url", ["disk"], indirect=True)
def test_a_column_that_an_earlier_version_of_the_catalogue_lacks_is_added(shared, tmp_path):
    catalogue = str(tmp_path / "maps.ducklake")
    enter(catalogue, shared[0])
    rows(catalogue, shared[0], "ALTER TABLE lake.meta.release DROP COLUMN compared")
    enter(catalogue, shared[1])
    found = rows(catalogue, shared[0], "SELECT review, compared FROM lake.meta.release ORDER BY review")
    assert found == [("care", None), ("play", "none")]


@needs_ducklake
@pytest.mark.parametrize("url", ["disk"], indirect=True)
def test_an_entry_that_fails_half_way_leaves_the_rows_of_before(shared, tmp_path):
    catalogue, store = str(tmp_path / "maps.ducklake"), shared[1]
    enter(catalogue, store)
    rows(catalogue, store, "UPDATE lake.meta.release SET release_id = 'an earlier one' WHERE review = 'play'")
    home = store.place.path(f"play/releases/{store.live().release}")
    store.place.system.pipe_file(f"{home}/meta/release.parquet", b"damaged")
    with pytest.raises((StoreAway, Damaged, ValueError)):
        enter(catalogue, store)
    assert rows(catalogue, store, "SELECT release_id FROM lake.meta.release") == [("an earlier one",)]


@pytest.mark.fault(103)
@pytest.mark.parametrize(
    "catalogue",
    [
        "dbname=x password=canary", "host=x passwd=canary", "postgresql://me:canary@host/x", "postgresql://me:canary/2@host/x",
        "postgresql://me:canary?2@host/x", "postgresql://me:canary@2@host/x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", ["disk"], indirect=True)
def test_a_password_in_the_address_of_a_catalogue_is_refused_without_repeating_it(shared, catalogue):
    with pytest.raises(NoStore, match="PGPASSWORD") as told:
        enter(f"postgres:{catalogue}", shared[0])
    assert "canary" not in str(told.value)


@pytest.mark.parametrize("url", ["disk"], indirect=True)
def test_without_the_extension_it_is_said_how_to_install_it(shared, monkeypatch):
    monkeypatch.setattr(extensions, "load", lambda connection, name: False)
    with pytest.raises(NoStore, match="make lake installs it"):
        enter("maps.ducklake", shared[0])


@needs_ducklake
@pytest.mark.parametrize("url", ["disk"], indirect=True)
def test_a_catalogue_that_cannot_be_reached_is_said(shared, monkeypatch):
    """Its address has a port, and an @ that belongs to no password."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    catalogue = "postgres:postgresql://me@127.0.0.1:9/x?connect_timeout=2&application_name=a@b"
    with pytest.raises(StoreAway) as told:
        enter(catalogue, shared[0])
    said = f"cannot be attached to {shared[0].place.url}/_lake/ ({catalogue}: cannot be read ("
    assert said in str(told.value)
    assert "refused" in str(told.value)
    assert str(told.value).endswith("releases are not harmed by that")


@pytest.mark.soak
@needs_ducklake
def test_several_that_find_an_empty_catalogue_all_enter_their_review(tmp_path):
    if programs() is None:
        absent("postgresql", "PostgreSQL is not installed (apt-get install postgresql)")
    stores = []
    for review in ("art", "care", "learning", "play"):
        storage = Storage(tmp_path / "data", review)
        published(storage, of_review(review))
        stores.append(Store(str(tmp_path / "mounted"), review))
        stores[-1].share(storage)
    with postgres(tmp_path, "lake") as port, ThreadPoolExecutor(len(stores)) as together:
        catalogue = f"postgres:dbname=lake host=127.0.0.1 port={port} user={USER}"
        assert list(together.map(lambda store: enter(catalogue, store), stores)) == [store.live().release for store in stores]
