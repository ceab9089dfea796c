"""What an installation is made of and tells others: hashes, telemetry, results, keys, clocks."""

import hashlib
import os
import re
import subprocess
import sys
import time
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tasks.sources.registry import CONNECTORS
from tests.shared import ROOT
from warehouse.storage import clock

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCKS = sorted(ROOT.glob("*.lock"))


def deployed():
    """Every flow that is deployed."""
    from importlib import import_module

    shown = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    for path, _, name in (one["entrypoint"].partition(":") for one in shown):
        yield getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)


def wheel(folder: Path) -> Path:
    """A package of one empty module."""
    path = folder / "invented_package-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("invented_package.py", "")
        info = "invented_package-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: invented-package\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.mark.fault(56)
def test_a_package_whose_bytes_are_others_is_not_installed(tmp_path):
    """With the program and the options that the Makefile installs with."""
    assert "uv pip sync" in MAKEFILE
    digest = hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest()
    lock = tmp_path / "one.lock"
    uv = [Path(sys.executable).with_name("uv"), "pip", "install", "--require-hashes", "--no-index", "--no-cache", "--offline"]
    for written, code in ((digest, 0), (digest[::-1], 1)):
        lock.write_text(f"invented-package==1.0 --hash=sha256:{written}\n")
        target = tmp_path / written[:4]
        command = [*uv, "--find-links", tmp_path, "--target", target, "--python", sys.executable, "-r", lock]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        assert (target / "invented_package.py").exists() is (code == 0)
    assert "Hash mismatch" in done.stderr


@pytest.mark.fault(56)
@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_has_its_hashes_and_is_installed_by_them(lock):
    pinned = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", lock.read_text(encoding="utf-8")).strip())
    assert pinned
    for one in pinned:
        assert re.match(r"[A-Za-z0-9._-]+(\[[^\]]+\])?==\S+", one), one
        assert "--hash=sha256:" in one, one
    installs = [line for line in MAKEFILE.splitlines() if lock.name in line and (" install " in line or " sync " in line)]
    assert installs, f"nothing installs {lock.name}"
    assert all("--require-hashes" in line for line in installs)


@pytest.mark.fault(40)
def test_no_flow_and_no_task_keeps_its_result():
    from importlib import import_module

    from prefect.tasks import Task

    tasks = [
        value
        for path in sorted((ROOT / "tasks").glob("*/task.py"))
        for value in vars(import_module(f"tasks.{path.parent.name}.task")).values()
        if isinstance(value, Task)
    ]
    assert len(tasks) >= 7
    for one in [*deployed(), *tasks]:
        assert not one.persist_result, f"{one.name}: its result would be kept, by default as a pickle"
        assert one.result_storage is None, one.name


@pytest.mark.fault(41)
def test_nothing_is_told_to_the_makers_of_the_tools(tmp_path):
    settings = tomllib.loads((ROOT / "prefect.toml").read_text(encoding="utf-8"))["server"]
    assert (settings["analytics_enabled"], settings["ui"]["v2_enabled"]) == (False, False)
    exported = dict(re.findall(r"(?m)^export (\w+) = (\w+)$", MAKEFILE))
    assert exported == {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "GX_ANALYTICS_ENABLED": "false"}
    code = "import os, sys; from pathlib import Path; from flows.orchestration import quiet; quiet(Path(sys.argv[1]));"
    code += "print(os.environ['DO_NOT_TRACK'], os.environ['PREFECT_SERVER_ANALYTICS_ENABLED'])"
    env = {name: value for name, value in os.environ.items() if name not in exported}
    done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "false"]


@pytest.mark.fault(38)
def test_no_parameter_of_a_flow_takes_a_key():
    variables = {one.variable for connector in CONNECTORS.values() for one in connector.credentials}
    assert all(name.startswith("EVIMAP_") for name in variables)
    for flow in deployed():
        for name in flow.parameters.properties:
            assert not re.search(r"key|secret|token|password|credential|auth", name), f"{flow.name}: the UI would show {name}"


@pytest.mark.fault(23)
@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Kiritimati", "America/St_Johns"])
def test_the_clock_of_a_run_is_the_same_in_every_zone_and_knows_no_summer_time(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert abs((clock() - datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None)).total_seconds()) < 5
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.fault(57)
def test_the_audit_fails_where_it_cannot_look_a_package_up():
    [line] = [line for line in MAKEFILE.splitlines() if "pip-audit " in line and "--requirement" in line]
    assert {"--strict", "--require-hashes", "requirements.lock"} <= set(line.split()), "without --strict it ends with 0 then"
