"""`evimap erase`: a person's files and names are gone, decisions stay, and the release is made again from what is left."""

import logging
import shutil
from contextlib import suppress
from datetime import datetime

import pytest
from typer.testing import CliRunner

from flows import exchange
from flows.cli import app
from flows.erasing import erase
from flows.faults import BadInput
from flows.start import start
from tests.flows.direct import directly, refresh
from tests.flows.small import FEBRUARY, JANUARY, MARCH, agreeable, fill, make_review
from tests.shared import ROOT
from warehouse import files
from warehouse.archive import Erased
from warehouse.integrity import archive_faults
from warehouse.storage import Storage
from warehouse.tables.catalogue import table
from warehouse.tables.log import LOG

NAME, ADDRESS, WORDS = "Canary Whitlock", "canary@example.org", "canary words of a person"


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    yield
    logging.getLogger("evimap").handlers.clear()


@pytest.fixture(scope="module")
def told_once(tmp_path_factory):
    """A review after a reviewer who is named in the protocol has sent back a file with their name in it; only copied."""
    folder = tmp_path_factory.mktemp("told")
    with directly():
        _told(folder)
    return folder


@pytest.fixture
def told(told_once, tmp_path, direct):
    """(review, root) of that review."""
    shutil.copytree(told_once, tmp_path / "told", symlinks=True)
    return tmp_path / "told" / "small", tmp_path / "told" / "data"


def _told(folder):
    review, root = make_review(folder / "small"), folder / "data"
    protocol = review / "protocol.yaml"
    protocol.write_text(
        protocol.read_text().replace("{id: r1,", f"{{id: r1, name: {NAME}, known_as: [{ADDRESS}],  # {NAME}\n    ", 1)
    )
    refresh(review, root, datetime(2026, 1, 1))
    inbox = root / "small" / "inbox"
    for path, _ in exchange.issue(review, root, datetime(2026, 1, 2)):
        fill(path, inbox / path.name, agreeable)
        if "-r1-" in path.name:
            (inbox / path.name).write_text((inbox / path.name).read_text() + f",{WORDS}\n")
    exchange.take_in(review, root, datetime(2026, 1, 3))
    refresh(review, root, FEBRUARY)


def holding(root, text):
    """Files that have the text, as they are or compressed."""
    import zstandard

    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            data = zstandard.ZstdDecompressor().decompress(data) if path.suffix == ".zst" else data
            if text.encode() in data:
                found.append(path)
    return found


def anonymous(review):
    protocol = review / "protocol.yaml"
    text = protocol.read_text().replace(f"name: {NAME}, known_as: [{ADDRESS}],  # {NAME}\n", "")
    protocol.write_text(text)


@pytest.mark.fault(58)
def test_a_persons_files_and_names_go_and_what_they_decided_stays(told):
    from flows.refresh import rebuild

    review, root = told
    storage = Storage(root, "small")
    assert holding(root, NAME)
    assert holding(root, ADDRESS)
    assert holding(root, WORDS)
    votes = storage.log.read("vote")
    live = storage.live_id()
    with pytest.raises(BadInput, match="take name and known_as of r1 out first"):
        erase(review, root, "r1", MARCH)
    anonymous(review)
    shown = CliRunner().invoke(app, ["erase", str(review), "--person", "r1", "--data", str(root), "--as-of", "2026-03-01"])
    assert shown.exit_code == 0, shown.output
    assert "1 returned files and 1 versions of the protocol were erased" in shown.output
    for text in (NAME, ADDRESS, WORDS):
        assert holding(root, text) == [], text
    assert not (storage.worklists / "r1").exists()
    assert (storage.worklists / "r2").exists()
    assert storage.log.read("vote").equals(votes)
    assert archive_faults(storage) == []
    assert rebuild(str(review), str(root)) == (live, [])
    again = refresh(review, root, MARCH)
    assert (again.release, again.published) == (live, False), "no new version of the protocol is needed"
    [gone] = {row["raw"] for row in votes.to_pylist() if row["reviewer"] == "r1"}
    with pytest.raises(Erased, match="was erased; the logs keep"):
        storage.raw.get(gone)
    assert {row["person"] for row in storage.log.read("erasure").to_pylist()} == {"r1"}
    assert erase(review, root, "r1", MARCH).returned == 1, "twice is as once"
    assert storage.log.read("erasure").num_rows == 2


def test_who_sends_the_same_file_again_does_not_bring_it_back(told):
    review, root = told
    storage = Storage(root, "small")
    anonymous(review)
    before = storage.log.read("vote")
    [mine] = {row["raw"] for row in before.to_pylist() if row["reviewer"] == "r1"}
    data, sent = storage.raw.get(mine), storage.inbox / "mine.csv"
    sent.write_bytes(data)
    with pytest.raises(BadInput, match="is not taken in yet; evimap ingest"):
        erase(review, root, "r1", MARCH)
    sent.unlink()
    erase(review, root, "r1", MARCH)
    sent.write_bytes(data)
    exchange.take_in(review, root, MARCH)
    assert storage.log.read("vote").equals(before)
    assert archive_faults(storage) == []
    assert not storage.raw.path(mine).exists()


def test_a_tombstone_that_no_log_knows_and_one_beside_its_file_are_faults(tmp_path):
    storage = Storage(tmp_path, "small")
    raw = storage.raw.put(b"something")
    storage.raw.tombstone(raw).write_text("")
    [fault] = archive_faults(storage)
    assert (fault.path, fault.what) == (storage.raw.tombstone(raw), "no log knows that the file was erased")


def test_every_log_of_files_that_people_sent_back_is_looked_into():
    people = ("reviewer", "by", "verifier", "coder")
    logs = [one.name for one in LOG if "raw" in one.column_names and any(name in one.column_names for name in people)]
    asked = (ROOT / "flows" / "erased_files.sql").read_text()
    assert [name for name in logs if f"log.{name}\n" not in asked] == []
    assert len(logs) > 8


def test_what_was_refused_to_another_stays_and_what_was_refused_whole_is_told(told):
    review, root = told
    storage = Storage(root, "small")
    for who in ("r1", "r2"):
        (storage.inbox / "votes.csv").write_text(f"citation_id,reviewer,stage,decision\nc0,{who},title_abstract,include\n")
        exchange.take_in(review, root, MARCH)
    refused = {path.name for path in (storage.worklists / "refused").glob("votes-*.csv")}
    assert len(refused) == 2
    anonymous(review)
    done = erase(review, root, "r1", MARCH)
    assert {path.name for path in (storage.worklists / "refused").glob("votes-*.csv")} == refused
    assert [path.name.partition("-")[2] for path in done.unknown] == ["votes.csv", "votes.csv"], "nothing of them was taken"


@pytest.fixture
def kept(tmp_path):
    """(review, storage) with a file of each of three people and a protocol that names two, made without the stages."""
    start(tmp_path / "small")
    storage = Storage(tmp_path / "data", "small")
    for person in ("r1", "r2", "a1"):
        data = f"what {person} sent".encode()
        raw = storage.raw.put(data)
        row = {
            "review": "small", "citation_id": "c1", "record_ids": ["x1"], "status": "arrived", "by": person,
            "raw": raw, "as_of": JANUARY,
        }  # fmt: skip
        storage.log.append("retrieval", table("log.retrieval").of_rows([row]))
        files.write(storage.inbox / "taken" / f"{raw[:12]}-mine.csv", data)
        files.write(storage.worklists / person / "list.csv", data)
    people = ", ".join(f"{{id: {person}, name: Canary {person}}}" for person in ("r1", "a1"))
    raw = storage.raw.put(f"people: [{people}]".encode())
    config = {"review": "small", "kind": "protocol", "version": "1.0", "raw": raw, "as_of": JANUARY}
    storage.log.append("config", table("log.config").of_rows([config]))
    return tmp_path / "small", storage


def test_an_id_that_nobody_has_is_bad_input(kept):
    review, storage = kept
    with pytest.raises(BadInput, match="--person nobody: neither the protocol nor any log knows this id"):
        erase(review, storage.folder.parent, "nobody")


def test_two_people_of_one_protocol_can_be_erased_one_after_the_other(kept):
    review, storage = kept
    for person in ("r1", "a1"):
        erase(review, storage.folder.parent, person, MARCH)
    assert holding(storage.folder, "Canary") == []
    assert archive_faults(storage) == []


@pytest.mark.fault(104)
def test_an_erasure_that_was_killed_anywhere_is_ended_by_that_of_another_person(kept, tmp_path, monkeypatch):
    """At each flush of a folder, with a person who was erased before; of the other one there is a file alone."""
    review, sound = kept
    erase(review, sound.folder.parent, "a1", FEBRUARY)
    for killed_at in range(1, 99):
        root = tmp_path / f"killed-{killed_at}"
        shutil.copytree(sound.folder.parent, root)
        storage = Storage(root, "small")
        with monkeypatch.context() as killing, suppress(KeyboardInterrupt):
            killing.setattr(files, "sync_folder", killed(killed_at))
            erase(review, root, "r1", MARCH)
            break
        logged = "r1" in storage.log.read("erasure").column("person").to_pylist()
        told = "evimap erase again" in "".join(fault.remedy for fault in archive_faults(storage))
        assert told is (logged and (holding(root, "Canary r1") + holding(root, "what r1 sent") != []))
        left = list(root.rglob("list.csv"))
        deleted = erase(review, root, "r2", MARCH).deleted
        assert {path for path in left if not path.exists()} <= set(deleted), "those of the other one are told, too"
        assert [holding(root, f"Canary {person}") != [] for person in ("a1", "r1")] == [False, not logged]
        assert [holding(root, f"what {person} sent") != [] for person in ("a1", "r1", "r2")] == [False, not logged, False]
        assert archive_faults(storage) == []
    assert killed_at > 9


def test_who_was_erased_and_is_nowhere_else_is_known(kept):
    review, storage = kept
    text = (review / "protocol.yaml").read_text()
    (review / "protocol.yaml").write_text(text.replace("{id: r1,", "{id: r9,"))
    for path in storage.log.files("retrieval"):
        path.unlink()
    assert [erase(review, storage.folder.parent, "r1", MARCH).protocols for _ in "12"] == [1, 0]


def killed(at):
    flushes = iter(range(1, 99))

    def flush(_):
        if next(flushes) == at:
            raise KeyboardInterrupt

    return flush


def test_an_erasure_that_was_cut_short_is_told(kept):
    _, storage = kept
    raw = storage.log.read("retrieval").column("raw")[0].as_py()
    storage.log.append(
        "erasure", table("log.erasure").of_rows([{"review": "small", "raw": raw, "person": "r1", "as_of": MARCH}])
    )
    assert [(fault.path, fault.what) for fault in archive_faults(storage)] == [
        (storage.raw.path(raw), "was to be erased and is there still")
    ]
