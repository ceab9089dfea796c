import json
import os
import shutil
import subprocess
from importlib import import_module

import pytest
import yaml
from prefect.exceptions import ParameterTypeError, SignatureMismatchError

from tests.flows.servers import PREFECT, PROJECT, free_port, healthy, running, until
from warehouse.storage import Storage

FLOWS = ("refresh", "ingest", "publish", "check", "housekeeping")


@pytest.fixture
def server(tmp_path, prefect_home):
    """A real Prefect server on loopback; the environment in which its clients run."""
    shutil.copytree(prefect_home, tmp_path / "prefect")
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    env = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_API_URL": url, "PWD": str(PROJECT)}
    env |= {"PREFECT_LOGGING_TO_API_ENABLED": "true", "PREFECT_LOGGING_LEVEL": "INFO"}  # as in an installation
    with running(PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port, env=env, log=tmp_path / "server.log"):
        until(lambda: healthy(url), 240, "the server answers")
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
        prefect(server, "deployment", "run", name, "--param", f"review={review}", "--param", f"data={root}", "--tag", "asked")
        ended = {"flow_runs": {"tags": {"all_": ["asked"]}, "state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
        [run] = until(lambda: post(server, "flow_runs/filter", ended), 240, "the run ends")
        name = "ingest/reducing-care-entry"
        prefect(server, "deployment", "run", name, "--param", f"review={review}", "--param", f"data={root}", "--tag", "asked")
        until(lambda: len(post(server, "flow_runs/filter", ended)) == 2, 240, "the second run ends")
        assert {one["state"]["type"] for one in post(server, "flow_runs/filter", ended)} == {"COMPLETED"}
    log = (tmp_path / "worker.log").read_text()
    assert run["state"]["type"] == "COMPLETED", log
    assert Storage(root, "small").current() is not None
    tasks = post(server, "task_runs/filter", {"task_runs": {}})
    stages = sorted(tasks, key=lambda task: task["start_time"])
    assert [task["name"].split("-")[0] for task in stages] == [
        "sources", "records", "dedup", "screening", "extraction", "marts", "publish",
    ]  # fmt: skip
    artifacts = post(server, "artifacts/latest/filter", {})
    assert {artifact["key"] for artifact in artifacts} == {
        f"{name}-small" for name in ("prisma", "quality", "change", "map", "report", "searches", "checks", "owed")
    }
    assert sorted(one["name"] for one in post(server, "flows/filter", {})) == sorted(FLOWS)
    said = [line["message"] for line in post(server, "logs/filter", {})]
    assert "records: 15 records, 0 quarantined" in said, "the run's log tells each stage in a line"
    assert "analytics" not in log


def deployments():
    return yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


def the_flow(entrypoint):
    path, _, name = entrypoint.partition(":")
    return getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)


def test_every_flow_is_deployed_for_the_example():
    found = {the_flow(one["entrypoint"]).name: one for one in deployments()}
    assert sorted(found) == sorted(FLOWS)
    for name, one in found.items():
        assert one["tags"] == ["evimap", name]
        collision = "ENQUEUE" if name == "publish" else "CANCEL_NEW"  # what a person answers is never thrown away
        assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": collision}
        assert one["work_pool"]["name"] == "evimap"
        assert (PROJECT / one["parameters"]["review"] / "protocol.yaml").exists()
        assert bool(one.get("schedules")) is (name != "publish"), "who signs off has looked"


@pytest.mark.parametrize("name", FLOWS)
def test_the_parameters_of_a_flow_are_described_and_checked(name):
    from prefect.utilities.callables import parameter_schema

    [one] = [one for one in deployments() if the_flow(one["entrypoint"]).name == name]
    flow = the_flow(one["entrypoint"])
    shown = parameter_schema(flow).model_dump_for_openapi()
    assert all(parameter.get("description") for parameter in shown["properties"].values()), shown
    more = {"by": "a1"} if "by" in shown["required"] else {}
    flow.validate_parameters({**one["parameters"], **more})
    for wrong in ({"review": []}, {**one["parameters"], **more, "unknown": 1}, {**one["parameters"], **more, "keep": 0}):
        with pytest.raises((ParameterTypeError, SignatureMismatchError)):
            flow.validate_parameters(wrong)
