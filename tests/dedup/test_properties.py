"""What holds for any records: nothing is lost, no order matters, and pairs, citations and relations tell one story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.dedup.deduplicate import deduplicate
from tests.dedup.conftest import EMPTY
from warehouse.tables.log import OVERRIDE
from warehouse.tables.staging import RECORD

TITLES = [
    "Kinship navigator programmes and placement stability among children in Northumbria",
    "Kinship navigator programs and placement stability among children in Northumbria",
    "Erratum: Kinship navigator programmes and placement stability among children in Northumbria",
    "Kinship navigator programmes and placement stability. Part 2: girls",
    "[Slektsomsorg og stabilitet i plasseringer for barn]",
    "Respite care for foster families in three counties",
    "Editorial",
    "#NAME?",
    None,
]
RECORDS = st.fixed_dictionaries({
    "title": st.sampled_from(TITLES),
    "authors": st.sampled_from([["Harrowgate, Miriam", "Lindqvist, Per"], ["HARROWGATE MLINDQVIST P"], ["Quillon, B."], []]),
    "year": st.sampled_from([2014, 2015, 2019, None]),
    "journal": st.sampled_from(["Journal of Child Placement Studies", "J Child Placement Stud", "Clin Evid", None]),
    "volume": st.sampled_from(["19", "20", "19 (Suppl 1)", None]),
    "issue": st.sampled_from(["1", "2", None]),
    "pages": st.sampled_from(["211-228", "211-28", "S12", "11-Feb", "CD009999", None]),
    "doi": st.sampled_from(["10.5555/one.1", "10.5555/two.2", "10.1002/14651858.cd009999.pub2", "10.48550/three", None]),
    "abstract": st.sampled_from(["We followed 412 children. " * 20, None]),
    "first_seen": st.sampled_from([datetime(2024, 1, 1), datetime(2024, 2, 1)]),
    "notices": st.sampled_from([None, ["corrected: 10.5555/two.2"]]),
})  # fmt: skip
SOME = st.lists(RECORDS, min_size=1, max_size=12).map(
    lambda rows: [{**EMPTY, **row, "record_id": f"r{number:02}"} for number, row in enumerate(rows)]
)
SAID = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from(["merge", "apart"])).filter(lambda two: two[0] < two[1]),
    max_size=3,
    unique_by=lambda said: said[:2],
).map(
    lambda told: [
        {"review": "invented", "record_a": f"r{a:02}", "record_b": f"r{b:02}", "verdict": verdict, "by": "ana", "note": None,
         "raw": "0", "as_of": datetime(2024, 3, 1)}
        for a, b, verdict in told
    ]
)  # fmt: skip
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tables(records: list[dict[str, Any]], overrides: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    made = deduplicate({"staging.record": RECORD.of_rows(records), "log.override": OVERRIDE.of_rows(overrides)})
    return {name.removeprefix("staging."): table.to_pylist() for name, table in made.items()}


def citations(made: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    return {row["record_id"]: row["citation_id"] for row in made["citation_record"]}


@FEW
@given(SOME, SAID, st.randoms(use_true_random=False))
def test_no_order_of_records_and_no_second_run_changes_anything(records, overrides, random):
    expected = tables(records, overrides)
    shuffled, told = list(records), list(overrides)
    random.shuffle(shuffled)
    random.shuffle(told)
    assert tables(shuffled, told) == expected


@FEW
@given(SOME, SAID)
def test_pairs_citations_and_relations_tell_one_story(records, overrides):
    made = tables(records, overrides)
    found = citations(made)
    assert sorted(found) == [record["record_id"] for record in records]
    assert {row["citation_id"]: row["records"] for row in made["citation"]} == {
        citation: list(found.values()).count(citation) for citation in found.values()
    }
    for pair in made["record_pair"]:
        assert (pair["outcome"] == "duplicate") == (found[pair["record_a"]] == found[pair["record_b"]])
    assert sum(pair["outcome"] == "unsure" for pair in made["record_pair"]) <= 1
    told = [frozenset((row["citation_id"], row["related_id"])) for row in made["citation_relation"]]
    assert len(set(told)) == len(told)
    assert all(len(two) == 2 and two <= set(found.values()) for two in told)
    for said in overrides:
        if said["verdict"] == "apart" and {said["record_a"], said["record_b"]} <= set(found):
            assert found[said["record_a"]] != found[said["record_b"]]


@FEW
@given(SOME)
def test_record_with_nothing_in_common_changes_no_citation(records):
    stranger = {
        **EMPTY, "record_id": "x", "title": "On the tides of a southern harbour", "authors": ["Zephyrine, O."], "year": 1931,
        "journal": "Tides", "volume": "3", "pages": "77-99", "doi": "10.5555/tides.7", "first_seen": datetime(2023, 1, 1),
    }  # fmt: skip
    found = citations(tables([*records, stranger], []))
    assert len([one for one in found.values() if one == found["x"]]) == 1
    del found["x"]
    assert found == citations(tables(records, []))
