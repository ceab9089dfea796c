"""Each law fails on the fault planted for it, and on nothing else.

Laws hold per review, so the faults of a stage are planted in one review each, and one run of the gate judges them all: whose
fault is shown by the review of the failing rows.
"""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from expectations.gate import check, verdict
from expectations.law import LAWS as FOLDER
from expectations.law import Law, Severity
from expectations.suites import LAWS
from tests.expectations import violations
from tests.expectations.conftest import Write
from tests.expectations.small_review import Rows
from tests.expectations.tables import clean
from tests.expectations.violations import MARTS, Fault, Violation, add, change, drop
from warehouse.contract import Stage
from warehouse.engine import Engine
from warehouse.tables.catalogue import TABLES, written_by

VIOLATIONS: dict[Stage, dict[str, Violation]] = {
    Stage.SOURCES: violations.SOURCES, Stage.RECORDS: violations.RECORDS, Stage.DEDUP: violations.DEDUP,
    Stage.SCREENING: violations.SCREENING, Stage.EXTRACTION: violations.EXTRACTION, Stage.MARTS: violations.MARTS,
}  # fmt: skip
EVERY = [law for laws in LAWS.values() for law in laws]


@pytest.mark.fault(16)
@pytest.mark.parametrize("stage", VIOLATIONS)
def test_each_fault_breaks_its_law_and_no_other(stage: Stage, write: Write) -> None:
    planted = VIOLATIONS[stage]
    rows: Rows = clean("sound")
    for name, violation in planted.items():
        faulty = clean(name)
        violation.fault(faulty)
        for table, more in faulty.items():
            rows[table] += more
    named: dict[str, set[str]] = defaultdict(set)
    laws = {law.name for law in LAWS[stage]}
    for row in check(stage, write(rows), "sound").to_pylist():
        law = row["check_id"].rpartition(".")[2]
        if law in laws and not row["passed"]:
            examples = json.loads(row["examples"])
            assert len(examples) == row["failing"]
            for example in examples:
                named[example["review"]].add(law)
    assert dict(named) == {name: {name, *violation.also} for name, violation in planted.items()}


@pytest.mark.fault(16)
@pytest.mark.parametrize("law", violations.PUBLISH)
def test_each_fault_of_a_release_breaks_its_law(law: str, rows: Rows, write: Write) -> None:
    violations.PUBLISH[law].fault(rows)
    result = verdict(check(Stage.PUBLISH, write(rows), "care"))
    assert [finding.check_id.rpartition(".")[2] for finding in result.failures] == [law]
    assert [finding.failing for finding in result.failures] == [1]


def test_every_law_has_a_planted_fault() -> None:
    planted = {name for faults in (*VIOLATIONS.values(), violations.PUBLISH) for name in faults}
    assert planted == {law.name for law in EVERY}


def test_law_files_and_declarations_agree() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.sql")) == sorted(law.name for law in EVERY)


@pytest.mark.parametrize("law", EVERY, ids=lambda law: law.name)
def test_a_law_says_what_it_means_and_reads_declared_tables(law: Law) -> None:
    assert law.meaning.endswith(".")
    assert law.remedy.endswith(".")
    assert law.reads <= set(TABLES)
    assert law.table in law.reads
    assert "{" not in law.sql  # a law's own braces would be escaped, and read as if they were meant for GX
    assert law.sql.endswith("SELECT * FROM final")
    assert all(len(line) <= 128 for line in law.sql.splitlines())


@pytest.mark.parametrize("stage", Stage)
def test_laws_are_of_tables_of_their_stage_and_read_no_later_ones(stage: Stage) -> None:
    order = list(Stage)
    for law in LAWS[stage]:
        assert TABLES[law.table].schema == "log" or TABLES[law.table] in written_by(stage)
        # what earlier releases said was there before this one's first stage
        made = [name for name in law.reads if not name.startswith("log.published_")]
        assert all(order.index(TABLES[name].stage) <= order.index(stage) for name in made)
        assert law.optional == any(name.startswith("log.") or name == "meta.quality_check" for name in law.reads)


@pytest.mark.fault(16)
def test_the_laws_of_promise_one_stop_the_release() -> None:
    reported = {law.name for law in EVERY if law.severity is Severity.REPORT}
    assert reported == {
        "search_has_its_hits", "search_is_described", "known_paper_is_found", "study_has_no_notice",
        "record_has_a_title", "pair_merged_stays_merged", "few_pairs_are_unsure",
        "imported_exclusion_has_a_reason", "study_text_is_clean", "study_is_where_one_can_be",
        "synthesis_is_up_to_date",
    }  # fmt: skip


def declared_home_and_child(rows: Rows) -> None:
    """Cells 2 and 4 are not applicable: the theme of 4, visits, is within home."""
    MARTS["study_is_where_one_can_be"].fault(rows)


@pytest.mark.parametrize(
    ("faults", "law"),
    [
        ((change("marts.evidence_map", {"cell": 5}, empty="not_yet_coded"),), "empty_cell_says_why"),
        ((change("marts.evidence_map", {"cell": 5}, not_applicable="Other words."),), "empty_cell_says_why"),
        ((change("marts.evidence_map", {"cell": 5}, not_applicable=None),), "empty_cell_says_why"),
        ((declared_home_and_child, change("marts.evidence_map", {"cell": 2}, empty="not_applicable")), "empty_cell_says_why"),
        ((declared_home_and_child, change("marts.evidence_map", {"cell": 4}, empty="not_yet_coded")), "empty_cell_says_why"),
        ((drop("staging.not_applicable", dimension="level"),), "empty_cell_says_why"),
        ((add("marts.gap", {"cell": 4}, cell=5),), "gap_is_an_empty_cell"),
        ((declared_home_and_child, drop("marts.gap", cell=2)), "gap_is_an_empty_cell"),
    ],
)
def test_what_is_not_applicable_is_what_the_protocol_says(
    rows: Rows, write: Write, faults: tuple[Fault, ...], law: str
) -> None:
    for fault in faults:
        fault(rows)
    with Engine(write(rows)) as engine:
        assert engine.rows(FOLDER / f"{law}.sql") != []


def test_what_is_not_applicable_is_of_dimensions_that_there_are(rows: Rows, write: Write) -> None:
    change("staging.not_applicable", {"dimension": "level"}, dimension="country")(rows)
    broken = {finding.check_id.rpartition(".")[2] for finding in verdict(check(Stage.RECORDS, write(rows), "care")).failures}
    assert broken == {"code_has_a_dimension"}


def test_the_ranking_has_as_many_papers_as_its_model_says(rows: Rows, write: Write) -> None:
    [law] = [law for law in EVERY if law.name == "ranking_is_of_what_awaits"]
    change("staging.ranking_model", {"ranked": 1}, ranked=2)(rows)
    with Engine(write(rows)) as engine:
        assert len(engine.rows(law.sql)) == 1


def test_a_page_that_a_website_gives_at_two_addresses_is_two_records(rows: Rows, write: Write) -> None:
    violations.RECORDS["record_has_its_own_bytes"].fault(rows)
    twins = violations.matching(rows, "staging.record", {"offset": 10, "raw": violations.matching(
        rows, "staging.record", {"record_id": "m3"})[0]["raw"]})  # fmt: skip
    assert len(twins) == 2

    def broken() -> bool:
        failures = verdict(check(Stage.RECORDS, write(rows), "care")).failures
        return "record_has_its_own_bytes" in {finding.check_id.rpartition(".")[2] for finding in failures}

    assert broken()
    for number, row in enumerate(twins):
        row["url"] = f"https://example.org/{number}"
    assert not broken()
