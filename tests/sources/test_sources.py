from datetime import datetime

import pytest

from flows.start import start
from tasks.sources.configuration import log_configuration
from tasks.sources.exports import receive
from warehouse.review import load
from warehouse.storage import Storage
from warehouse.yaml import ConfigurationError

FIRST, SECOND = datetime(2026, 1, 1), datetime(2026, 2, 1)
RIS = b"TY  - JOUR\r\nTI  - A paper that nobody wrote\r\nER  - \r\n"


@pytest.fixture
def folder(tmp_path):
    start(tmp_path / "review")
    return tmp_path / "review"


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path / "data", "review")


def search(folder, strategy="1 foster care", files="[a.ris]"):
    (folder / "imports" / "a.ris").write_bytes(RIS)
    (folder / "imports" / "searches.yaml").write_text(
        f"searches:\n- {{source: psycinfo, files: {files}, strategy: {strategy}, hits: 1, searched_on: 2026-01-01}}\n"
    )
    return load(folder)


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def logged(folder, storage, as_of):
    return log_configuration(load(folder), storage.raw, storage.log, as_of).column("kind").to_pylist()


def test_the_first_run_logs_every_configuration_file(folder, storage):
    assert logged(folder, storage, FIRST) == ["protocol", "codebook", "amendments"]


def test_a_comment_is_no_change(folder, storage):
    logged(folder, storage, FIRST)
    replace(folder / "protocol.yaml", "title:", "# a remark\ntitle:")
    assert logged(folder, storage, SECOND) == []


def test_a_change_without_a_new_version_is_refused(folder, storage):
    logged(folder, storage, FIRST)
    replace(folder / "codebook.yaml", "label: First topic", "label: Another meaning")
    with pytest.raises(ConfigurationError, match=r"codebook\.yaml: changed, but still says version '1\.0'"):
        logged(folder, storage, SECOND)


def test_a_change_with_a_new_version_is_logged_and_the_old_bytes_stay(folder, storage):
    logged(folder, storage, FIRST)
    old = (folder / "codebook.yaml").read_bytes()
    replace(folder / "codebook.yaml", "label: First topic", "label: Another meaning")
    replace(folder / "codebook.yaml", 'version: "1.0"', 'version: "1.1"')
    assert logged(folder, storage, SECOND) == ["codebook"]
    rows = [row for row in storage.log.read("config").to_pylist() if row["kind"] == "codebook"]
    assert [row["version"] for row in rows] == ["1.0", "1.1"]
    assert storage.raw.get(rows[0]["raw"]) == old


def test_a_new_amendment_needs_no_version(folder, storage):
    logged(folder, storage, FIRST)
    (folder / "amendments.yaml").write_text("amendments:\n- {date: 2026-01-15, change: Wider, reason: Too few}\n")
    assert logged(folder, storage, SECOND) == ["amendments"]


def test_a_search_is_logged_once_and_its_bytes_are_kept(folder, storage):
    review = search(folder)
    assert receive(review, storage.raw, storage.log, FIRST).searches == 1
    assert receive(review, storage.raw, storage.log, SECOND).searches == 0
    [row] = storage.log.read("import").to_pylist()
    assert storage.raw.get(row["raw"]) == RIS
    assert (row["path"], row["bytes"]) == ("a.ris", len(RIS))
    [found] = storage.log.read("search").to_pylist()
    assert (found["database"], found["platform"], found["arm"], found["hits"]) == ("PsycINFO", "Ovid", "databases", 1)


@pytest.mark.parametrize("change", ["strategy", "bytes"])
def test_another_string_or_other_bytes_are_another_search(folder, storage, change):
    receive(search(folder), storage.raw, storage.log, FIRST)
    review = search(folder, strategy="1 kinship care") if change == "strategy" else load(folder)
    if change == "bytes":
        (folder / "imports" / "a.ris").write_bytes(RIS + RIS)
    assert receive(review, storage.raw, storage.log, SECOND).searches == 1
    assert storage.log.read("search").num_rows == 2


def test_a_run_killed_between_file_and_search_row_is_completed_once(folder, storage, monkeypatch):
    review = search(folder)

    def killed(name, rows):
        if name == "search":
            raise KeyboardInterrupt
        return append(name, rows)

    append = storage.log.append
    monkeypatch.setattr(storage.log, "append", killed)
    with pytest.raises(KeyboardInterrupt):
        receive(review, storage.raw, storage.log, FIRST)
    monkeypatch.undo()
    receive(review, storage.raw, storage.log, FIRST)
    assert storage.log.read("import").num_rows == 1
    assert storage.log.read("search").num_rows == 1
