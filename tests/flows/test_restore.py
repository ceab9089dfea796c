"""A review from its backup: `raw/`, `log/` and the review folder are put back, and the same releases are there again."""

import logging
import shutil

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, work
from tests.flows.test_releases import version
from warehouse.build import inputs_of
from warehouse.recall import inputs_by_log, live_by_log
from warehouse.release import differences, inputs_named
from warehouse.storage import Storage
from warehouse.tables.catalogue import table


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    yield
    logging.getLogger("evimap").handlers.clear()


def run(command, review, root, *more):
    return CliRunner().invoke(app, [command, str(review), *map(str, more), "--data", str(root)])


def put_back(review, root, elsewhere):
    """What a backup holds, in a new place: the review folder, `raw/` and `log/`."""
    shutil.copytree(review, elsewhere / review.name)
    for part in ("raw", "log"):
        shutil.copytree(root / review.name / part, elsewhere / "data" / review.name / part)
    return elsewhere / review.name, elsewhere / "data"


@pytest.mark.fault(22)
def test_a_backup_gives_the_live_and_the_signed_off_release_again(begun, direct, tmp_path):
    review, root = begun
    signed = run("sign-off", review, root, "--by", "a1", "--as-of", "2026-01-03")
    assert signed.exit_code == 0, signed.output
    work(review, root, rounds=1)
    refresh(review, root, FEBRUARY)
    work(review, root, rounds=2)  # taken in, and in no release yet
    before = Storage(root, review.name)

    review, elsewhere = put_back(review, root, tmp_path / "new")
    after = Storage(elsewhere, review.name)
    for command in ("verify", "doctor"):
        lost = run(command, review, elsewhere)
        assert (lost.exit_code, "evimap rebuild REVIEW --restore" in lost.output) == (1, True), lost.output
    restored = run("rebuild", review, elsewhere, "--restore")
    assert restored.exit_code == 0, restored.output
    assert restored.output.count("is there again") == 2
    assert (after.live_id(), after.shown()) == (before.live_id(), before.shown())
    assert len({after.live_id(), after.shown()}) == 2
    for one in (after.live_id(), after.shown()):
        assert differences(before.release(one), after.release(one).folder) == []
    for page in ("map.html", "report.html"):
        assert (after.folder / "public" / page).read_bytes() == (before.folder / "public" / page).read_bytes()
    assert b"Version 1.0" in (after.folder / "public" / "map.html").read_bytes()
    sound = run("verify", review, elsewhere)
    assert (sound.exit_code, "every file is as it was written" in sound.output) == (0, True), sound.output
    assert run("rebuild", review, elsewhere, "--restore").output.strip() == "nothing to restore"
    assert inputs_of(after.log, after.live_id()) == inputs_of(before.log, before.live_id()), "the next one will be the same"


def test_after_going_back_it_is_the_release_gone_back_to_that_is_live(begun, direct, tmp_path):
    review, root = begun
    storage = Storage(root, review.name)
    first = storage.live_id()
    version(review, "1.0", "1.1")
    second = refresh(review, root, FEBRUARY).release
    assert live_by_log(storage.log) == second
    assert run("releases", review, root, "--back-to", first, "--as-of", "2026-02-02").exit_code == 0
    assert live_by_log(storage.log) == first
    (storage.folder / "current").unlink()
    shutil.rmtree(storage.folder / "releases")
    one = run("rebuild", review, root, second, "--restore")
    assert one.output.strip() == f"release {second} is there again"
    assert (storage.live_id(), storage.release_ids()) == (None, [second])


def test_what_cannot_be_made_again_is_said(begun, tmp_path):
    review, root = begun
    unknown = run("rebuild", review, root, "0123456789abcdef", "--restore")
    assert (unknown.exit_code, "no log knows a release" in unknown.output) == (2, True), unknown.output
    empty = run("rebuild", review, tmp_path / "empty", "--restore")
    assert (empty.exit_code, "evimap refresh makes the first" in empty.output) == (2, True), empty.output


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({}, True),
        ({"made_of": None, "pipeline": None}, True),  # of a version that did not say it
        ({"pipeline": "0.0.1"}, False),
        ({"made_of": ["config/000001-0.parquet"]}, False),
    ],
)
def test_the_id_proves_what_a_publication_says(begun, said, known):
    review, root = begun
    storage = Storage(root, review.name)
    live = storage.current()
    [row] = storage.log.read("publication").to_pylist()
    for path in storage.log.files("publication"):
        path.unlink()
    storage.log.append("publication", table("log.publication").of_rows([row | said]))
    assert inputs_by_log(storage.log, live.id) == (inputs_named(live) if known else None)
    assert inputs_by_log(storage.log, "0123456789abcdef") is None
