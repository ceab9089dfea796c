"""What stays on disk, and what readers see while releases come and go."""

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.warehouse import reading
from tests.warehouse.stored import made, receive, release
from warehouse.retention import KEEP, pin, pinned, prune, unpin
from warehouse.storage import Storage

READERS = 8


@pytest.fixture
def storage(tmp_path):
    return made(tmp_path)


def publish(storage, number):
    receive(storage, number)
    with storage.writing():
        return release(storage, number).id


@pytest.mark.fault(12)
def test_a_clean_up_leaves_the_live_the_public_the_pinned_and_the_newest(storage):
    public = storage.shown()
    ids = [publish(storage, number) for number in range(3, 10)]
    pin(storage, ids[1])
    assert pinned(storage) == {ids[1]}
    assert len(prune(storage, keep=3)) == len(ids) + 2 - 5
    assert set(storage.release_ids()) == {public, ids[1], *ids[-3:]}
    storage.swap(ids[-1], ids[1])  # an older one is live: it stays without a pin
    unpin(storage, ids[1])
    prune(storage, keep=1)
    assert set(storage.release_ids()) == {public, ids[1], ids[-1]}
    assert list((storage.folder / ".build").iterdir()) == []


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_release_that_was_cut_short_stays_as_long_as_its_run_can_go_on(storage, goes_on):
    ids = [publish(storage, number) for number in range(3, 6)]
    receive(storage, 6)
    late = release(storage, 6, live=False)  # placed, and not in log.publication
    if goes_on:
        (storage.folder / "run.json").write_text(json.dumps({"as_of": "2026-01-06T00:00:00"}))
    prune(storage, keep=1)
    assert ids[-1] in storage.release_ids()
    assert (late.id in storage.release_ids()) == goes_on


def test_a_clean_up_takes_what_killed_runs_left_beside(storage):
    left = storage.folder / "log" / "vote" / ".000001-ab.parquet.0123abcd"
    left.parent.mkdir()
    left.write_bytes(b"half")
    prune(storage)
    assert not left.exists()


@pytest.mark.fault(10, 13)
def test_an_open_query_ends_though_its_release_is_removed_and_a_new_connection_sees_the_new_one(storage):
    first = publish(storage, 3)
    with duckdb.connect(str(storage.folder / "warehouse.duckdb"), read_only=True) as analyst:
        rows = analyst.execute("SELECT a.number FROM marts.study a, marts.study b, marts.study c ORDER BY ALL")
        assert rows.fetchone() == (3,)
        publish(storage, 4)
        publish(storage, 5)
        assert first in prune(storage, keep=1)
        assert {row[0] for row in rows.fetchall()} == {3}
        assert analyst.execute("SELECT DISTINCT number FROM marts.study").fetchall() == [(3,)], "what it opened, it keeps"
    assert reading.of_database(storage.folder) == {5}


@pytest.mark.fault(12)
def test_a_reader_that_resolved_a_release_finds_its_files_as_long_as_enough_are_kept(storage):
    publish(storage, 3)
    reader = storage.current()
    for number in range(4, 4 + KEEP - 1):
        publish(storage, number)
        prune(storage)
    assert reader.path("marts.study").exists()
    publish(storage, 4 + KEEP)
    prune(storage)
    assert not reader.path("marts.study").exists(), "so fewer than a query outlasts must not be kept"


@pytest.mark.fault(10, 11)
@pytest.mark.parametrize("releases", [10, pytest.param(50, marks=pytest.mark.soak)])
def test_eight_readers_without_a_break_see_every_release_and_never_two_mixed(tmp_path, releases):
    storage = Storage(tmp_path / "data", "r")
    publish(storage, 1)
    at = tmp_path / "readers"
    at.mkdir()
    command = [sys.executable, reading.__file__, storage.folder, READERS]
    process = subprocess.Popen([str(part) for part in command], cwd=at)
    try:
        for number in range(2, releases + 1):
            publish(storage, number)
            wait_for(at, queries=number // 5)  # none of their queries outlasts the releases that are kept
            prune(storage)
    finally:
        (at / "stop").touch()
        process.wait(60)
    told = [json.loads((at / f"{number}.json").read_text()) for number in range(READERS)]
    assert [one["errors"] + one["mixed"] for one in told] == [[]] * READERS
    assert all(one["queries"] >= releases // 5 for one in told)
    assert len(set().union(*(one["seen"] for one in told))) > releases // 2, "they read while it was published"


def wait_for(at: Path, queries: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        told = [at / f"{number}.json" for number in range(READERS)]
        if all(path.exists() and json.loads(path.read_text())["queries"] >= queries for path in told):
            return
        time.sleep(0.01)
    raise AssertionError(f"not all readers have made {queries} queries")
