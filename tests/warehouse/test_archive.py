from contextlib import suppress
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import files
from warehouse.archive import Damaged, Log, Raw
from warehouse.tables.catalogue import table

AS_OF = datetime(2026, 1, 1)


def seen(record: str):
    row = {"review": "r", "record_id": record, "search_id": "s1", "as_of": AS_OF}
    return table("log.first_seen").of_rows([row])


def test_raw_gives_back_the_very_bytes(tmp_path):
    raw = Raw(tmp_path)
    data = b"\xef\xbb\xbfTY  - JOUR\r\n\xff\x00"
    assert raw.get(raw.put(data)) == data


def test_raw_keeps_the_same_bytes_once(tmp_path):
    raw = Raw(tmp_path)
    assert raw.put(b"twice") == raw.put(b"twice")
    assert len(list(tmp_path.rglob("*.zst"))) == 1


def test_log_of_an_earlier_version_lacks_a_column_that_came_later(tmp_path):
    then = table("log.published_study").of_rows([{"release_id": "a1", "study_id": "c1", "mapped": True, "notices": []}])
    buffer = pa.BufferOutputStream()
    pq.write_table(then.drop_columns(["record_ids"]), buffer)
    data = buffer.getvalue().to_pybytes()
    folder = tmp_path / "published_study"
    folder.mkdir()
    (folder / f"000001-{files.sha256(data)}.parquet").write_bytes(data)
    assert Log(tmp_path).read("published_study").column("record_ids").to_pylist() == [None]


@pytest.mark.fault(7)
def test_raw_notices_a_file_that_was_edited(tmp_path):
    raw = Raw(tmp_path)
    sha, other = raw.put(b"one"), raw.put(b"other")
    (tmp_path / sha[:2] / f"{sha}.zst").write_bytes((tmp_path / other[:2] / f"{other}.zst").read_bytes())
    with pytest.raises(Damaged, match="does not fit its name"):
        raw.get(sha)


def test_log_reads_batches_in_order_of_arrival(tmp_path):
    log = Log(tmp_path)
    for record in ("z", "a", "m"):
        log.append("first_seen", seen(record))
    assert log.read("first_seen").column("record_id").to_pylist() == ["z", "a", "m"]


def test_log_of_no_rows_makes_no_file(tmp_path):
    log = Log(tmp_path)
    assert log.append("first_seen", table("log.first_seen").empty()) is None
    assert log.files("first_seen") == []
    assert log.read("first_seen").num_rows == 0


def test_log_goes_on_after_ten_batches(tmp_path):
    log = Log(tmp_path)
    for number in range(12):
        log.append("first_seen", seen(f"r{number}"))
    assert log.read("first_seen").column("record_id").to_pylist() == [f"r{number}" for number in range(12)]


@pytest.mark.fault(7)
@pytest.mark.parametrize("position", [10, -10])
def test_log_notices_one_flipped_bit(tmp_path, position):
    log = Log(tmp_path)
    path = log.append("first_seen", seen("a"))
    assert log.read("first_seen").num_rows == 1  # read before, too, it is looked at again
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(Damaged, match="does not fit its name"):
        log.read("first_seen")


def test_what_is_read_instead_of_two_files_stays_as_long_as_one_of_them_needs_it(tmp_path):
    raw = Raw(tmp_path)
    first, second = raw.put(b"people: [P, Q]"), raw.put(b"people: [P, Q]  # the same, with a comment")
    for sha in (first, second):
        raw.erase(sha, b"people: [Q]")
    raw.erase(first, b"people: []")
    assert (raw.get(first), raw.get(second)) == (b"people: []", b"people: [Q]")
    raw.erase(second, b"people: []")
    assert raw.get(second) == b"people: []"
    assert len(list(tmp_path.rglob("*.zst"))) == 1


def test_bytes_that_an_erasure_left_beside_their_tombstone_go(tmp_path):
    raw = Raw(tmp_path)
    sha = raw.put(b"people: [P]")
    raw.tombstone(sha).write_text("")
    raw.finish_erasures()
    assert raw.erased(sha)


@pytest.mark.parametrize("killed_at", range(1, 8))
def test_an_erasure_that_was_killed_leaves_nothing_that_the_next_run_does_not_take_away(tmp_path, monkeypatch, killed_at):
    """At each flush of a folder: bytes are never without what is read instead."""
    raw = Raw(tmp_path)
    sha = raw.put(b"people: [P, Q]")
    raw.erase(sha, b"people: [Q]")
    former = raw.path(raw.tombstone(sha).read_text())
    flushes = iter(range(1, 99))

    def flush(_: object) -> None:
        if next(flushes) == killed_at:
            raise KeyboardInterrupt

    with monkeypatch.context() as killing, suppress(KeyboardInterrupt):
        killing.setattr(files, "sync_folder", flush)
        raw.erase(sha, b"people: []")
    placed = killed_at > 2  # after the two of the new file
    assert raw.get(sha) == (b"people: []" if placed else b"people: [Q]")
    assert raw.erased(sha) == (not 3 <= killed_at <= 5)
    raw.finish_erasures()
    assert raw.erased(sha)
    assert former.exists() != placed
