"""`evimap releases`: the listing, pins, clean-up, and going back."""

import logging
from datetime import datetime

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, MARCH
from tests.warehouse.test_integrity import change
from warehouse.storage import Storage


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    yield
    logging.getLogger("evimap").handlers.clear()


def version(review, old, new):
    protocol = review / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace(f'version: "{old}"', f'version: "{new}"', 1))


@pytest.mark.fault(22)
def test_going_back_holds_until_there_is_something_new(begun, direct):
    review, root = begun
    storage = Storage(root, review.name)

    def releases(*more):
        return CliRunner().invoke(app, ["releases", str(review), "--data", str(root), *more])

    first = storage.live_id()
    version(review, "1.0", "1.1")
    second = refresh(review, root, FEBRUARY).release
    assert [line.split()[0] for line in releases().output.splitlines()[1:3]] == [first, "live"]

    back = releases("--back-to", first, "--as-of", "2026-02-02")
    assert (back.exit_code, f"release {first} is live instead of {second}" in back.output) == (0, True), back.output
    assert storage.log.read("rollback").to_pylist() == [
        {"review": review.name, "release_id": first, "replaced": second, "as_of": datetime(2026, 2, 2)}
    ]
    assert f"release {first} is live already" in releases("--back-to", first).output
    held = refresh(review, root, MARCH)
    assert (held.release, held.published) == (first, False), "a schedule does not undo it"

    version(review, "1.1", "1.2")
    third = refresh(review, root, MARCH)
    assert (third.published, third.release in (first, second)) == (True, False)
    assert third.release == storage.live_id()

    assert "pinned" in releases("--pin", first).output
    assert f"1 releases removed: {second}" in releases("--prune", "--keep", "1").output
    assert "pinned" not in releases("--unpin", first).output

    change(storage.release(first).folder / "map.html", b"spoilt")
    spoilt = releases("--back-to", first)
    assert (spoilt.exit_code, f"release {first} is damaged" in spoilt.output) == (2, True)
    assert storage.live_id() == third.release


@pytest.mark.parametrize(
    "given", [("--pin", "nothing"), ("--unpin", "nothing"), ("--back-to", "nothing"), ("--prune", "--keep", "0")]
)
def test_a_release_that_is_not_there_is_bad_input(review, root, given):
    shown = CliRunner().invoke(app, ["releases", str(review), "--data", str(root), *given])
    assert shown.exit_code == 2
    assert "there is no release nothing; there are: none" in shown.output or "keep at least one" in shown.output
