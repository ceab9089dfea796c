"""What becomes of a refresh when a source fails: for good, for now, or where the protocol can do without it."""

import os

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.flows.small import make_review
from tests.sources.played.playing import Answer, papers
from tests.sources.played.serving import served
from warehouse.storage import Storage

pytestmark = pytest.mark.usefixtures("prefect", "ungated")

HELD = 12


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("EVIMAP_PRIVATE_HOSTS", "127.0.0.1")
    with served({"crossref": papers(HELD), "openalex": papers(HELD, seed=2)}) as one:
        yield one


def refresh(folder, server, more="", one="", as_of="2026-01-01"):
    """Runs the command with two sources; its exit code and what it says."""
    review = folder / "small"
    if not review.exists():
        make_review(review)
        protocol = review / "protocol.yaml"
        blocks = "".join(
            f"  - {{id: {name}, database: {name}, connector: {name}, endpoint: '{server.address(name)}', page_size: 5, "
            f"per_second: 1000, {extra}strategies: [{{query: care}}]}}\n"
            for name, extra in (("crossref", one), ("openalex", more))
        )
        protocol.write_text(protocol.read_text().replace("  - {id: psycinfo,", f"{blocks}  - {{id: psycinfo,"))
    arguments = ["refresh", str(review), "--data", str(folder / "data")]
    ended = CliRunner().invoke(app, [*arguments, "--as-of", as_of] if as_of else arguments)
    return ended.exit_code, " ".join(ended.stderr.split()), Storage(folder / "data", "small")


def broken(status, body=b"{}", headers=()):
    return lambda name, asked: Answer(body, status, dict(headers)) if name == "openalex" else None


def test_a_source_that_refuses_ends_the_refresh_with_a_line_that_says_why(server, tmp_path):
    server.before = broken(400, b'{"error": "bad", "message": "no such filter"}')
    code, said, storage = refresh(tmp_path, server)
    assert code == 2
    assert "openalex, strategy main: OpenAlex does not understand the query: bad: no such filter" in said
    assert storage.current() is None
    assert [row["source_id"] for row in storage.log.read("search").to_pylist()][:1] == ["crossref"], (
        "what the other gave is kept"
    )
    server.before = None
    assert refresh(tmp_path, server)[0] == 0
    assert server.asked["crossref"] == 3, "and is not asked for again by the same refresh"


@pytest.mark.fault(31)
def test_a_source_that_is_away_can_be_asked_later(server, tmp_path):
    server.before = broken(429, b'{"message": "used up"}', (("Retry-After", "40000"),))
    code, said, storage = refresh(tmp_path, server)
    assert code == 75
    assert "openalex, strategy main: OpenAlex's daily limit is reached: used up" in said
    server.before = None
    code, _, storage = refresh(tmp_path, server, as_of=None)
    assert code == 0
    assert str(storage.current().manifest["as_of"]).startswith("2026-01-01"), "the refresh that was cut short goes on"
    assert not storage.journals.exists()


@pytest.mark.fault(17, 34)
def test_a_source_that_loses_records_stops_the_release(server, tmp_path):
    real = server._played["openalex"]

    def short(name, asked):
        answer = real(asked) if name == "openalex" else None
        return answer and Answer(answer.body.replace(b'"count": 12', b'"count": 20').replace(b'"count":12', b'"count":20'))

    server.before = short
    code, said, storage = refresh(tmp_path, server)
    assert code == 1
    assert "openalex, strategy main: 12 of 20 records came, 8 are missing; more than protocol.searching.shortfall_stops" in said
    assert storage.current() is None


def test_a_source_that_is_not_required_is_left_out_and_that_is_said(server, tmp_path, caplog):
    server.before = broken(401, b'{"message": "Invalid API key"}')
    code, _, storage = refresh(tmp_path, server, more="required: false, ")
    assert code == 0
    assert "not searched, and not required: openalex, strategy main: OpenAlex wants a key that is valid" in caplog.text
    searched = {row["source_id"] for row in storage.log.read("search").to_pylist()}
    assert "crossref" in searched
    assert "openalex" not in searched


def test_what_a_connector_cannot_work_with_is_told_before_anything_is_asked(server, tmp_path):
    code, said, _ = refresh(tmp_path, server)
    assert code == 0
    protocol = tmp_path / "small" / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("strategies: [{query: care}]", "strategies: [{query: ''}]", 1))
    before = dict(server.asked)
    code, said, _ = refresh(tmp_path, server, as_of="2026-02-01")
    assert (code, dict(server.asked)) == (2, before)
    assert "sources.crossref.main: Crossref needs a query, or a filter" in said
    checked = CliRunner().invoke(app, ["check", str(tmp_path / "small"), "--data", str(tmp_path / "data")])
    assert checked.exit_code == 2
    assert "Crossref needs a query, or a filter" in checked.stderr


def test_a_key_that_is_required_and_missing_is_told(server, tmp_path):
    assert "EVIMAP_SCOPUS_KEY" not in os.environ
    review = make_review(tmp_path / "small")
    protocol = review / "protocol.yaml"
    block = "  - {id: scopus, database: Scopus, connector: scopus, strategies: [{query: care}]}\n  - {id: psycinfo,"
    protocol.write_text(protocol.read_text().replace("  - {id: psycinfo,", block))
    code, said, _ = refresh(tmp_path, server)
    assert code == 2
    assert "scopus: EVIMAP_SCOPUS_KEY is not set" in said
