import csv
import json
import logging
import os
import re
import shutil
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.flows.small import FEBRUARY, JANUARY, agreeable, fill, make_review, ris
from tests.shared import ROOT
from warehouse.storage import Storage


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    yield
    logging.getLogger("evimap").handlers.clear()


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_every_command_has_help_with_the_exit_codes_in_the_main_one():
    shown = run("--help")
    assert "75 try later" in shown.output
    for command in ("init", "refresh", "parse", "dedup", "worklists", "ingest", "status", "check", "rebuild", "releases"):
        assert command in shown.output
        assert run(command, "--help").exit_code == 0


def test_init_makes_a_review_and_overwrites_nothing(tmp_path):
    assert run("init", tmp_path / "new").exit_code == 0
    assert (tmp_path / "new" / "imports" / "searches.yaml").exists()
    again = run("init", tmp_path / "new")
    assert again.exit_code == 2
    assert "is not empty" in again.output


def test_parse_shows_records_and_quarantine_with_line_and_reason(tmp_path):
    path = tmp_path / "export.txt"
    path.write_bytes(ris() + b"TY  - JOUR\r\nER  - \r\n")
    shown = run("parse", path)
    assert shown.exit_code == 0
    assert "ris" in shown.output
    assert f"{path}:{len(ris().splitlines()) + 1}:" in shown.output.replace("\n", "")


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_parse_writes_what_it_read(tmp_path, suffix):
    (tmp_path / "export").write_bytes(ris())
    target = tmp_path / f"records.{suffix}"
    assert run("parse", tmp_path / "export", "-o", target).exit_code == 0
    if suffix == "parquet":
        titles = pq.read_table(target).column("title").to_pylist()
    elif suffix == "csv":
        titles = [row["title"] for row in csv.DictReader(target.open(newline=""))]
    else:
        titles = [json.loads(line)["title"] for line in target.read_text().splitlines()]
    assert len(titles) == 12
    assert titles[0].startswith("Kinship placements")


def test_parse_of_an_absent_file_and_of_an_unknown_ending_are_bad_input(tmp_path):
    absent = run("parse", tmp_path / "absent.ris")
    assert (absent.exit_code, "Traceback" in absent.output) == (2, False)
    (tmp_path / "a.ris").write_bytes(ris())
    assert run("parse", tmp_path / "a.ris", "-o", tmp_path / "records.docx").exit_code == 2


def test_dedup_writes_a_row_for_every_input_row_in_order(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.ris"
    first.write_text(
        "id,title,authors,year,journal,volume,issue,pages,doi,abstract\n"
        '7,Mentoring for young carers: an invented study,"Okafor, B.",2002,J Invented Care,4,,110-118,10.5555/invented.1,\n'
        '5,Something else entirely about invented rivers,"Xu, A.",1999,Water,1,,1-9,,\n'
        "6,,,,,,,,,\n9,,,,,,,,,\n"
    )
    second.write_bytes(ris())
    done = run("dedup", first, second, "-o", tmp_path / "clusters.csv")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader((tmp_path / "clusters.csv").open(newline="")))
    assert [row["record_id"] for row in rows] == ["7", "5", "6", "9", *(f"2026-{number:05d}" for number in range(12))]
    assert rows[0]["citation_id"] == rows[5]["citation_id"]
    assert len({row["citation_id"] for row in rows}) == 15, "rows of which nothing is known stand alone"


def test_a_fault_in_the_configuration_is_two_lines_and_exit_code_2(review, root):
    (review / "protocol.yaml").write_text("review: Small!\n")
    shown = run("status", review, "--data", root)
    assert shown.exit_code == 2
    assert "protocol.yaml: line 1: review:" in shown.output
    assert "Traceback" not in shown.output


def test_refresh_of_an_absent_review_says_how_to_make_one_before_anything_starts(tmp_path):
    shown = run("refresh", tmp_path / "nowhere", "--data", tmp_path)
    assert (shown.exit_code, "evimap init" in shown.output, "Traceback" in shown.output) == (2, True, False)
    assert not (tmp_path / ".prefect").exists()


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "a.ris").write_bytes(ris())
    shown = run("dedup", tmp_path / "a.ris", "-o", tmp_path / "absent" / "x.csv")
    assert (shown.exit_code, f"{tmp_path / 'absent' / 'x.csv'}: No such file" in shown.output) == (2, True)


def test_a_stopped_refresh_is_one_line_in_a_terminal(review, root, prefect_home):
    """In a process of its own: Prefect's log handlers are those that a person's terminal sees."""
    script = (
        "import sys, tasks.checked\n"
        "from flows.cli import main\n"
        "def broken(build, stage): raise tasks.checked.Stopped('records.record.law (1 row: a=1): mend it')\n"
        "tasks.checked.check_stage = broken\n"
        "sys.argv = ['evimap', 'refresh', *sys.argv[1:]]\n"
        "main()\n"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    shutil.copytree(prefect_home, root / ".prefect")
    done = subprocess.run(
        [sys.executable, "-c", script, review, "--data", root], env=env, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "evimap: records.record.law (1 row: a=1): mend it"


def test_work_before_the_first_release_says_what_to_do(review, root):
    for command in ("worklists", "status", "check", "rebuild"):
        shown = run(command, review, "--data", root)
        assert shown.exit_code == 2, command
        assert "no release yet" in shown.output
    assert not (root / "small" / "run.json").exists(), "a run that could not begin leaves no clock value behind"


@pytest.mark.fault(9)
def test_a_locked_review_is_try_later(review, root):
    with Storage(root, "small").writing():
        shown = run("rebuild", review, "--data", root)
        assert shown.exit_code == 2  # no release: said before anything is locked
        (root / "small" / "inbox").mkdir()
        (root / "small" / "inbox" / "votes.csv").write_text("citation_id,decision\n")
        assert run("ingest", review, "--data", root).exit_code == 75


@pytest.mark.usefixtures("prefect", "asked")
def test_a_week_of_a_review_on_the_command_line(review, root, monkeypatch):
    from tasks.checked import Stopped

    first = run("refresh", review, "--data", root, "--as-of", JANUARY.isoformat())
    assert first.exit_code == 0, first.output
    assert "published release" in first.output
    assert str(root / "small" / "current" / "map.html") in first.output

    issued = run("worklists", review, "--data", root, "--as-of", "2026-01-05")
    assert "title_abstract-r1-20260105.csv" in issued.output
    assert "12" not in run("worklists", review, "--data", root, "--as-of", "2026-01-06").output
    owed = run("status", review, "--data", root)
    assert "title abstract" in owed.output
    assert "awaiting screening" in owed.output

    for path in (root / "small" / "worklists").rglob("*.csv"):
        fill(path, root / "small" / "inbox" / path.name, agreeable)
    bad = root / "small" / "inbox" / "extra.csv"
    bad.write_text("citation_id,reviewer,stage,decision\nc0000000000000000,r1,title_abstract,include\n")
    taken = run("ingest", review, "--data", root, "--as-of", "2026-01-07")
    assert taken.exit_code == 2
    assert "extra.csv: 0 decisions taken, 1 rows refused" in taken.output
    assert list((root / "small" / "worklists" / "refused").glob("extra-????????.csv"))
    assert run("ingest", review, "--data", root).output.strip() == "the inbox is empty"

    again = run("refresh", review, "--data", root, "--as-of", FEBRUARY.isoformat())
    assert "awaiting retrieval" in run("status", review, "--data", root).output
    assert again.exit_code == 0
    assert run("check", review, "--data", root).exit_code == 0
    assert run("rebuild", review, "--data", root).exit_code == 0
    listed = run("releases", review, "--data", root).output.splitlines()
    assert [line.startswith("live") for line in listed if "2026-" in line] == [False, True]

    def stopped(*given):
        raise Stopped("records.record.search_new_is_its_records (1 row): run again")

    monkeypatch.setattr("tasks.records.task.check_stage", stopped)
    (review / "imports" / "searches.yaml").write_text("searches: [{source: psycinfo, files: [psycinfo.ris], strategy: other}]")
    broken = run("refresh", review, "--data", root, "--as-of", "2026-03-01")
    assert (broken.exit_code, "search_new_is_its_records" in broken.output) == (1, True)


@pytest.mark.fault(27)
def test_a_server_that_is_not_there_is_told_with_what_to_do(tmp_path):
    review, env = make_review(tmp_path / "small"), os.environ | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    command = [sys.executable, "-m", "flows.cli", "refresh", str(review), "--data", str(tmp_path / "data")]
    done = subprocess.run(command, cwd=ROOT, env=env | {"PREFECT_CLIENT_MAX_RETRIES": "0"}, capture_output=True, text=True)
    assert done.returncode == 75
    assert "evimap: the Prefect server does not answer (" in done.stderr
    assert "start it again, or unset PREFECT_API_URL" in " ".join(done.stderr.split())


def test_a_server_that_lets_nobody_in_is_told_with_what_to_do(tmp_path, httpserver):
    httpserver.expect_request(re.compile(".*")).respond_with_json({"exception_message": "Unauthorized"}, status=401)
    review, env = make_review(tmp_path / "small"), os.environ | {"PREFECT_API_URL": httpserver.url_for("/api")}
    command = [sys.executable, "-m", "flows.cli", "refresh", str(review), "--data", str(tmp_path / "data")]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("evimap: the Prefect server wants a user and a password; set PREFECT_API_AUTH_STRING=")
