"""Releases in a store of each kind: whole or not there, one live, and nothing that happens to a store reaches the disk."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.s3 import reached_at
from tests.warehouse.stored import made, receive, release
from warehouse import failpoint, files
from warehouse.archive import Damaged
from warehouse.integrity import release_faults
from warehouse.retention import pin, prune
from warehouse.shared.copies import store_faults
from warehouse.shared.place import NoStore, StoreAway, place
from warehouse.shared.pointer import Live, Pointer
from warehouse.shared.store import Foreign, Store, reviews_at
from warehouse.storage import Busy


def publish(storage, number):
    receive(storage, number)
    with storage.writing():
        return release(storage, number).id


def put_into(store, name, data):
    path = store.place.path(f"r/{name}")
    store.place.system.makedirs(path.rpartition("/")[0], exist_ok=True)
    store.place.system.pipe_file(path, data)


def read_of(store, name):
    return store.place.system.cat_file(store.place.path(f"r/{name}"))


def test_a_release_is_put_with_its_manifest_last_and_then_the_pointer(store, storage, monkeypatch):
    order = []
    system, swap = store.place.system, Pointer.swap
    put = system.put_file
    monkeypatch.setattr(system, "put_file", lambda *given: order.append(Path(given[0]).name) or put(*given))
    monkeypatch.setattr(Pointer, "swap", lambda *given: order.append("pointer") or swap(*given))
    done = store.share(storage)
    live = storage.current()
    assert (done.release, done.files, done.moved) == (live.id, 5, True)
    assert order[-2:] == ["manifest.json", "pointer"]
    assert sorted(order[:-2]) == ["map.html", "study.parquet", "theme.parquet", "warehouse.duckdb"]
    for path in (path for path in live.folder.rglob("*") if path.is_file()):
        assert read_of(store, f"releases/{live.id}/{path.relative_to(live.folder)}") == path.read_bytes()
    assert store.current().manifest == live.manifest
    assert reviews_at(store.place) == ["r"]
    assert store_faults(storage, store) == []


def test_sharing_twice_puts_nothing_twice(store, storage):
    store.share(storage)
    again = store.share(storage)
    assert (again.files, again.moved) == (0, False)


def test_a_review_without_a_release_has_nothing_to_share(store, tmp_path):
    from warehouse.storage import Storage

    assert store.share(Storage(tmp_path, "r")) is None
    assert (store.live(), store.current(), reviews_at(store.place)) == (None, None, [])


@pytest.mark.fault(97)
def test_an_upload_that_is_cut_short_anywhere_leaves_the_old_release_and_the_next_run_finishes(store, storage, monkeypatch):
    old = store.share(storage).release
    new = publish(storage, 3)
    system = store.place.system
    whole = system.put_file
    for cut in range(5):
        left = [cut]

        def fails(source, target, left=left):
            if left[0] == 0:
                raise ConnectionResetError("cut")
            left[0] -= 1
            return whole(source, target)

        monkeypatch.setattr(system, "put_file", fails)
        with pytest.raises(StoreAway, match=r"cannot be used \(cut\)"):
            store.share(storage)
        assert store.live().release == old
        assert store.whole(new) is None, "without its manifest it is no release"
        if cut:
            assert f"{store.at(new)}/manifest.json" in {fault.path for fault in store_faults(storage, store)}
        store._remove(new, list(store._found(f"releases/{new}"))) if cut < 4 else None
    monkeypatch.setattr(system, "put_file", whole)
    done = store.share(storage)
    assert (done.release, done.moved) == (new, True)
    assert done.files == 1, "the four files that were there were read and are left; the manifest was missing"
    assert store_faults(storage, store) == []


def test_a_file_that_arrived_damaged_is_put_again(store, storage):
    store.share(storage)
    new = publish(storage, 3)
    theme = (storage.current().folder / "marts" / "theme.parquet").read_bytes()
    put_into(store, f"releases/{new}/marts/theme.parquet", theme[:-1] + b"?")  # as long as the right one
    assert store.share(storage).files == 5
    assert store_faults(storage, store) == []


def test_a_file_that_is_not_what_was_published_does_not_leave_the_disk(store, storage):
    page = storage.current().folder / "map.html"
    page.chmod(0o644)
    page.write_text("<p>3</p>")
    with pytest.raises(Damaged, match=r"map\.html: is missing or not what was published; evimap rebuild"):
        store.share(storage)
    assert store.live() is None


@pytest.mark.fault(97)
@pytest.mark.parametrize("step", failpoint.IN_A_STORE)
def test_killed_at_every_named_step_the_next_run_ends_as_an_undisturbed_one(step, storage, tmp_path):
    old, where = storage.live_id(), str(tmp_path / "mounted")
    store = Store(where, "r")
    store.share(storage)
    new = publish(storage, 3)
    script = (
        "from pathlib import Path; from warehouse.shared.store import Store; from warehouse.storage import Storage; import sys;"
        "Store(sys.argv[1], 'r').share(Storage(Path(sys.argv[2]), 'r'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, where, str(storage.folder.parent)],
        env=os.environ | {failpoint.VARIABLE: step},
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert store.live().release == (new if step == "copy live" else old)
    assert store.current() is not None, "readers see a whole release"
    store.share(storage)
    assert store.live().release == new
    assert store_faults(storage, store) == []


def test_the_named_steps_are_all_that_there_are():
    import re

    from tests.shared import ROOT

    text = "".join(path.read_text() for path in (ROOT / "warehouse" / "shared").glob("*.py"))
    assert set(re.findall(r'reached\("([^"]+)"\)', text)) == set(failpoint.IN_A_STORE)


@pytest.mark.fault(100)
def test_of_two_writers_the_slower_is_told(store, storage):
    before = store.pointer.read()
    store.share(storage)
    with pytest.raises(Busy, match="another machine has just made another release live"):
        store.pointer.swap(before, Live("1" * 16, "0" * 64))
    assert store.live().release == storage.live_id()
    held = store.pointer.read()
    store.pointer.swap(held, Live("2" * 16, "0" * 64))
    with pytest.raises(Busy):
        store.pointer.swap(held, Live("3" * 16, "0" * 64))
    assert store.live().release == "2" * 16


def test_a_pointer_whose_answer_was_lost_on_its_way_is_not_taken_for_another_writers(store, storage, monkeypatch):
    before, new = store.pointer.read(), Live("1" * 16, "0" * 64)
    store.pointer.swap(before, new)
    store.pointer.swap(before, new)  # the client asks again, and finds its own put in the way
    assert store.live() == new


def test_only_what_can_keep_two_writers_apart_says_so(store, url):
    assert store.pointer.atomic is not url.startswith("memory")


@pytest.mark.fault(100)
def test_another_disk_does_not_take_turns_with_this_one(store, storage, tmp_path):
    store.share(storage)
    other = made(tmp_path / "other")
    publish(other, 3)
    store.share(other)  # a copy of the disk that went on: the store's release is in its logs
    with pytest.raises(Foreign, match=r"no log of .*data/r knows it"):
        store.share(storage)
    assert store.live().release == other.live_id()


def test_going_back_to_an_earlier_release_moves_the_pointer_and_puts_nothing(store, storage):
    old = store.share(storage).release
    new = publish(storage, 3)
    store.share(storage)
    storage.swap(new, old)
    done = store.share(storage)
    assert (done.release, done.files, done.moved) == (old, 0, True)


@pytest.mark.fault(99)
def test_a_flipped_bit_a_lost_and_an_added_file_are_named_and_mended(store, storage):
    live = store.share(storage).release
    home = f"releases/{live}"
    sound = read_of(store, f"{home}/marts/theme.parquet")
    put_into(store, f"{home}/marts/theme.parquet", bytes([sound[0] ^ 1]) + sound[1:])
    store.place.system.rm_file(store.place.path(f"r/{home}/map.html"))
    put_into(store, f"{home}/more.html", b"?")
    found = {str(fault.path).partition(f"{home}/")[2]: fault.what for fault in store_faults(storage, store)}
    assert found == {
        "marts/theme.parquet": "is not what was put there", "map.html": "is missing", "more.html": "is no part of the release",
    }  # fmt: skip
    assert store.share(storage).files == 1, "what is missing is seen at once, what was changed on demand"
    assert store.share(storage, again=True).files == 1
    store.place.system.rm_file(store.place.path(f"r/{home}/more.html"))
    assert store_faults(storage, store) == []


@pytest.mark.fault(99)
def test_a_damaged_manifest_or_pointer_is_named_and_mended(store, storage):
    live = store.share(storage).release
    put_into(store, f"releases/{live}/manifest.json", json.dumps({"release": live, "files": {}, "sha256": "0"}).encode())
    with pytest.raises(Damaged, match="evimap share REVIEW --repair"):
        store.current()
    assert {str(fault.path).rpartition("/")[2] for fault in store_faults(storage, store)} == {"manifest.json"}
    assert store.share(storage, again=True).files == 1
    assert store_faults(storage, store) == []
    put_into(store, "current.json", b"{")
    [fault] = store_faults(storage, store)
    assert "is no pointer to a release" in str(fault)
    store.place.system.rm_file(store.place.path("r/current.json"))
    assert store.share(storage).moved
    assert store_faults(storage, store) == []


def test_a_database_that_was_made_again_on_disk_is_the_same_release(store, storage):
    """After a repair the manifest on disk names other bytes of the database; what is whole in the store stays as it is."""
    from warehouse.release import seal, written

    live = storage.current()
    store.share(storage)
    folder, database = live.folder, live.folder / "warehouse.duckdb"
    for path in (database, folder / "manifest.json"):
        path.chmod(0o644)
    database.write_bytes(database.read_bytes() + b"\0")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["warehouse.duckdb"] = {"bytes": database.stat().st_size, "sha256": files.sha256_of_file(database)}
    manifest["sha256"] = seal(manifest)
    (folder / "manifest.json").write_bytes(written(manifest))
    assert release_faults(storage, live.id) == []
    done = store.share(storage)
    assert (done.files, done.moved) == (0, False)
    assert store_faults(storage, store) == []
    put_into(store, f"releases/{live.id}/warehouse.duckdb", b"damaged")
    assert store.share(storage, again=True).files == 2, "there, only that database would have fitted"
    assert store.current().manifest == manifest
    assert store_faults(storage, store) == []


def test_a_clean_up_of_the_store_keeps_what_one_of_the_disk_keeps(store, storage):
    ids = [store.share(storage).release]
    for number in range(3, 7):
        ids.append(publish(storage, number))
        store.share(storage)
    put_into(store, "releases/0123456789abcdef/map.html", b"of another disk")
    pin(storage, ids[1])
    prune(storage, keep=1)
    gone = store.prune(storage, keep=2)
    assert sorted(gone) == sorted(ids[2:3]), "not the public, the pinned, the two newest, nor what no log here knows"
    assert set(store.release_ids()) == {ids[0], ids[1], *ids[3:], "0123456789abcdef"}
    store.share(storage)
    assert store.whole(ids[0]) is not None


def test_the_live_release_of_the_store_stays_whatever_is_live_on_disk(store, storage):
    old = store.share(storage).release
    publish(storage, 3)
    storage.show(storage.current(), ["map.html"])
    prune(storage, keep=1)
    assert store.prune(storage, keep=1) == []
    assert store.current().id == old


@pytest.mark.fault(98)
def test_a_store_that_is_away_is_said_in_a_line_and_harms_nothing(storage, monkeypatch):
    for name, value in reached_at("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    began = time.monotonic()
    with pytest.raises(StoreAway, match=r"^s3://maps/x/r: cannot be used \(.*\); what is on disk is whole") as told:
        Store("s3://maps/x", "r").share(storage)
    assert time.monotonic() - began < 20
    assert "an-invented-secret" not in str(told.value)
    assert release_faults(storage, storage.live_id()) == []


@pytest.mark.fault(98)
def test_a_bucket_that_is_not_there_is_said(s3, storage, monkeypatch):
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreAway, match="cannot be used"):
        Store("s3://no-such-bucket/x", "r").share(storage)


@pytest.mark.fault(103)
@pytest.mark.parametrize("url", ["s3://key:canary-7@maps/x", "s3://maps/x?secret=canary-7", "https://user@example.org/x",
                                 "simplecache::s3://key:canary-7@maps/x", "s3://key:can/ary-canary-7@maps/x"])  # fmt: skip
def test_an_address_with_a_secret_in_it_is_refused_without_repeating_it(url):
    with pytest.raises(NoStore, match="belong into the environment") as told:
        place(url)
    assert "canary" not in str(told.value)


def test_an_address_that_nobody_knows_is_refused():
    with pytest.raises(NoStore, match="nosuch://x: "):
        place("nosuch://x")


def test_without_its_package_an_object_store_says_which_extra_to_install(monkeypatch):
    monkeypatch.setattr("warehouse.shared.place.find_spec", lambda name: None)
    with pytest.raises(NoStore, match="install evimap with its extra `store`"):
        place("s3://maps/x")


@pytest.mark.fault(99)
def test_what_does_not_arrive_as_it_was_sent_never_goes_live(store, storage, monkeypatch):
    system = store.place.system
    put = system.put_file

    def flips(source, target):
        put(source, target)
        if target.endswith("study.parquet"):
            system.pipe_file(target, Path(source).read_bytes()[:-1] + b"?")

    monkeypatch.setattr(system, "put_file", flips)
    with pytest.raises(Damaged, match=r"study\.parquet: is not what was put there"):
        store.share(storage)
    assert store.live() is None
