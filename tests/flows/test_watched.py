"""An installation as docs/operations.md sets it up: what a real server shows and tells of its runs, and what ends them.

Slow proofs: a server, a worker, and runs that are killed; a webhook on loopback stands for whoever is notified.
"""

import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows import exchange
from flows.faults import TRY_LATER
from tasks.marts.lineage import lineage
from tests.flows.servers import PREFECT, PROJECT, free_port, healthy, running, until
from tests.flows.small import FEBRUARY, agreeable, make_review, work
from tests.warehouse.test_integrity import faults
from warehouse.storage import Storage

pytestmark = pytest.mark.soak

BLOCK = """
from prefect.blocks.notifications import CustomWebhookNotificationBlock
told = {"subject": "{{subject}}", "body": "{{body}}"}
print(CustomWebhookNotificationBlock(name="team", url="%s", json_data=told).save("team", overwrite=True))
"""
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Installation:
    """A server with the deployments of a small review, and what its webhook was told."""

    def __init__(self, folder):
        self.folder = folder
        self.review, self.root = make_review(folder / "small"), folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/api"
        self.env = os.environ | {
            "PREFECT_HOME": str(folder / "prefect"), "PREFECT_API_URL": self.url, "EVIMAP_DATA": str(self.root),
            "PREFECT_LOGGING_TO_API_ENABLED": "true", "PREFECT_LOGGING_LEVEL": "INFO", "PWD": str(PROJECT),
        }  # fmt: skip
        self.told = []
        self.day = 0

    @contextmanager
    def server(self):
        command = (PREFECT, "server", "start", "--host", "127.0.0.1", "--port", self.port)
        with running(*command, env=self.env, log=self.folder / "server.log") as process:
            until(lambda: healthy(self.url), 240, "the server answers")
            yield process

    @contextmanager
    def worker(self):
        with running(PREFECT, "worker", "start", "--pool", "evimap", env=self.env, log=self.folder / "worker.log") as process:
            yield process

    @contextmanager
    def webhook(self):
        """Whoever is told."""
        told = self.told

        class Told(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *said):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Told) as listening:
            threading.Thread(target=listening.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{listening.server_port}/"
            listening.shutdown()

    def prefect(self, *arguments):
        done = subprocess.run([PREFECT, *map(str, arguments)], cwd=PROJECT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def set_up(self, webhook):
        """Deployments copied for the review, and the automations with a block of one's own, as the page tells it."""
        text = (PROJECT / "prefect.yaml").read_text(encoding="utf-8")
        mine = self.folder / "prefect.yaml"
        text = text.replace("reviews/reducing-care-entry", str(self.review)).replace("reducing-care-entry", "small")
        mine.write_text(
            re.sub(r"(?m)^    schedules:\n(      .*\n)+", "", text), encoding="utf-8"
        )  # runs when it is asked alone
        self.prefect("work-pool", "create", "evimap", "--type", "process")
        self.prefect("--no-prompt", "deploy", "--all", "--prefect-file", mine)
        code = [sys.executable, "-c", BLOCK % webhook]
        block = subprocess.run(code, env=self.env, capture_output=True, text=True, check=True).stdout.split()[-1]
        assert block[:23] in self.prefect("block", "ls")
        automations = self.folder / "our-automations.yaml"
        mine = subprocess.run(["sed", f"s/BLOCK_ID/{block}/", PROJECT / "automations.yaml"], capture_output=True, check=True)
        automations.write_bytes(mine.stdout)
        self.prefect("automation", "create", "--from-file", automations)

    def ask(self, path, body):
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
        for pause in (1, 5, 20, 0):
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503 or not pause:  # its database is locked for a moment
                    raise
            time.sleep(pause)
        return None

    def runs(self, flow, *states):
        """The runs of a flow in these states, oldest first."""
        body = {"flows": {"name": {"any_": [flow]}}, "flow_runs": {"state": {"name": {"any_": states}}} if states else {}}
        return sorted(self.ask("flow_runs/filter", body), key=lambda run: run["created"])

    def run(self, flow, **parameters):
        """Asks for a run of a deployment; its id."""
        [known] = [one for one in self.ask("deployments/filter", {}) if flow in one["tags"]]
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return self.ask(f"deployments/{known['id']}/create_flow_run", asked)["id"]

    def state(self, run):
        [one] = self.ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        return one["state"]

    def ended(self, run, seconds=240):
        return until(lambda: (state := self.state(run))["type"] in ENDED and state, seconds, "the run ends")

    def events(self, *names):
        found = self.ask("events/filter", {"filter": {"event": {"name": names}}, "limit": 50})
        events = found["events"]
        while found["next_page"]:
            with urllib.request.urlopen(found["next_page"], timeout=120) as answer:
                found = json.load(answer)
            events += found["events"]
        return events

    def was_told(self, pattern, seconds=60):
        return until(lambda: [one for one in self.told if re.search(pattern, one["subject"])], seconds, f"told of {pattern}")


def process_of(run):
    """The process of a run that a worker started."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if f"PREFECT__FLOW_RUN_ID={run}".encode() in (path / "environ").read_bytes():
                return int(path.name)
        except OSError:
            continue
    return None


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    one = Installation(tmp_path_factory.mktemp("installed"))
    with one.webhook() as address, one.server():
        one.set_up(address)
        yield one


def new(one, number):
    """An export with one more paper, so that the next refresh has something to do."""
    record = f"TY  - JOUR\r\nTI  - A later invented paper, number {number}\r\nAN  - 2027-{number}\r\nPY  - 2020\r\nER  - \r\n"
    (one.review / "imports" / f"later{number}.ris").write_text(record)
    with (one.review / "imports" / "searches.yaml").open("a") as searches:
        searches.write(f"  - {{source: psycinfo, files: [later{number}.ris], strategy: 1 foster care}}\n")


def refresh(one):
    """A refresh, a day after the one before; its run."""
    one.day += 1
    return one.run("refresh", as_of=f"2026-02-{one.day:02}T00:00:00")


def split(task, reviewer, row):
    if task == "title_abstract":
        return {"decision": "include" if reviewer == "r1" else "exclude"}
    return agreeable(task, reviewer, row)


def test_a_release_is_told_with_its_lineage_and_asks_to_be_published(installed):
    one, storage = installed, Storage(installed.root, "small")
    with one.worker():
        assert one.ended(refresh(one))["type"] == "COMPLETED"
        live = storage.live_id()
        made_of = lineage()
        name = "prefect.asset.materialization.succeeded"
        made = until(lambda: len(found := one.events(name)) == len(made_of) and found, 60, "every mart is told of")
        for event in made:
            assert event["payload"]["release"] == live
            mart = event["resource"]["prefect.resource.name"]
            upstream = {it["prefect.resource.id"] for it in event["related"] if it["prefect.resource.role"] == "asset"}
            assert upstream == {f"evimap://small/{name.replace('.', '/')}" for name in made_of[mart]}
            assert "flow-run" in {it["prefect.resource.role"] for it in event["related"]}, "and which run made it"
        assert len(one.events("evimap.release.published")) == 1
        one.was_told(f"release {live} of .* waits for its sign-off")

        # the trigger of the deployment asks; the process of the run is gone while it waits
        [asked] = until(lambda: one.runs("publish", "Suspended"), 120, "somebody is asked")
        until(lambda: process_of(asked["id"]) is None, 60, "nobody waits in a process")
        assert storage.shown() is None
        answer = {"publish": True, "by": "z9", "note": "looked at it", "release": live}
        assert one.ask(f"flow_runs/{asked['id']}/resume", {"run_input": answer})["status"] == "REJECT", "who may not is refused"
        answer["by"] = "a1"
        assert one.ask(f"flow_runs/{asked['id']}/resume", {"run_input": answer})["status"] == "ACCEPT"
        assert one.ended(asked["id"])["type"] == "COMPLETED"
        assert storage.shown() == live
        [signed] = storage.log.read("sign_off").to_pylist()
        assert (signed["by"], signed["note"], signed["release_id"]) == ("a1", "looked at it", live)


def test_conflicts_reports_and_failures_are_told(installed):
    one, storage = installed, Storage(installed.root, "small")
    if storage.live_id() is None:  # it is run by itself
        with one.worker():
            assert one.ended(refresh(one))["type"] == "COMPLETED"
    work(one.review, one.root, split, rounds=1)
    new(one, 0)
    waiting = exchange.standing_of(one.review, one.root).conflicts
    assert waiting > 1
    with one.worker():
        assert one.ended(one.run("check", conflicts=waiting + 1))["type"] == "COMPLETED"
        assert one.events("evimap.conflicts.waiting") == []
        assert one.ended(one.run("check", conflicts=waiting))["type"] == "COMPLETED"
        one.was_told(f"{waiting} conflicts wait in .*small")
        assert not [it for it in one.told if "report something" in it["subject"]]

        # a question that a later release has overtaken is not answered for that one
        assert one.ended(refresh(one))["type"] == "COMPLETED"
        second = storage.live_id()
        assert one.ended(one.run("check"))["type"] == "COMPLETED"
        [reported] = one.was_told("1 checks report something in .*small")
        assert "search" in reported["body"], "a search without its day, hits and searcher"
        [asked] = until(lambda: one.runs("publish", "Suspended"), 120, "somebody is asked")
        work(one.review, one.root, agreeable)
        assert one.ended(refresh(one))["type"] == "COMPLETED"
        third = storage.live_id()
        assert third != second
        answer = {"publish": True, "by": "a1", "note": "", "release": second}
        one.ask(f"flow_runs/{asked['id']}/resume", {"run_input": answer})
        assert f"release {third} has gone live since {second}" in one.ended(asked["id"])["message"]
        assert storage.shown() not in (second, third)
        assert any(f"release {third} has gone live" in it["body"] for it in one.was_told("publish small failed"))


@pytest.mark.fault(25)
def test_a_killed_process_is_a_crash_that_is_told_and_the_next_run_goes_on(installed):
    one = installed
    new(one, 1)
    with one.worker():
        run = refresh(one)
        until(lambda: one.state(run)["type"] == "RUNNING", 120, "the run begins")
        began = time.monotonic()
        os.kill(process_of(run), signal.SIGKILL)
        assert one.ended(run, 60)["type"] == "CRASHED"
        assert time.monotonic() - began < 30
        one.was_told("refresh small crashed|refresh .*small crashed")
        assert one.ended(one.run("refresh"))["type"] == "COMPLETED", "with the clock value of the one that was killed"


@pytest.mark.fault(24)
def test_a_run_whose_process_and_worker_are_gone_is_marked_when_its_heartbeat_has_stopped(installed):
    one = installed
    new(one, 2)
    with one.worker() as worker:
        run = refresh(one)
        until(lambda: one.state(run)["type"] == "RUNNING", 120, "the run begins")
        process = process_of(run)
        resource = f"prefect.flow-run.{run}"

        def beats():
            os.kill(process, signal.SIGCONT)
            time.sleep(0.2)
            os.kill(process, signal.SIGSTOP)
            return [it for it in one.events("prefect.flow-run.heartbeat") if it["resource"]["prefect.resource.id"] == resource]

        until(beats, 60, "its heart beats")
        os.kill(worker.pid, signal.SIGKILL)
        os.kill(process, signal.SIGKILL)
    assert one.state(run)["type"] == "RUNNING", "nobody has said so"
    assert one.ended(run, 300)["message"] == "No heartbeat for two minutes."
    assert one.state(run)["type"] == "CRASHED"
    with one.worker():
        assert one.ended(one.run("refresh"))["type"] == "COMPLETED"


HANGING = """
import sys
import tasks.marts.task
from warehouse.engine import Engine

def hang(*given):
    with Engine({}) as engine:
        print("hangs", flush=True)
        engine.rows("SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE hash(a.range, b.range) = 1")

tasks.marts.task.make_marts = hang
from flows.refresh import refresh
refresh(sys.argv[1])
"""


@pytest.mark.fault(26, 28)
def test_a_run_that_is_told_to_end_interrupts_its_query_and_leaves_the_lock(installed):
    one, storage = installed, Storage(installed.root, "small")
    new(one, 3)
    before = storage.live_id()
    command = [sys.executable, "-c", HANGING, str(one.review)]
    process = subprocess.Popen(command, cwd=PROJECT, env=one.env, stdout=subprocess.PIPE, text=True)
    try:
        while "hangs" not in (line := process.stdout.readline()):
            assert line, "it ended before"
        time.sleep(1)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert time.monotonic() - began < 30
    finally:
        process.kill()
    assert process.returncode != 0
    assert storage.holder() is None
    assert storage.live_id() == before
    assert one.runs("refresh")[-1]["state"]["type"] in ("CRASHED", "FAILED")
    with one.worker():
        assert one.ended(one.run("refresh"))["type"] == "COMPLETED"
    assert storage.live_id() != before


@pytest.mark.fault(27)
def test_a_run_under_which_the_server_dies_ends_and_is_run_again(tmp_path):
    one = Installation(tmp_path)
    command = [sys.executable, "-m", "flows.cli", "refresh", str(one.review), "--as-of", FEBRUARY.isoformat()]
    storage = Storage(one.root, "small")
    with one.server():
        process = subprocess.Popen(
            command, cwd=PROJECT, env=one.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        while not (line := process.stdout.readline()).startswith("records"):
            assert line, "it ended before"
        process.send_signal(signal.SIGSTOP)
    process.send_signal(signal.SIGCONT)
    said, _ = process.communicate(timeout=600)
    assert process.returncode == TRY_LATER
    assert "evimap: the Prefect server does not answer" in said
    assert storage.holder() is None
    with one.server():
        done = subprocess.run(command, cwd=PROJECT, env=one.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert storage.live_id() is not None
    assert faults(storage) == []
