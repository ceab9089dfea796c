"""Disks that are full, read-only or somebody else's, and clocks that were set back: a line with the remedy, nothing lost."""

import contextlib
import errno
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from flows.faults import TRY_LATER, _said
from tests.warehouse.stored import made, receive
from tests.warehouse.test_integrity import faults
from warehouse.storage import ClockBehind, Storage


@pytest.fixture
def storage(tmp_path):
    return made(tmp_path)


@contextlib.contextmanager
def mounted(folder, options):
    """A small disk of its own, where that may be had."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"mounting a disk needs root: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


CHILD = """
import json, os, resource, sys
from pathlib import Path
from flows.faults import _said
from tests.warehouse.stored import made, receive
from warehouse.storage import Storage

made(Path(sys.argv[2]))
storage = Storage(Path(sys.argv[1]), "r")
try:
    {doing}
except Exception as error:
    said = _said(error)
else:
    said = (0, "")
print(json.dumps(said))
"""


def elsewhere(root, doing, scratch):
    """What doing this with the storage raises in a process of its own, as exit code and line.

    All that is imported on the way is imported before, by making another storage in ``scratch``.
    """
    code = CHILD.format(doing="; ".join(doing))
    done = subprocess.run([sys.executable, "-c", code, root, scratch], capture_output=True, text=True, check=True)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.fault(5)
def test_a_full_disk_is_told_with_its_file_and_what_to_do_and_the_next_run_goes_on(tmp_path):
    with mounted(tmp_path / "disk", "size=1m") as root:
        storage = made(root)
        live = storage.live_id()
        code, line = elsewhere(root, ["storage.raw.put(os.urandom(2 << 20))"], tmp_path / "scratch")
        assert (code, "No space left on device; make room, for example with evimap releases" in line) == (TRY_LATER, True)
        assert line.startswith(str(root / "r" / "raw"))
        assert (faults(storage), storage.live_id()) == ([], live)
        receive(storage, 3)
        assert faults(storage) == []


@pytest.mark.fault(5)
def test_a_disk_that_can_only_be_read_is_told_and_can_be_read(tmp_path):
    with mounted(tmp_path / "disk", "size=4m") as root:
        storage = made(root)
        subprocess.run(["mount", "-o", "remount,ro", root], check=True)
        code, line = elsewhere(root, ["storage.writing().__enter__()"], tmp_path / "scratch")
        assert (code, "Read-only file system; mount the disk for writing" in line) == (TRY_LATER, True)
        assert faults(storage) == []


@pytest.mark.fault(5)
def test_the_limit_on_the_size_of_files_is_told_and_leaves_no_half_file(storage, tmp_path):
    doing = ["resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))", "storage.raw.put(os.urandom(1 << 16))"]
    code, line = elsewhere(tmp_path, doing, tmp_path / "scratch")
    assert (code, "File too large; raise the limit on the size of files (ulimit -f)" in line) == (TRY_LATER, True)
    assert faults(storage) == []
    assert list((storage.folder / "raw").rglob(".*")) == []


@pytest.mark.fault(5)
def test_a_folder_that_belongs_to_somebody_else_is_told(storage, tmp_path, tmp_path_factory):
    for path in (storage.folder, *storage.folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o555)
    for path in tmp_path.parents:
        if str(path).startswith("/tmp/pytest") and path.owner() == "root":
            path.chmod(path.stat().st_mode | 0o055)
    nobody = ["os.setegid(65534)", "os.seteuid(65534)"] if os.geteuid() == 0 else []  # who may do everything is told nothing
    code, line = elsewhere(tmp_path, [*nobody, "receive(storage, 3)"], tmp_path_factory.mktemp("scratch"))
    for path in storage.folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    assert (code, "Permission denied; let the user of this process write there" in line) == (TRY_LATER, True)
    assert faults(storage) == []


@pytest.mark.fault(5)
@pytest.mark.parametrize("number", [errno.EDQUOT, errno.EMFILE, errno.EIO])
def test_any_other_fault_of_a_disk_is_one_line_and_try_later(number):
    code, line = _said(OSError(number, os.strerror(number), "/data/r/log"))
    assert (code, line.startswith("/data/r/log: "), line.endswith("and run again, nothing is lost")) == (TRY_LATER, True, True)


@pytest.mark.fault(5)
def test_a_full_disk_under_the_database_is_told_too():
    class IOException(Exception):  # as DuckDB calls it
        pass

    code, line = _said(IOException('IO Error: Could not write file "/data/x": No space left on device\nmore'))
    assert (code, "make room" in line, "\n" in line) == (TRY_LATER, True, False)


@pytest.mark.fault(23)
def test_a_clock_that_was_set_back_far_is_told_and_nothing_is_written(storage, monkeypatch):
    monkeypatch.setattr("warehouse.storage.clock", lambda: datetime(2025, 12, 1))
    before = sorted(storage.folder.rglob("*"))
    with pytest.raises(
        ClockBehind, match=r"the clock says 2025-12-01 00:00 UTC, and the logs go on to 2026-01-03 .* --as-of"
    ) as told:
        storage.as_of(None)
    assert _said(told.value)[0] == TRY_LATER
    assert sorted(storage.folder.rglob("*")) == before
    assert storage.as_of(datetime(2026, 2, 1)) == datetime(2026, 2, 1)


@pytest.mark.fault(23)
def test_a_clock_that_a_time_server_set_back_a_little_stands_still(storage, monkeypatch):
    latest = storage.latest()
    monkeypatch.setattr("warehouse.storage.clock", lambda: latest - timedelta(minutes=2))
    assert storage.as_of(None) == latest


def test_a_new_review_takes_the_clock_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.storage.clock", lambda: datetime(2020, 1, 1))
    storage = Storage(tmp_path, "r")
    storage.folder.mkdir()
    assert storage.as_of(None) == datetime(2020, 1, 1)
