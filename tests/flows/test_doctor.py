"""`evimap doctor`: each thing that can be wrong is said with its remedy, and nothing is said where all is well."""

import json
import logging
import os
from datetime import datetime, timedelta

import pytest
from typer.testing import CliRunner
from werkzeug import Response

from flows.cli import app
from flows.doctor import (
    LEAST_FREE,
    clocks,
    configuration,
    examine,
    extras,
    keys,
    pointers,
    runs,
    server,
    space,
    versions,
    writable,
)
from flows.server import Server
from warehouse.review import load
from warehouse.storage import Storage, clock

POOL = {"name": "evimap", "status": "READY", "is_paused": False}
DEPLOYMENT = {"name": "weekly", "tags": ["evimap"], "work_pool_name": "evimap", "paused": False}


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    yield
    logging.getLogger("evimap").handlers.clear()


@pytest.fixture
def storage(review, root):
    storage = Storage(root, "small")
    storage.folder.mkdir(parents=True)
    return storage


def said(found):
    return [(one.what, one.mend) for one in found]


@pytest.fixture
def played(httpserver):
    """A Prefect server that wants a password, with a deployment, a pool and a worker; what it says can be changed."""
    answers = {"deployments/filter": [DEPLOYMENT], "work_pools/filter": [POOL], "flows/count": 3}
    given = {"password": "Basic dXNlcjpwYXNz"}

    def answer(request):
        path = request.path.removeprefix("/api/")
        if path == "health":
            return Response("true")
        if given["password"] not in (None, request.headers.get("Authorization")):
            return Response("", 401)
        return Response(json.dumps(answers[path]))

    httpserver.expect_request("/api/health").respond_with_handler(answer)
    for path in answers:
        httpserver.expect_request(f"/api/{path}").respond_with_handler(answer)
    return Server(httpserver.url_for("/api"), "user:pass"), answers, given


def test_nothing_is_said_of_an_installation_that_is_in_order(review, root):
    root.mkdir()
    assert examine(root, {}, review) == []
    shown = CliRunner().invoke(app, ["doctor", str(review), "--data", str(root)])
    assert (shown.exit_code, shown.output.strip()) == (0, "nothing is wrong")


def test_a_finding_is_exit_code_1_and_a_remedy(review, root, storage):
    storage.as_of(datetime(2026, 1, 1))
    shown = CliRunner().invoke(app, ["doctor", str(review), "--data", str(root)])
    assert (shown.exit_code, "\n  -> run evimap refresh again" in shown.output) == (1, True), shown.output


def test_packages_that_are_missing_or_of_another_version():
    wanted = ["duckdb>=99", "nothing-of-this-name>=1", "pytest>=1", 'ruff>=999; extra == "dev"']
    found = said(versions(wanted))
    assert [what for what, _ in found][1:] == ["nothing-of-this-name is not installed"]
    assert "duckdb is of version" in found[0][0]
    assert ">=99 is needed" in found[0][0]
    assert {mend for _, mend in found} == {"make setup installs the versions of requirements.lock"}


def test_folders_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    found = said(writable(tmp_path / "file" / "data", {}))
    assert [what.split(",")[0] for what, _ in found] == ["the data root", "the PREFECT_HOME"]
    assert "--data or EVIMAP_DATA" in found[0][1]
    assert said(writable(tmp_path / "new" / "data", {})) == []


@pytest.mark.fault(5)
def test_a_disk_without_room_for_the_next_release(storage, root):
    release = storage.folder / "releases" / "a"
    release.mkdir(parents=True)
    with (release / "warehouse.duckdb").open("wb") as handle:
        handle.truncate(LEAST_FREE)  # a hole: it takes no room
    assert said(space(root, free=3 * LEAST_FREE)) == []
    [(what, mend)] = said(space(root, free=3 * LEAST_FREE - 1))
    assert "GB left, and a release may need 3.2 GB" in what
    assert "--prune" in mend


def test_a_server_in_order(played):
    assert said(server(played[0])) == []


def test_a_server_that_is_not_there():
    [(what, mend)] = said(server(Server("http://127.0.0.1:9/api")))
    assert "does not answer (" in what
    assert "unset PREFECT_API_URL" in mend


@pytest.mark.fault(39)
def test_a_server_that_lets_anybody_in_and_one_that_lets_us_not_in(played):
    asked, _, given = played
    [(what, _)] = said(server(Server(asked.url, "user:wrong")))
    assert "wants a user and a password" in what
    given["password"] = None
    [(what, mend)] = said(server(asked))
    assert "lets anybody in" in what
    assert "PREFECT_SERVER_API_AUTH_STRING" in mend


@pytest.mark.fault(23)
def test_a_server_with_another_clock(played, monkeypatch):
    now = clock()
    monkeypatch.setattr("flows.doctor.clock", lambda: now - timedelta(hours=1))
    [(what, mend)] = said(server(played[0]))
    assert what.startswith("the clock of the Prefect server says")
    assert mend == "let both machines ask a time server"


@pytest.mark.parametrize(
    ("path", "answer", "what", "mend"),
    [
        ("work_pools/filter", [{**POOL, "status": "NOT_READY"}], "no worker", "prefect worker start --pool evimap"),
        ("work_pools/filter", [], "no worker", "prefect worker start --pool evimap"),
        ("work_pools/filter", [{**POOL, "is_paused": True}], "is paused", "prefect work-pool resume evimap"),
        ("deployments/filter", [], "nothing is deployed", "deploy --all"),
        ("deployments/filter", [{**DEPLOYMENT, "paused": True}], "deployment weekly is paused", "page"),
    ],
)
def test_work_that_nobody_would_do(played, path, answer, what, mend):
    played[1][path] = answer
    [found] = said(server(played[0]))
    assert what in found[0]
    assert mend in found[1]


def test_a_key_that_a_source_needs(review):
    protocol = review / "protocol.yaml"
    source = (
        "\n  - {id: scopus, database: Scopus, platform: Elsevier, connector: scopus, strategies: [{id: main, query: care}]}"
    )
    protocol.write_text(protocol.read_text().replace("\n  - {id: psycinfo,", f"{source}\n  - {{id: psycinfo,", 1))
    configured = load(review)
    [(what, mend)] = said(keys(configured, {}))
    assert what == "source scopus needs a key that is not set"
    assert mend.startswith("set EVIMAP_SCOPUS_KEY")
    assert said(keys(configured, {"EVIMAP_SCOPUS_KEY": "some key"})) == []
    assert said(configuration(configured)) == []


@pytest.mark.fault(9)
def test_a_lock_that_is_held_and_by_whom(storage):
    with storage.writing():
        [(what, mend)] = said(runs(storage))
    assert what.startswith(f"process {os.getpid()} is writing this review")
    assert f"kill {os.getpid()}" in mend
    assert said(runs(storage)) == []


@pytest.mark.parametrize("run", ["refresh", "ingest", "sign-off"])
def test_a_run_that_was_cut_short(storage, run):
    storage.as_of(datetime(2026, 1, 1), run)
    assert said(runs(storage)) == [
        (
            f"a run of evimap {run} as of 2026-01-01 00:00:00 was cut short",
            f"run evimap {run} again: it goes on from there, with that clock value",
        )
    ]


@pytest.mark.fault(23)
def test_a_clock_that_is_behind_the_logs(begun, monkeypatch):
    storage = Storage(begun[1], "small")
    monkeypatch.setattr("flows.doctor.clock", lambda: datetime(2020, 1, 1))
    [(what, mend)] = said(clocks(storage))
    assert "says 2020-01-01 00:00:00 UTC, and the logs go on to 2026-01-0" in what
    assert mend.startswith("set the clock")


def test_a_link_that_leads_nowhere_and_a_warehouse_that_is_open_for_writing(begun):
    storage = Storage(begun[1], "small")
    assert said(pointers(storage)) == []
    (storage.folder / "warehouse.duckdb.wal").write_bytes(b"")
    (storage.folder / "releases").rename(storage.folder / "elsewhere")
    found = said(pointers(storage))
    assert ["write-ahead" in found[0][0], *("leads to" in what for what, _ in found[1:])] == [True, True, True]


def test_a_library_that_the_protocol_asks_for_is_missed(review, monkeypatch):
    monkeypatch.setattr("tasks.screening.model.find_spec", lambda name: None)
    assert said(extras(load(review))) == []
    protocol = review / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("{reviewers: 2, conflicts: third}", "{reviewers: 2, prioritised: true}"))
    assert said(extras(load(review))) == [
        (
            "screening.title_abstract.prioritised needs scikit-learn, which is not installed",
            "make setup installs it, or pip install 'evimap[prioritised]'; or take prioritised out of the protocol",
        )
    ]
