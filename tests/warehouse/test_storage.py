import contextlib
import json
import multiprocessing
from datetime import datetime

import pytest

from warehouse.storage import Busy, Storage

AS_OF = datetime(2026, 1, 1, 3)


def built(folder, text):
    (folder / "marts").mkdir(parents=True)
    (folder / "marts" / "study.parquet").write_text(text)
    (folder / "manifest.json").write_text(json.dumps({"as_of": text}))
    return folder


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path, "review")


def publish(storage, release, after):
    with storage.writing(), storage.building() as folder:
        storage.place(built(folder / "release", release), release)
        storage.swap(after, release)


def test_no_release_at_first(storage):
    assert storage.current() is None
    assert storage.releases() == []


def test_a_release_goes_live_and_the_next_replaces_it(storage):
    publish(storage, "one", None)
    publish(storage, "two", "one")
    assert storage.current().id == "two"
    assert [one.id for one in storage.releases()] == ["one", "two"]
    assert (storage.folder / "warehouse.duckdb").is_symlink()


@pytest.mark.fault(10)
def test_a_reader_that_resolved_the_release_keeps_it(storage):
    publish(storage, "one", None)
    reader = storage.current()
    publish(storage, "two", "one")
    assert reader.path("marts.study").read_text() == "one"


def test_swap_is_refused_when_another_release_has_gone_live(storage):
    publish(storage, "one", None)
    publish(storage, "two", "one")
    with pytest.raises(Busy, match="no longer one"):
        publish(storage, "three", "one")
    assert storage.current().id == "two"


def test_release_files_are_read_only(storage):
    publish(storage, "one", None)
    assert storage.current().path("marts.study").stat().st_mode & 0o777 == 0o444


def test_a_build_that_fails_leaves_the_live_release_and_no_rubbish(storage):
    publish(storage, "one", None)
    with pytest.raises(ZeroDivisionError), storage.writing(), storage.building() as folder:
        built(folder / "release", str(1 / 0))
    assert storage.current().id == "one"
    assert list((storage.folder / ".build").iterdir()) == []


def test_rubbish_of_a_killed_build_is_cleared(storage):
    with storage.writing():
        left = storage.folder / ".build" / "killed"
        left.mkdir(parents=True)
    with storage.writing():
        assert not left.exists()


def _try_to_write(root, answer):
    try:
        with Storage(root, "review").writing():
            answer.put("wrote")
    except Busy as error:
        answer.put(str(error))


@pytest.mark.fault(9)
def test_a_second_writer_is_turned_away_and_the_lock_dies_with_its_process(storage, tmp_path):
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    with storage.writing():
        other = context.Process(target=_try_to_write, args=(tmp_path, answer))
        other.start()
        assert "another run is writing" in answer.get(timeout=30)
        other.join()
    with storage.writing():
        pass


@pytest.mark.parametrize(("error", "kept"), [(None, False), (LookupError, False), (KeyboardInterrupt, True), (OSError, True)])
def test_the_clock_value_is_kept_only_by_a_run_that_was_cut_short(storage, error, kept):
    with contextlib.suppress(LookupError, KeyboardInterrupt, OSError), storage.moment(AS_OF, (LookupError,)):
        if error:
            raise error
    assert (storage.as_of(None) == AS_OF) is kept


def test_an_unfinished_run_keeps_its_clock_value(storage):
    storage.as_of(AS_OF)
    assert storage.as_of(None) == AS_OF
    with pytest.raises(ValueError, match="unfinished run"):
        storage.as_of(datetime(2026, 2, 2))
    storage.finished()
    assert storage.as_of(datetime(2026, 2, 2)) == datetime(2026, 2, 2)
