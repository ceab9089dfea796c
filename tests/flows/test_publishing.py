"""What leaves a live release: the bundle by hand and at the sign-off, and the studies for other programs."""

from __future__ import annotations

import zipfile

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.week import sign_off
from tasks.formats import ris
from tests.flows.small import FEBRUARY, make_review
from warehouse.storage import Storage


@pytest.fixture(scope="module")
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(one) for one in arguments])


def test_a_bundle_and_exports_of_the_live_release(mapped, run, tmp_path):
    review, root = mapped
    storage = Storage(root, review.name)
    live = storage.current()
    studies = pq.read_table(live.path("marts.study")).to_pylist()
    assert studies

    done = run("bundle", review, "--data", root)
    assert done.exit_code == 0, done.output
    made = storage.folder / "bundles" / f"{review.name}-{live.id}.zip"
    assert done.output.strip() == str(made)
    with zipfile.ZipFile(made) as packed:
        held = {entry.filename.split("/", 1)[1]: packed.read(entry) for entry in packed.infolist()}
    assert held["map.html"] == (live.folder / "map.html").read_bytes()
    assert {one.accession for one in ris.parse(held["studies.ris"]).references} == {one["study_id"] for one in studies}
    assert not [name for name in held if "staging" in name or "vote" in name or "quality" in name]

    output = tmp_path / "studies.ris"
    assert run("export", review, "--as", "ris", "-o", output, "--data", root).exit_code == 0
    assert output.read_bytes() == held["studies.ris"]

    _, pages = sign_off(review, root, "a1", None, FEBRUARY)
    with zipfile.ZipFile(pages / made.name) as packed:
        public = {entry.filename.split("/", 1)[1]: packed.read(entry) for entry in packed.infolist()}
    differ = {name for name in held.keys() | public.keys() if held.get(name) != public.get(name)}
    pages_of_it = {"map.html", "report.html"}
    assert differ - {"warehouse.duckdb"} == {*pages_of_it, "ro-crate-metadata.json", "SHA256SUMS"}
    assert all(b"Version 1.0, " in public[name] and b"Version 1.0, " not in held[name] for name in pages_of_it)
    assert all(public[name] == (pages / name).read_bytes() for name in pages_of_it), "the zip has the pages beside it"
    assert run("bundle", review, "--data", root).exit_code == 0
    with zipfile.ZipFile(made) as packed:
        again = {entry.filename.split("/", 1)[1]: packed.read(entry) for entry in packed.infolist()}
    assert all(again[name] == public[name] for name in pages_of_it), "made once more, it is the version that it became"


def test_there_has_to_be_a_release_and_the_form_a_known_one(tmp_path, run):
    review = make_review(tmp_path / "small")
    for command in (("bundle",), ("export", "--as", "ris", "-o", tmp_path / "x.ris")):
        done = run(command[0], review, *command[1:], "--data", tmp_path / "data")
        assert done.exit_code == 2
        assert "no release yet" in done.stderr
    done = run("export", review, "--as", "word", "-o", tmp_path / "x", "--data", tmp_path / "data")
    assert done.exit_code == 2
    assert "one of eppi-mapper, ris, xlsx" in done.stderr
    assert not (tmp_path / "x").exists()
