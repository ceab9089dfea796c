import gzip
import io
import zipfile
from datetime import datetime

import pytest

from flows.start import start
from tasks.formats.detect import read
from tasks.sources.configuration import log_configuration
from tasks.sources.exports import receive
from tasks.sources.known import log_known
from warehouse.review import load
from warehouse.storage import Storage
from warehouse.tables.catalogue import table
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


def test_a_codebook_that_forgets_a_code_that_was_given_is_refused(folder, storage):
    logged(folder, storage, FIRST)
    coding = {
        "review": "small", "citation_id": "c1", "record_ids": ["r1"], "reviewer": "r1", "role": "coder", "group": 1,
        "dimension": "topic", "code": "first", "codebook": "1.0", "raw": "a", "as_of": FIRST,
    }  # fmt: skip
    storage.log.append("coding", table("log.coding").of_rows([coding, coding | {"citation_id": "c2"}]))
    replace(folder / "codebook.yaml", 'version: "1.0"', 'version: "1.1"')
    replace(folder / "codebook.yaml", "id: first", "id: leading")
    fault = (
        r"codebook\.yaml: code 'first' of topic is not in version 1\.1, but was given to 2 papers by version 1\.0; "
        "say in changes what became of it, or keep it"
    )
    with pytest.raises(ConfigurationError, match=fault):
        logged(folder, storage, SECOND)
    told = 'changes: [{to: "1.1", codes: [{dimension: topic, code: first, becomes: [leading]}]}]\ndimensions:'
    replace(folder / "codebook.yaml", "dimensions:", told)
    assert logged(folder, storage, SECOND) == ["codebook"]


def test_what_two_people_judged_is_not_left_to_one(folder, storage):
    bias = "\n  - {id: bias, label: Bias, appraisers: 2, codes: [{id: low, label: Low}]}\n"
    codebook = folder / "codebook.yaml"
    codebook.write_text(codebook.read_text() + bias)
    logged(folder, storage, FIRST)
    judged = {
        "review": "small", "citation_id": "c1", "record_ids": ["r1"], "reviewer": "r1", "role": "coder", "group": 0,
        "dimension": "bias", "code": "low", "codebook": "1.0", "raw": "a", "as_of": FIRST,
    }  # fmt: skip
    storage.log.append("coding", table("log.coding").of_rows([judged, judged | {"reviewer": "r2", "role": "appraiser"}]))
    replace(codebook, 'version: "1.0"', 'version: "1.1"')
    replace(codebook, "appraisers: 2, ", "")
    with pytest.raises(ConfigurationError, match=r"bias has appraisers: 1, but .* of 1 papers.*; keep appraisers: 2, or"):
        logged(folder, storage, SECOND)
    replace(codebook, "id: bias,", "id: bias-of-one,")
    replace(codebook, "dimensions:", 'changes: [{to: "1.1", dimensions: [{dimension: bias, becomes: null}]}]\ndimensions:')
    assert logged(folder, storage, SECOND) == ["codebook"]


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


KNOWN = b"TY  - JOUR\r\nTI  - One that everybody knows\r\nDO  - 10.5555/known\r\nER  - \r\n"


def described(folder, text):
    (folder / "imports" / "a.ris").write_bytes(RIS)
    (folder / "imports" / "known.ris").write_bytes(KNOWN)
    (folder / "imports" / "searches.yaml").write_text(text)
    return load(folder)


def test_a_strategy_is_kept_line_by_line_with_its_hits(folder, storage):
    lines = "lines: [{text: 1 foster care, hits: 90}, {text: 2 kinship, hits: 7}, {text: 1 OR 2}]"
    review = described(folder, f"searches:\n- {{source: psycinfo, files: [a.ris], {lines}}}\n")
    for _ in range(2):
        receive(review, storage.raw, storage.log, FIRST)
    found = storage.log.read("search_line").to_pylist()
    assert [(row["line"], row["text"], row["hits"]) for row in found] == [
        (1, "1 foster care", 90), (2, "2 kinship", 7), (3, "1 OR 2", None)
    ]  # fmt: skip
    [search] = storage.log.read("search").to_pylist()
    assert search["strategy"] == "1 foster care\n2 kinship\n1 OR 2"


def test_who_was_asked_is_logged_also_without_a_reply(folder, storage):
    protocol = folder / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("  - {id: a1,", "  - {id: x1, roles: [expert]}\n  - {id: a1,"))
    asked = "asked: [{person: x1, asked_on: 2026-01-02, how: by e-mail}]"
    review = described(folder, f"searches:\n- {{source: experts, {asked}}}\n")
    assert receive(review, storage.raw, storage.log, FIRST).searches == 1
    assert receive(review, storage.raw, storage.log, SECOND).searches == 0
    [row] = storage.log.read("asked").to_pylist()
    assert (row["person"], row["how"], row["replied"]) == ("x1", "by e-mail", False)


def test_somebody_who_was_asked_is_in_the_protocol(folder):
    with pytest.raises(ConfigurationError, match="asked 'x9', who is not in protocol"):
        described(folder, "searches:\n- {source: experts, asked: [{person: x9, asked_on: 2026-01-02, how: by e-mail}]}\n")


def test_a_search_without_files_and_without_people_is_none(folder):
    with pytest.raises(ConfigurationError, match="files, or the people"):
        described(folder, "searches:\n- {source: experts}\n")


def test_known_papers_are_logged_once_and_again_when_the_list_changes(folder, storage):
    review = described(folder, "known: [known.ris]\n")
    for as_of in (FIRST, SECOND):
        assert log_known(review, storage.raw, storage.log, as_of) == 1
    [row] = storage.log.read("known").to_pylist()
    assert (row["doi"], row["title_key"], row["as_of"]) == ("10.5555/known", "onethateverybodyknows", FIRST)
    (folder / "imports" / "known.ris").write_bytes(KNOWN + KNOWN.replace(b"known", b"too"))
    assert log_known(review, storage.raw, storage.log, SECOND) == 2
    assert storage.log.read("known").num_rows == 3


def test_a_known_paper_that_cannot_be_read_is_a_fault_of_the_configuration(folder, storage):
    review = described(folder, "known: [known.ris]\n")
    (folder / "imports" / "known.ris").write_bytes(b"TY  - JOUR\r\nER  - \r\n")
    with pytest.raises(ConfigurationError, match=r"known.ris, line 1: "):
        log_known(review, storage.raw, storage.log, FIRST)


def test_the_files_of_an_archive_are_kept_one_by_one(folder, storage):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../one.ris", RIS)
        archive.writestr("two.ris", RIS.replace(b"nobody", b"somebody"))
    (folder / "imports" / "all.zip").write_bytes(packed.getvalue())
    (folder / "imports" / "b.ris.gz").write_bytes(gzip.compress(RIS.replace(b"wrote", b"read"), mtime=0))
    review = described(folder, "searches:\n- {source: psycinfo, files: [all.zip, b.ris.gz]}\n")
    assert receive(review, storage.raw, storage.log, FIRST).files == 3
    rows = storage.log.read("import").to_pylist()
    assert [row["path"] for row in rows] == ["all.zip/../one.ris", "all.zip/two.ris", "b.ris.gz"]
    assert storage.raw.get(rows[0]["raw"]) == RIS
    assert not (folder / "one.ris").exists()


def test_an_archive_that_would_burst_is_kept_as_it_is_and_refused_when_read(folder, storage):
    bomb = gzip.compress(bytes(300 * 1024**2), mtime=0)
    (folder / "imports" / "bomb.gz").write_bytes(bomb)
    review = described(folder, "searches:\n- {source: psycinfo, files: [bomb.gz]}\n")
    assert receive(review, storage.raw, storage.log, FIRST).bytes == len(bomb)
    [piece] = read(bomb).rejected
    assert piece.data == bomb
    assert "unpack" in piece.reason
