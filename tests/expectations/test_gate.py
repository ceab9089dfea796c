"""What the gate says of tables in the wrong shape, and what a verdict is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import gate
from expectations.gate import EXAMPLES, LONGEST, GateError, Verdict, check, planned, verdict
from expectations.law import Check, Severity
from expectations.suites import LAWS
from tests.expectations.conftest import Write
from tests.expectations.small_review import Rows
from tests.expectations.tables import clean
from tests.expectations.violations import add, change
from warehouse.contract import Stage
from warehouse.engine import Engine
from warehouse.tables.catalogue import TABLES, table
from warehouse.tables.meta import QUALITY_CHECK


def reshape(path: Path, how: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(how(pq.read_table(path)), path)


@pytest.fixture(scope="module")
def faults(write: Write) -> Mapping[str, dict[str, Any]]:
    """The failed checks of a stage whose tables are in every wrong shape at once, by id."""
    rows = clean("care")
    for fault in (
        change("staging.funnel", {"citation_id": "c-m6"}, citation_id=None),
        add("staging.outcome", {"stage": "full_text"}),
        add("staging.vote", {"citation_id": "c-m1"}),
        change("staging.screening", {"citation_id": "c-m7"}, state="it's lost"),
        change("staging.agreement_pair", {"citation_id": "c-m1"}, review="another"),
    ):
        fault(rows)
    paths = write(rows)
    reshape(paths["staging.resolution"], lambda data: data.drop_columns(["note"]))
    reshape(paths["staging.vote"], lambda data: data.set_column(4, "round", data["round"].cast(pa.int64())))
    reshape(paths["staging.screening"], lambda data: data.select(["review", "stage", "citation_id", *data.column_names[3:]]))
    return {row["check_id"]: row for row in check(Stage.SCREENING, paths, "care").to_pylist() if not row["passed"]}


@pytest.mark.parametrize(
    ("check_id", "failing", "shown"),
    [
        ("screening.funnel.required", 1, {"review": "care", "citation_id": None, "missing": "citation_id"}),
        ("screening.outcome.key_unique", 2, {"citation_id": "c-e2", "stage": "full_text", "times": 2}),
        ("screening.screening.state_among", 1, {"citation_id": "c-m7", "state": "it's lost"}),
        ("screening.agreement_pair.review", 2, {"review": "another", "citation_id": "c-m1"}),
        ("screening.resolution.columns", 7, {"position": 8, "declared": "note", "found": "how"}),
        ("screening.vote.types", 1, {"found": "round", "declared_type": "INTEGER", "found_type": "BIGINT"}),
        ("screening.screening.columns", 2, {"position": 2, "declared": "citation_id", "found": "stage"}),
    ],
)
def test_wrong_shape_stops(faults: Mapping[str, dict[str, Any]], check_id: str, failing: int, shown: dict[str, Any]) -> None:
    fault = faults[check_id]
    assert (fault["severity"], fault["failing"]) == ("stop", failing)
    assert shown.items() <= json.loads(fault["examples"])[0].items()


def test_nothing_else_is_said_to_have_the_wrong_shape(faults: Mapping[str, dict[str, Any]]) -> None:
    laws = {law.name for law in LAWS[Stage.SCREENING]}
    assert {check_id for check_id in faults if check_id.rpartition(".")[2] not in laws} == {
        "screening.funnel.required",
        "screening.outcome.key_unique",
        "screening.vote.key_unique",
        "screening.vote.types",
        "screening.screening.state_among",
        "screening.agreement_pair.review",
        "screening.resolution.columns",
        "screening.screening.columns",
    }


def test_a_code_with_the_name_of_another_stops(rows: Rows, write: Write, only: Callable[[str], None]) -> None:
    only("named")
    rows["marts.gap"] = table("marts.gap").of_rows(rows["marts.gap"]).to_pylist()  # with the names that are filled in
    change("marts.gap", {"cell": 4}, kind_label="Primary studies, and no review of them")(rows)
    [fault] = [row for row in check(Stage.MARTS, write(rows), "care").to_pylist() if not row["passed"]]
    assert (fault["check_id"], fault["severity"], fault["failing"]) == ("marts.gap.named", "stop", 1)
    assert json.loads(fault["examples"])[0]["misnamed"] == "kind_label"


@pytest.mark.fault(58)
def test_reviewers_are_not_named(faults: Mapping[str, dict[str, Any]]) -> None:
    assert "raw" in json.loads(faults["screening.vote.key_unique"]["examples"])[0]
    for fault in faults.values():
        values = {value for example in json.loads(fault["examples"]) for value in example.values() if isinstance(value, str)}
        assert not {"ann", "bob", "cid"} & values


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Leaves out all checks but one: the others are tested elsewhere, and each costs milliseconds."""

    def left(name: str) -> None:
        monkeypatch.setattr(gate, "planned", lambda *arguments: [one for one in planned(*arguments) if one.name == name])

    return left


@pytest.mark.fault(14)
def test_a_law_that_cannot_be_run_has_failed(rows: Rows, write: Write, only: Callable[[str], None]) -> None:
    only("position_follows_screening")
    paths = write(rows)
    reshape(paths["staging.funnel"], lambda data: data.drop_columns(["position"]))
    checks = check(Stage.SCREENING, paths, "care")
    [law] = checks.to_pylist()
    assert not law["passed"]
    assert "position" in json.loads(law["examples"])[0]["not_checked"]
    assert "screening.funnel.position_follows_screening (could not be checked)" in verdict(checks).summary


@pytest.fixture(scope="module")
def sound(write: Write) -> dict[str, Path]:
    return write(clean("care"))


@pytest.mark.parametrize("stage", Stage)
def test_sound_tables_pass(stage: Stage, sound: Mapping[str, Path]) -> None:
    checks = check(stage, sound, "care")
    assert [row["check_id"] for row in checks.to_pylist() if not row["passed"]] == []
    assert checks.schema.equals(QUALITY_CHECK.arrow)
    ids = checks["check_id"].to_pylist()
    assert ids == sorted(set(ids))
    assert verdict(checks) == Verdict(False, (), (), f"all {len(ids)} checks passed")


def test_laws_hold_of_tables_without_rows() -> None:
    tables = {name: declared.empty() for name, declared in TABLES.items()}
    one_row = {"release_says_what_it_is", "column_has_a_meaning"}
    with Engine(tables) as engine:
        assert [law.name for laws in LAWS.values() for law in laws if law.name not in one_row and engine.rows(law.sql)] == []


def test_a_missing_table_is_an_error_unless_it_is_a_log(sound: Mapping[str, Path]) -> None:
    without_logs = {name: path for name, path in sound.items() if not name.startswith("log.")}
    names = {one.name for one in planned(Stage.SCREENING, without_logs, "care")}
    assert "vote_counts_once" in names
    assert "vote_is_carried_over" not in names
    with pytest.raises(GateError, match=r"screening has not written staging\.funnel"):
        planned(Stage.SCREENING, {name: path for name, path in sound.items() if name != "staging.funnel"}, "care")
    with pytest.raises(GateError, match=r"law citation_has_one_position of screening needs staging\.citation"):
        planned(Stage.SCREENING, {name: path for name, path in sound.items() if name != "staging.citation"}, "care")


def test_examples_are_the_first_in_order_and_cut_short(rows: Rows, write: Write, only: Callable[[str], None]) -> None:
    only("record_has_a_title")
    rows["staging.record"] = [
        rows["staging.record"][0] | {"record_id": f"{place:02}" + "x" * 300, "title": None} for place in reversed(range(30))
    ]
    paths = write(rows)
    found = check(Stage.RECORDS, paths, "care")
    [row] = found.to_pylist()
    examples = json.loads(row["examples"])
    assert row["failing"] == 30
    assert [example["record_id"][:2] for example in examples] == [f"{place:02}" for place in range(EXAMPLES)]
    assert {len(example["record_id"]) for example in examples} == {LONGEST}
    assert found.equals(check(Stage.RECORDS, paths, "care"))


def test_a_report_does_not_stop(rows: Rows, write: Write, only: Callable[[str], None]) -> None:
    only("search_has_its_hits")
    change("staging.search", {"search_id": "s1"}, hits=5000)(rows)
    result = verdict(check(Stage.RECORDS, write(rows), "care"))
    assert not result.stopped
    assert not result.failures
    assert [finding.check_id for finding in result.reports] == ["records.search.search_has_its_hits"]
    assert result.summary.startswith("reported: records.search.search_has_its_hits (1 row: search_id=s1, ")


@pytest.mark.fault(14)
def test_a_stop_stops_and_names_law_rows_and_remedy(rows: Rows, write: Write, only: Callable[[str], None]) -> None:
    only("search_got_adds_up")
    change("staging.search", {"search_id": "s3"}, got=3, hits=3)(rows)
    result = verdict(check(Stage.RECORDS, write(rows), "care"))
    assert result.stopped
    [finding] = result.failures
    assert finding.check_id == "records.search.search_got_adds_up"
    assert json.loads(finding.examples or "")[0]["accounted_for"] == 2
    assert "records.search.search_got_adds_up (1 row: search_id=s3, got=3, " in result.summary
    assert "A defect of the records stage" in result.summary
    assert "\n" not in result.summary


def test_braces_and_colons_in_sql_reach_the_engine(sound: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "plain": "SELECT note FROM (SELECT '{a} :b %s' AS note, '1'::INTEGER AS n) WHERE note <> '{a} :b %s' OR n <> 1",
        "found": "SELECT 'x' AS note WHERE '{a} :b' = '{a}' || ' ' || ':b'",
    }
    checks = [Check(name, "staging.record", Severity.STOP, "", "", sql) for name, sql in texts.items()]
    monkeypatch.setattr(gate, "planned", lambda *_: checks)
    passed = {row["check_id"]: row["passed"] for row in check(Stage.RECORDS, sound, "care").to_pylist()}
    assert passed == {"records.record.plain": True, "records.record.found": False}


@pytest.mark.fault(41, 53)
def test_great_expectations_says_nothing_of_its_own(
    rows: Rows, write: Write, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    change("log.import", {"search_id": "s1"}, position=1)(rows)
    with caplog.at_level("INFO"):
        assert verdict(check(Stage.SOURCES, write(rows), "care")).stopped
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []
