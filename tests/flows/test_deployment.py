import json
import os
import subprocess

import pytest

from tests.flows.servers import PREFECT, PROJECT, free_port, healthy, running, until
from warehouse.storage import Storage


@pytest.fixture
def server(tmp_path):
    """A real Prefect server on loopback; the environment in which its clients run."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    env = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_API_URL": url, "PWD": str(PROJECT)}
    env |= {"PREFECT_LOGGING_TO_API_ENABLED": "true", "PREFECT_LOGGING_LEVEL": "INFO"}  # as in an installation
    with running(PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port, env=env, log=tmp_path / "server.log"):
        until(lambda: healthy(url), 120, "the server answers")
        yield env


def prefect(env, *arguments):
    done = subprocess.run([PREFECT, *map(str, arguments)], cwd=PROJECT, env=env, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def post(env, path, body):
    import urllib.request

    address = f"{env['PREFECT_API_URL']}/{path}"
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_the_deployment_runs_on_a_real_server_and_worker_and_is_scheduled(server, review, root, tmp_path):
    prefect(server, "work-pool", "create", "evimap", "--type", "process")
    prefect(server, "--no-prompt", "deploy", "--all")
    scheduled = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    until(lambda: post(server, "flow_runs/filter", scheduled), 60, "the schedule makes runs")
    with running(PREFECT, "worker", "start", "--pool", "evimap", env=server, log=tmp_path / "worker.log"):
        name = "refresh/reducing-care-entry"
        prefect(server, "deployment", "run", name, "--param", f"review={review}", "--param", f"data={root}")
        ended = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
        [run] = until(lambda: post(server, "flow_runs/filter", ended), 240, "the run ends")
    log = (tmp_path / "worker.log").read_text()
    assert run["state"]["type"] == "COMPLETED", log
    assert Storage(root, "small").current() is not None
    tasks = post(server, "task_runs/filter", {"task_runs": {}})
    stages = sorted(tasks, key=lambda task: task["start_time"])
    assert [task["name"].split("-")[0] for task in stages] == [
        "sources", "records", "dedup", "screening", "extraction", "marts", "publish",
    ]  # fmt: skip
    artifacts = post(server, "artifacts/latest/filter", {})
    assert {artifact["key"] for artifact in artifacts} == {"prisma-small", "quality-small", "map-small"}
    said = [line["message"] for line in post(server, "logs/filter", {})]
    assert "records: 15 records, 0 quarantined" in said, "the run's log tells each stage in a line"
    assert "analytics" not in log
