"""Every command of docs/operations.md is run: here, in the order of the page, or in the test that `ELSEWHERE` names."""

import logging
import re
import shlex
import subprocess

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.shared import ROOT
from warehouse.release import differences
from warehouse.storage import Storage

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)\n```", PAGE, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]

SERVED = "tests/flows/test_deployment.py::test_the_deployment_runs_on_a_real_server_and_worker_and_is_scheduled"
REFRESHED = "tests/flows/test_cli.py::test_a_week_of_a_review_on_the_command_line"
INSTALLED = "Makefile"  # without it no test runs
LOCKED = "tests/flows/test_doctor.py::test_a_server_that_lets_anybody_in_and_one_that_lets_us_not_in"
WATCHED = "tests/flows/test_watched.py::test_conflicts_reports_and_failures_are_told"
ELSEWHERE = {
    "make setup": INSTALLED,
    ". .venv/bin/activate": INSTALLED,
    "evimap refresh REVIEW": REFRESHED,
    "export PREFECT_SERVER_API_AUTH_STRING=evimap:a-long-password": LOCKED,
    "export PREFECT_API_AUTH_STRING=evimap:a-long-password": LOCKED,
    "export PREFECT_API_URL=http://127.0.0.1:4200/api": SERVED,
    "prefect server start --host 127.0.0.1 &": SERVED,
    "prefect work-pool create evimap --type process": SERVED,
    "prefect --no-prompt deploy --all": SERVED,
    "prefect worker start --pool evimap": SERVED,
    "prefect block ls": WATCHED,
    "sed s/BLOCK_ID/ID_OF_YOUR_BLOCK/ automations.yaml > our-automations.yaml": WATCHED,
    "prefect automation create --from-file our-automations.yaml": WATCHED,
}
RUN_HERE = [line for line in LINES if line not in ELSEWHERE]


def test_every_command_of_the_page_is_run_by_a_test():
    assert len(BLOCKS) == PAGE.count("```") / 2
    assert ELSEWHERE.keys() <= set(LINES), "each is on the page"
    assert {line.split()[0] for line in RUN_HERE} == {"evimap", "mkdir", "cp"}
    for place in set(ELSEWHERE.values()):
        path, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8") if name else (ROOT / path).exists(), place


def test_what_is_served_is_what_the_page_says():
    shown = (ROOT / SERVED.partition("::")[0]).read_text(encoding="utf-8")
    for line, place in ELSEWHERE.items():
        if place == SERVED and line.startswith("prefect"):
            said = ", ".join(f'"{word}"' for word in shlex.split(line.removesuffix(" &"))[1:])
            assert said in shown, line


@pytest.mark.fault(22)
def test_the_commands_of_the_page_run_in_its_order(begun, direct, tmp_path, monkeypatch):
    review, root = begun
    monkeypatch.setenv("COLUMNS", "300")
    for name in ("EVIMAP_DATA", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(root.parent)  # data/ is there
    (root.parent / "ELSEWHERE").mkdir()
    names = {"REVIEW_ID": review.name, "REVIEW": str(review), "ID": "r1"}
    live = Storage(root, review.name).current()
    for line in RUN_HERE:
        words = shlex.split(re.sub(r"\b(REVIEW_ID|REVIEW|ID)\b", lambda found: names[found[0]], line))
        if words[0] == "evimap":
            done = CliRunner().invoke(app, words[1:])
            assert done.exit_code == 0, f"{line}\n{done.output}"
        else:
            subprocess.run(words, check=True)
        if "--restore" in words:
            restored = Storage(root.parent / "NEW" / "data", review.name)
            assert restored.live_id() == live.id
            assert differences(live, restored.current().folder) == []
    assert Storage(root.parent / "ELSEWHERE", review.name).live_id() == live.id, "moved, links and all"
    logging.getLogger("evimap").handlers.clear()


@pytest.mark.fault(39)
@pytest.mark.parametrize("setting", ["PREFECT_SERVER_API_AUTH_STRING", "--host 127.0.0.1", "--data NEW/data"])
def test_the_page_says_what_keeps_strangers_out_and_the_old_data_whole(setting):
    assert any(setting in line for line in LINES)
