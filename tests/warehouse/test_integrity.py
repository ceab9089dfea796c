"""A review on disk whose files are flipped, lost and added to: each is named, and nothing else is."""

import json
import random

import pytest

from tests.warehouse.stored import AS_OF, everything, made, receive, release
from warehouse.archive import Damaged
from warehouse.build import inputs_of
from warehouse.integrity import archive_faults, left_over, link_faults, page_faults, release_faults
from warehouse.release import write_manifest
from warehouse.storage import Storage


@pytest.fixture
def storage(tmp_path):
    return made(tmp_path)


def faults(storage):
    found = archive_faults(storage) + link_faults(storage) + page_faults(storage)
    return found + [fault for one in storage.release_ids() for fault in release_faults(storage, one)]


def paths(storage):
    return {fault.path for fault in faults(storage)}


def change(path, data):
    mode = path.stat().st_mode
    path.chmod(0o644)
    path.write_bytes(data)
    path.chmod(mode)


def test_a_review_in_order_has_no_faults(storage):
    assert faults(storage) == []
    assert len(everything(storage)) == 22


@pytest.mark.fault(7)
def test_a_flipped_bit_in_any_file_is_named(storage):
    chance = random.Random(7)
    named = 0
    for path in everything(storage) * 6:
        sound = path.read_bytes()
        flipped = bytearray(sound)
        flipped[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        change(path, bytes(flipped))
        if path.suffix == ".zst" and path not in paths(storage):
            assert storage.raw.get(path.stem), "a bit of the packing that means nothing: what was received is whole"
        elif "releases" in path.parts and path.name == "map.html" and (storage.folder / "signed" / path.parent.name).exists():
            assert path in paths(storage), "and the public copy, which is not that of the release any more"
            named += 1
        else:
            assert paths(storage) == {path}
            named += 1
        change(path, sound)
    assert named > 90
    assert faults(storage) == []


def test_a_missing_file_is_named_wherever_something_says_that_it_should_be_there(storage):
    for path in everything(storage):
        if "signed" in path.parts:
            continue
        sound = path.read_bytes()
        path.unlink()
        found = faults(storage)
        assert any(
            fault.path == path
            or ("missing" in fault.what and path.parent in (fault.path, fault.path.parent))
            or str(path) in fault.what
            or (path.parent.name == "erasure" and "no log knows" in fault.what)
            for fault in found
        ), path
        assert all(fault.remedy for fault in found)
        path.write_bytes(sound)
        path.chmod(0o444)


def test_a_batch_that_is_missing_in_the_middle_of_a_log_is_named_even_where_no_release_was_made_of_it(tmp_path):
    storage = Storage(tmp_path, "r")
    for number in (1, 2, 3):
        receive(storage, number)
    storage.log.files("first_seen")[1].unlink()
    [fault] = faults(storage)
    assert (fault.path.name, "000003" in fault.what) == ("000002-….parquet", True)


@pytest.mark.parametrize("damaged", [b"\xff" * 64, b"00", b"0" * 31 + b" " + b"0" * 32])
def test_a_tombstone_that_leads_nowhere_is_named(storage, damaged):
    [path] = (path for path in everything(storage) if path.suffix == ".erased")
    path.write_bytes(damaged)
    assert [(fault.path, fault.what) for fault in faults(storage)] == [(path, "its content does not fit its name")]
    with pytest.raises(Damaged, match="restore raw/ from a backup"):
        storage.raw.get(path.stem)
    with pytest.raises(Damaged, match="restore raw/ from a backup"):
        storage.raw.finish_erasures()


@pytest.mark.parametrize(
    "place", ["raw/notes.txt", "raw/ab/notes.txt", "log/vote/mine.parquet", "log/notes.txt", "releases/{}/extra.csv"]
)
def test_an_extra_file_is_named(storage, place):
    path = storage.folder / place.format(storage.live_id())
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert [(fault.path, fault.remedy) for fault in faults(storage)] == [(path, "move it away")]


def test_a_second_batch_of_one_number_is_named(storage, tmp_path):
    other = Storage(tmp_path / "other", "r")
    receive(other, 5)
    [foreign] = other.log.files("first_seen")
    path = storage.log.file("first_seen", foreign.name)
    path.write_bytes(foreign.read_bytes())
    assert [fault.what for fault in faults(storage)] == ["is a second batch 1"]


def test_a_raw_file_in_another_place_than_its_own_is_named(storage):
    path = storage.raw.path(storage.log.read("config").column("raw")[0].as_py())
    moved = path.parent.parent / "00" / path.name
    moved.parent.mkdir()
    path.rename(moved)
    assert paths(storage) == {path, moved}


def test_links_that_lead_nowhere_are_named(storage):
    live = storage.folder / "releases" / storage.live_id()
    live.rename(live.with_name("elsewhere"))
    assert {storage.folder / "current", storage.folder / "warehouse.duckdb"} <= paths(storage)


def test_what_a_killed_run_left_beside_is_told_and_is_no_fault(storage):
    left = storage.folder / "raw" / "ab" / ".abcd.zst.0123abcd"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")
    assert (faults(storage), left_over(storage)) == ([], [left])


def test_a_release_of_an_earlier_version_without_a_checksum_in_its_manifest_is_in_order(storage):
    path = storage.current().folder / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["sha256"]
    change(path, json.dumps(manifest, indent=1, sort_keys=True).encode())
    assert faults(storage) == []


@pytest.mark.fault(8)
def test_a_write_ahead_log_beside_the_database_is_not_published(storage):
    with storage.building() as folder:
        (folder / "warehouse.duckdb").write_bytes(b"one")
        (folder / "warehouse.duckdb.wal").write_bytes(b"of another")
        with pytest.raises(Damaged, match=r"warehouse\.duckdb\.wal: a write-ahead log lies beside"):
            write_manifest(folder, "r", inputs_of(storage.log), AS_OF)


@pytest.mark.fault(8)
def test_no_release_goes_live_while_somebody_has_the_warehouse_open_for_writing(storage):
    stale = storage.folder / "warehouse.duckdb.wal"
    stale.write_bytes(b"of the release before")
    before = storage.live_id()
    receive(storage, 3)
    with pytest.raises(Damaged, match=r"wal: somebody has opened the warehouse for writing.*delete the file"):
        release(storage, 3)
    assert storage.live_id() == before
    assert stale in paths(storage)
    stale.unlink()
    assert release(storage, 3).id == storage.live_id() != before
