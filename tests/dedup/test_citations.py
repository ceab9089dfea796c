"""Ids, aliases, roles, merged fields and people's decisions: what the rest of the pipeline builds on."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime

import pytest

from tasks.dedup.cluster import PERSON, divide


def cid(record_id: str) -> str:
    return "c" + hashlib.sha256(record_id.encode()).hexdigest()[:16]


def rows(tables, name):
    return tables[f"staging.{name}"].to_pylist()


@pytest.fixture
def three(paper):
    """Three records of one paper, the second seen first, and one record of another paper."""
    return [
        paper(
            "a",
            first_seen=datetime(2024, 3, 1),
            title="KINSHIP NAVIGATOR PROGRAMMES AND PLACEMENT STABILITY AMONG CHILDREN IN NORTHUMBRIA",
        ),
        paper("b", first_seen=datetime(2024, 1, 5), doi=None, abstract=None, journal="J Child Placement Stud"),
        paper("c", first_seen=datetime(2024, 1, 5), authors=["Harrowgate M", "Okonjo-Bell T"], volume="19)"),
        paper(
            "z",
            title="Respite care for foster families: a trial",
            authors=["Quillon, B."],
            doi="10.5555/x.1",
            pages="1-9",
            abstract=None,
        ),
    ]


def test_founder_is_the_first_seen_then_the_lowest_id(run, three):
    found = {row["founder"]: row for row in rows(run(three), "citation")}
    assert set(found) == {"b", "z"}
    assert found["b"]["citation_id"] == cid("b")
    assert found["b"]["records"] == 3
    assert found["b"]["first_seen"] == datetime(2024, 1, 5)


def test_aliases_are_the_ids_that_the_others_would_have_had(run, three):
    aliases = {(row["alias"], row["citation_id"]) for row in rows(run(three), "citation_alias")}
    assert aliases == {(cid("a"), cid("b")), (cid("c"), cid("b"))}


def test_later_record_does_not_change_the_id(run, three, paper):
    before = {row["record_id"]: row["citation_id"] for row in rows(run(three), "citation_record")}
    after = run([*three, paper("0", first_seen=datetime(2025, 1, 1))])
    assert {row["record_id"]: row["citation_id"] for row in rows(after, "citation_record") if row["record_id"] != "0"} == before


def test_each_field_is_the_best_and_says_where_it_is_from(run, three):
    tables = run(three)
    merged = next(row for row in rows(tables, "citation") if row["founder"] == "b")
    given = {row["field"]: row["record_id"] for row in rows(tables, "citation_field") if row["citation_id"] == cid("b")}
    assert merged["title"].startswith("Kinship navigator")  # not the one in capitals
    assert given["title"] == "b"
    assert merged["journal"] == "Journal of Child Placement Studies"  # not the abbreviation
    assert merged["volume"] == "19"  # not the damaged one
    assert len(merged["authors"]) == 3
    assert (merged["doi"], given["doi"]) == ("10.5555/jcps.2014.0193", "c")
    values = {row["record_id"]: row for row in three}
    for field, record_id in given.items():
        assert merged[field] == values[record_id][field], field
    bibliographic = ["type", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "abstract"]
    assert sorted(given) == sorted(bibliographic)


def test_every_pair_is_explained(run, three):
    pairs = {(row["record_a"], row["record_b"]): row for row in rows(run(three), "record_pair")}
    pair = pairs["a", "c"]
    assert pair["outcome"] == "duplicate"
    assert pair["rule"] == "same DOI"
    assert pair["explanation"] == "same DOI; same title; first author, year, journal, issue and page agree; same abstract"
    assert 0 <= pair["score"] <= 1
    assert all(one < other for one, other in pairs)
    assert not any("z" in pair for pair in pairs)  # plainly different pairs are left out


def test_kept_record_is_of_the_citations_arm(run, paper):
    website = {"arm": "other", "box": "website", "database": "Northumbria Council"}
    records = [
        paper("w1", first_seen=datetime(2024, 1, 1), **website),
        paper("w2", first_seen=datetime(2024, 1, 2), **website),
        paper("d1", first_seen=datetime(2024, 2, 2)),
        paper("d2", first_seen=datetime(2024, 2, 3)),
    ]
    tables = run(records)
    assert [(row["arm"], row["founder"]) for row in rows(tables, "citation")] == [("databases", "w1")]
    roles = {row["record_id"]: (row["role"], row["arm"]) for row in rows(tables, "citation_record")}
    assert roles == {
        "w1": ("duplicate", "other"), "w2": ("duplicate", "other"),
        "d1": ("kept", "databases"), "d2": ("duplicate", "databases"),
    }  # fmt: skip
    alone = run(records[:2])
    assert [row["arm"] for row in rows(alone, "citation")] == ["other"]
    assert {row["record_id"]: row["role"] for row in rows(alone, "citation_record")} == {"w1": "kept", "w2": "duplicate"}


def test_synthetic_if_any_record_is(run, paper):
    assert [row["synthetic"] for row in rows(run([paper("a"), paper("b", synthetic=True)]), "citation")] == [True]
    assert [row["synthetic"] for row in rows(run([paper("a"), paper("b")]), "citation")] == [False]


def test_no_records_give_empty_tables(run):
    assert {name: table.num_rows for name, table in run([]).items()} == dict.fromkeys(
        [
            "staging.record_pair",
            "staging.citation",
            "staging.citation_record",
            "staging.citation_field",
            "staging.citation_alias",
            "staging.citation_relation",
        ],
        0,
    )


# --- What people decide -------------------------------------------------------------------------------------------------


def test_merge_by_a_person_joins_what_has_nothing_in_common(run, groups, three, override):
    decided = [override("b", "z", "merge")]
    assert groups(three, decided) == {frozenset("abcz")}
    pair = next(row for row in rows(run(three, decided), "record_pair") if (row["record_a"], row["record_b"]) == ("b", "z"))
    assert (pair["outcome"], pair["rule"]) == ("duplicate", "merged by a person")


def test_apart_by_a_person_parts_identical_records(groups, paper, override):
    assert groups([paper("a"), paper("b")], [override("a", "b", "apart")]) == {frozenset("a"), frozenset("b")}


def test_apart_holds_against_a_chain(groups, three, override):
    found = groups(three, [override("a", "b", "apart")])
    assert not any({"a", "b"} <= group for group in found)
    assert len(found) == 3  # c stays with one of the two
    assert frozenset("c") not in found


def test_apart_holds_against_a_chain_of_peoples_merges(groups, three, override):
    decided = [override("a", "z", "merge"), override("b", "z", "merge"), override("a", "b", "apart")]
    assert not any({"a", "b"} <= group for group in groups(three, decided))


def test_latest_word_on_a_pair_holds(groups, paper, override):
    pair = [paper("a"), paper("b")]
    both = [override("a", "b", "apart", day=1), override("a", "b", "merge", day=2)]
    assert groups(pair, both) == {frozenset("ab")}
    both = [override("a", "b", "merge", day=1), override("a", "b", "apart", day=2)]
    assert groups(pair, both) == {frozenset("a"), frozenset("b")}


def test_override_of_a_record_that_is_gone_is_ignored(groups, paper, override):
    assert groups([paper("a"), paper("b")], [override("a", "gone", "merge")]) == {frozenset("ab")}


def test_persons_merge_holds_against_a_veto(groups, paper, override):
    pair = [paper("a", pmid="1", doi=None), paper("b", pmid="2", doi=None)]
    assert groups(pair) == {frozenset("a"), frozenset("b")}
    assert groups(pair, [override("a", "b", "merge")]) == {frozenset("ab")}


def test_weakest_link_of_a_wrong_chain_gives_way():
    assert divide([(1, 2, 0.9), (2, 3, 0.8)], [(1, 3, True)]) == {1: 1, 2: 1, 3: 3}
    assert divide([(2, 3, 0.9), (1, 2, 0.8)], [(1, 3, True)]) == {1: 1, 2: 2, 3: 2}


def test_persons_link_passes_a_veto_but_no_persons_barrier():
    assert divide([(1, 2, PERSON)], [(1, 2, False)]) == {1: 1, 2: 1}
    assert divide([(1, 2, PERSON)], [(1, 2, True)]) == {1: 1, 2: 2}


def test_person_joins_the_groups_that_the_rules_have_left():
    # 1 = 2 and 3 = 4 by rules, the rules keep 2 and 3 apart, a person joins 1 and 4
    links = [(1, 4, PERSON), (1, 2, 0.9), (3, 4, 0.9), (2, 3, 0.8)]
    assert divide(links, [(2, 3, False)]) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert divide(links[1:], [(2, 3, False)]) == {1: 1, 2: 1, 3: 3, 4: 3}
    assert divide(links, [(2, 3, True)]) == {1: 1, 2: 1, 3: 3, 4: 1}


# --- Determinism ----------------------------------------------------------------------------------------------------------


def crowd(paper, sparse):
    """Records with ties everywhere: the same second, the same values, chains, barriers."""
    random.seed(7)
    made = []
    for number in range(60):
        base = paper(f"r{number:03}", first_seen=datetime(2024, 1, 1 + number % 3))
        for field in random.sample(["doi", "abstract", "pages", "issue", "journal", "volume"], 3):
            base[field] = None
        if number % 4 == 0:
            base["title"] = f"Placement stability in ward {number % 8} of the county of Northumbria"
        if number % 9 == 0:
            base["doi"] = f"10.5555/other.{number}"
            base["issue"] = str(number)
        made.append(base)
    return [*made, *(sparse(f"s{number}", title="Editorial", year=2000 + number % 5) for number in range(20))]


def test_no_order_of_the_rows_changes_anything(run, paper, sparse, override):
    records = crowd(paper, sparse)
    decided = [override("r001", "r002", "apart"), override("r001", "r007", "merge"), override("r003", "s1", "merge")]
    expected = run(records, decided)
    assert 1 < expected["staging.citation"].num_rows < len(records)
    for seed in range(4):
        random.seed(seed)
        random.shuffle(records)
        random.shuffle(decided)
        again = run(records, decided)
        for name, table in expected.items():
            assert again[name].equals(table), name


def test_every_record_is_in_one_citation_with_one_kept(run, paper, sparse):
    records = crowd(paper, sparse)
    tables = run(records)
    placed = rows(tables, "citation_record")
    assert sorted(row["record_id"] for row in placed) == sorted(row["record_id"] for row in records)
    kept = [row["citation_id"] for row in placed if row["role"] == "kept"]
    assert sorted(kept) == sorted(row["citation_id"] for row in rows(tables, "citation"))
    assert len(rows(tables, "citation_alias")) == len(records) - len(kept)
