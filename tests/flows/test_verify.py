"""`evimap verify` and `evimap rebuild --repair` on a real release: files first, then the laws."""

import logging

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.warehouse.test_integrity import change
from warehouse import files
from warehouse.integrity import release_faults
from warehouse.release import MANIFEST, inputs_named, write_manifest
from warehouse.storage import Storage


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    yield
    logging.getLogger("evimap").handlers.clear()


def run(command, review, root, *more):
    return CliRunner().invoke(app, [command, str(review), *map(str, more), "--data", str(root)])


@pytest.mark.fault(7)
def test_a_damaged_release_is_named_and_mended(begun, direct):
    review, root = begun
    storage = Storage(root, review.name)
    live = storage.current()
    sound = run("verify", review, root, live.id)
    assert (sound.exit_code, "checks passed" in sound.output) == (0, True), sound.output
    before = {path: files.sha256_of_file(path) for path in sorted(live.folder.rglob("*")) if path.is_file()}

    table, database = live.path("staging.record"), live.folder / "warehouse.duckdb"
    change(table, table.read_bytes()[:-1])
    change(database, b"x" + database.read_bytes()[1:])
    (live.folder / "prisma.svg").unlink()
    shown = run("verify", review, root)
    assert shown.exit_code == 1
    for name, what in (
        (table, "is not what was published"),
        (database, "is not what"),
        (live.folder / "prisma.svg", "is missing"),
    ):
        assert f"{name}: {what}" in shown.output
    assert f"evimap rebuild REVIEW {live.id} --repair" in shown.output
    assert "3 files are not in order" in shown.output

    mended = run("rebuild", review, root, "--repair")
    assert (mended.exit_code, "mended" in mended.output) == (0, True), mended.output
    after = {path: files.sha256_of_file(path) for path in before}
    assert {path.name for path in before if before[path] != after[path]} <= {MANIFEST, "warehouse.duckdb"}
    assert run("rebuild", review, root, "--repair").output.strip() == f"release {live.id}: nothing to mend"

    (live.folder / MANIFEST).unlink()
    assert "manifest.json: is missing" in run("verify", review, root).output
    assert run("rebuild", review, root, "--repair").exit_code == 0
    assert release_faults(storage, live.id) == []
    assert run("verify", review, root, "0123456789abcdef").exit_code == 2


def test_a_law_that_is_broken_in_a_release_whose_files_are_whole_is_told(begun):
    review, root = begun
    storage = Storage(root, review.name)
    live = storage.current()
    path = live.path("staging.record")
    change(path, files.parquet_bytes(pq.read_table(path).slice(1)))
    write_manifest(live.folder, review.name, inputs_named(live), storage.as_of(None))
    shown = run("verify", review, root)
    assert (shown.exit_code, "search_new_is_its_records" in shown.output) == (1, True), shown.output
    assert "every file is" not in shown.output
