"""What has to be on disk before what, if the power goes off: recorded from the calls to the system, as strace would."""

import os

import pytest

from tests.warehouse.stored import receive, release
from warehouse.shared.store import Store
from warehouse.storage import Storage


@pytest.fixture
def calls(monkeypatch):
    """Every flush and every move, in order; the path of a flush is that of its open file."""
    found = []
    flush, rename, replace = os.fsync, os.rename, os.replace

    def flushed(handle):
        found.append(("flush", os.readlink(f"/proc/self/fd/{handle}")))
        flush(handle)

    def moved(original):
        def move(source, target, **named):
            original(source, target, **named)
            found.append(("move", os.fspath(source), os.fspath(target)))

        return move

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "rename", moved(rename))
    monkeypatch.setattr(os, "replace", moved(replace))
    return found


def flushes(calls, path, start=0):
    """The places at which a path was flushed."""
    return [at for at, call in enumerate(calls) if at >= start and call == ("flush", str(path))]


def move_to(calls, target):
    [found] = [(at, call[1]) for at, call in enumerate(calls) if call[0] == "move" and call[2] == str(target)]
    return found


@pytest.mark.fault(6)
def test_a_file_is_flushed_before_it_has_its_name_and_its_name_before_anything_names_it(tmp_path, calls):
    storage = Storage(tmp_path, "r")
    receive(storage, 1)
    [raw] = (storage.folder / "raw").glob("*/*.zst")
    [logged] = storage.log.files("config")
    named = []
    for path in (raw, logged):
        at, beside = move_to(calls, path)
        assert any(place < at for place in flushes(calls, beside)), f"{path}: named before its bytes are on disk"
        named.append(min(flushes(calls, path.parent, at)))
    assert named[0] < move_to(calls, logged)[0], "a log names a raw file that a power cut may take"
    for folder in (raw.parent, raw.parent.parent, logged.parent, logged.parent.parent, storage.folder):
        assert flushes(calls, folder.parent), f"{folder}: a power cut may take the folder itself"


@pytest.mark.fault(6)
def test_a_release_is_on_disk_whole_before_the_pointer_moves(tmp_path, calls):
    storage = Storage(tmp_path, "r")
    receive(storage, 1)
    calls.clear()
    placed = release(storage, 1)
    at, built = move_to(calls, placed.folder)
    files = list(placed.folder.rglob("*"))
    assert any(path.suffix == ".duckdb" for path in files)
    for path in (placed.folder, *files):
        was = f"{built}/{path.relative_to(placed.folder)}".removesuffix("/.")
        assert any(place < at for place in flushes(calls, was)), f"{was}: moved before it is on disk"
    live, _ = move_to(calls, storage.folder / "current")
    assert at < min(flushes(calls, placed.folder.parent, at)) < live, "the pointer leads to a name that a power cut may take"
    [published] = storage.log.files("publication")
    assert min(flushes(calls, published.parent, move_to(calls, published)[0])) < live, "a release is logged before it is live"
    assert flushes(calls, storage.folder, live), "the pointer itself is flushed"


@pytest.mark.fault(6)
def test_a_release_in_a_store_on_disk_is_there_with_its_folders_before_the_pointer_moves(tmp_path, calls):
    storage = Storage(tmp_path / "data", "r")
    receive(storage, 1)
    placed = release(storage, 1)
    calls.clear()
    store = Store(str(tmp_path / "mounted"), "r")
    store.share(storage)
    live = min(at for at, call in enumerate(calls) if call[0] == "move")
    home = tmp_path / "mounted" / "r" / "releases" / placed.id
    for path in (home, *home.rglob("*")):
        assert any(at < live for at in flushes(calls, path.parent)), f"{path}: a power cut may take its name"
    for folder in (home.parent.parent, home.parent):
        assert flushes(calls, folder.parent), f"{folder}: a power cut may take the folder itself"
