"""Eight reviews refreshed side by side: a Prefect server on PostgreSQL, two workers on one pool, one object store, one API."""

import contextlib
import os
import subprocess
import sys
import threading
import time
import urllib.request
from importlib.util import find_spec

import duckdb
import pytest
import yaml

from tests.flows.servers import PREFECT, PROJECT, free_port, healthy, running, until
from tests.flows.small import FEBRUARY, JANUARY, make_review, ris
from tests.flows.test_deployment import post, prefect
from tests.postgres import USER, postgres, programs
from tests.s3 import BUCKET, reached_at
from tests.shared import absent
from tests.sources.played.playing import papers
from tests.sources.played.serving import served
from warehouse.integrity import archive_faults, link_faults, release_faults
from warehouse.shared import extensions
from warehouse.shared.copies import store_faults
from warehouse.shared.reading import ask, opened, reach
from warehouse.shared.store import Store
from warehouse.storage import Storage

pytestmark = pytest.mark.soak

REVIEWS = tuple(f"map-{number}" for number in range(1, 9))
STORE = f"s3://{BUCKET}/shared"
A_SECOND, HELD, PAGE = 4, 30, 3
ENDED = {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """PostgreSQL with a database for Prefect and one for the catalogue; its port."""
    if programs() is None:
        absent("postgresql", "PostgreSQL is not installed (apt-get install postgresql)")
    with postgres(tmp_path_factory.mktemp("postgres"), "prefect", "lake") as port:
        yield port


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """An S3 server in a process of its own; the environment by which it is reached."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    def has_bucket():
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT"), timeout=5)

    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    with running(*command, env=dict(os.environ), log=tmp_path_factory.mktemp("s3") / "s3.log"):
        until(has_bucket, 60, "the S3 server answers")
        yield reached_at(address)


class Api:
    """The API that all reviews ask, which notes when."""

    def __init__(self, server):
        self.address, self.times = server.address("doaj"), []
        server.before = lambda name, asked: self.times.append(time.monotonic())

    def most_within(self, seconds):
        """The largest number of requests in any so many seconds."""
        return max(sum(1 for one in self.times if start <= one < start + seconds) for start in self.times)


@pytest.fixture(scope="module")
def api():
    with served({"doaj": papers(HELD, seed=1)}) as server:
        yield Api(server)


def make(folder, api):
    """A review that asks the API besides its exports."""
    review = make_review(folder)
    protocol = review / "protocol.yaml"
    head, _, rest = protocol.read_text().partition("\n  - {id: psycinfo,")
    source = (
        f"  - {{id: doaj, database: doaj, platform: played, box: database, connector: doaj, page_size: {PAGE},"
        f" per_second: {A_SECOND}, endpoint: '{api.address}', strategies: [{{id: main, query: care}}]}}"
    )
    protocol.write_text(f"{head}\n{source}\n  - {{id: psycinfo,{rest}")
    return review


def add_a_search(review):
    (review / "imports" / "more.ris").write_bytes(
        ris(("An invented late paper",), doi=False).replace(b"2026-00000", b"2026-77")
    )
    with (review / "imports" / "searches.yaml").open("a") as searches:
        searches.write("  - {source: psycinfo, files: [more.ris], strategy: 2 late, searched_on: 2026-01-20, searcher: r1}\n")


def deployments(folder):
    """A prefect.yaml with a deployment for each review, on the pool that the project's own names."""
    said = yaml.safe_load((PROJECT / "prefect.yaml").read_text())
    [example] = [one for one in said["deployments"] if one["entrypoint"] == "flows/refresh.py:refresh"]
    mine = {name: value for name, value in example.items() if name != "schedules"}
    pull = [{"prefect.deployments.steps.set_working_directory": {"directory": str(PROJECT)}}]
    each = [{**mine, "name": name, "parameters": {"review": str(folder / name)}} for name in REVIEWS]
    path = folder / "prefect.yaml"
    path.write_text(
        yaml.safe_dump({"name": "evimap", "prefect-version": said["prefect-version"], "pull": pull, "deployments": each})
    )
    return path


@pytest.fixture
def server(database, objects, tmp_path, monkeypatch):
    """A Prefect server on that PostgreSQL; the environment of its clients, the workers and their runs."""
    for name, value in objects.items():
        monkeypatch.setenv(name, value)
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    env = os.environ | {
        "PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_API_URL": url, "PWD": str(PROJECT),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"postgresql+asyncpg://{USER}@127.0.0.1:{database}/prefect",
        "PREFECT_LOGGING_TO_API_ENABLED": "true", "PREFECT_LOGGING_LEVEL": "INFO",
        "EVIMAP_DATA": str(tmp_path / "data"), "EVIMAP_STORE": STORE, "EVIMAP_PRIVATE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    if find_spec("duckdb_extension_ducklake"):
        env["EVIMAP_LAKE"] = f"postgres:dbname=lake host=127.0.0.1 port={database} user={USER}"
    command = [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port]
    with running(*command, env=env, log=tmp_path / "server.log"):
        until(lambda: healthy(url), 300, "the server answers")
        yield env


class Readers:
    """Two threads that ask the store for all reviews again and again, and hold each answer against the release it is of."""

    def __init__(self):
        self.answers, self.wrong, self.counted = 0, [], {}
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(2)]

    def __enter__(self):
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *given):
        self._done.set()
        for one in self._threads:
            one.join()

    def _read(self):
        question = """
            SELECT shared.review, shared.release_id, release.release_id, count(DISTINCT record_id), any_value(prisma.n)
            FROM meta.shared AS shared
            LEFT JOIN meta.release AS release USING (review)
            LEFT JOIN staging.record AS record USING (review)
            LEFT JOIN (
                SELECT review, sum(n) AS n FROM marts.prisma_flow WHERE box = 'identified' AND detail = '' GROUP BY review
            ) AS prisma USING (review)
            GROUP BY ALL
        """
        tables = ("meta.release", "staging.record", "marts.prisma_flow")
        while not self._done.wait(0.5):  # so that they leave the processors to the workers
            try:
                with opened(STORE, tables=tables) as warehouse:
                    rows = warehouse.connection.execute(question).fetchall()
            except ValueError:  # no review is there yet
                continue
            except Exception as error:
                self.wrong.append(repr(error))
                continue
            self.answers += 1
            for review, resolved, named, records, identified in rows:
                known = self.counted.setdefault((review, resolved), (records, identified))
                if named != resolved or records != identified or known != (records, identified):
                    self.wrong.append((review, resolved, named, records, identified, known))


def run_all(env, label, as_of):
    """Asks for a refresh of each review at once; how each ended, and the seconds that all took."""
    began = time.monotonic()
    for name in REVIEWS:
        with urllib.request.urlopen(f"{env['PREFECT_API_URL']}/deployments/name/refresh/{name}", timeout=30) as answer:
            found = yaml.safe_load(answer)
        body = {"tags": [label], "parameters": {**found["parameters"], "as_of": as_of.isoformat()}}
        post(env, f"deployments/{found['id']}/create_flow_run", body)
    wanted = {"flow_runs": {"tags": {"all_": [label]}, "state": ENDED}}

    def ended():
        found = post(env, "flow_runs/filter", wanted)
        return found if len(found) == len(REVIEWS) else None

    runs = until(ended, 900, f"the runs of {label} end")
    return {one["parameters"]["review"].rpartition("/")[2]: one["state"] for one in runs}, time.monotonic() - began


@pytest.mark.fault(101, 102)
def test_eight_reviews_are_refreshed_by_two_workers_and_readers_see_whole_releases_only(server, api, tmp_path):
    reviews = {name: make(tmp_path / name, api) for name in REVIEWS}
    root = tmp_path / "data"
    prefect(server, "work-pool", "create", "evimap", "--type", "process")
    prefect(server, "--no-prompt", "deploy", "--all", "--prefect-file", deployments(tmp_path))
    worker = [PREFECT, "worker", "start", "--pool", "evimap", "--limit", "2", "--name"]
    with (
        running(*worker, "one", env=server, log=tmp_path / "one.log"),
        running(*worker, "two", env=server, log=tmp_path / "two.log"),
        Readers() as readers,
    ):
        first, seconds = run_all(server, "first", JANUARY)
        before = {name: Storage(root, name).live_id() for name in REVIEWS}
        for review in reviews.values():
            add_a_search(review)
        second, again = run_all(server, "second", FEBRUARY)
    logs = {name: (tmp_path / f"{name}.log").read_text() for name in ("one", "two")}
    said = f"{seconds:.0f} s and {again:.0f} s for eight refreshes, {readers.answers:,} answers, {len(api.times):,} requests"
    (tmp_path / "measured.txt").write_text(said)

    assert {state["type"] for state in [*first.values(), *second.values()]} == {"COMPLETED"}, f"{first} {second} {logs}"
    assert all(f"Worker '{name}' submitting flow run" in log for name, log in logs.items()), "both took part"

    assert readers.wrong == []
    assert readers.answers > 10
    assert {one for one, _ in readers.counted} == set(REVIEWS)

    for name in REVIEWS:
        storage, store = Storage(root, name), Store(STORE, name)
        assert store.live().release == storage.live_id() != before[name]
        assert set(store.release_ids()) == {before[name], storage.live_id()}
        faults = archive_faults(storage) + link_faults(storage) + store_faults(storage, store)
        assert faults + [fault for one in storage.release_ids() for fault in release_faults(storage, one)] == []

    whole = ask(STORE, "SELECT review, count(*) FROM staging.record GROUP BY review ORDER BY review")[1]
    assert whole == [(name, HELD + 16) for name in REVIEWS]

    assert len(api.times) >= len(REVIEWS) * HELD / PAGE
    for window in (1, 5, 10):
        assert api.most_within(window) <= A_SECOND * (window + 1) + 2, "the limit of the API holds over all workers together"

    alone = tmp_path / "alone"
    make(alone / "map-1", api)
    command = [sys.executable, "-m", "flows.cli", "refresh", alone / "map-1", "--data", alone / "data", "--as-of", "2026-01-01"]
    nothing_shared = {name: value for name, value in server.items() if name not in ("EVIMAP_STORE", "EVIMAP_LAKE")}
    subprocess.run([str(word) for word in command], cwd=PROJECT, env=nothing_shared, check=True, timeout=600)
    assert Storage(alone / "data", "map-1").live_id() == before["map-1"], "as if it had been refreshed alone"

    if "EVIMAP_LAKE" in server:
        in_catalogue(server["EVIMAP_LAKE"])


def in_catalogue(catalogue):
    """The catalogue has all eight reviews, each as of its live release."""
    with duckdb.connect() as connection:
        for name in ("postgres_scanner", "ducklake"):
            assert extensions.load(connection, name)
        reach(connection, Store(STORE, REVIEWS[0]).place)
        connection.execute(f"ATTACH 'ducklake:{catalogue}' AS lake (READ_ONLY)")
        found = dict(connection.execute("SELECT review, release_id FROM lake.meta.release").fetchall())
        boxes = connection.execute(
            "SELECT review, count(*) FROM lake.marts.prisma_flow GROUP BY review ORDER BY review"
        ).fetchall()
    assert found == {name: Store(STORE, name).live().release for name in REVIEWS}
    assert boxes == ask(STORE, "SELECT review, count(*) FROM marts.prisma_flow GROUP BY review ORDER BY review")[1]
