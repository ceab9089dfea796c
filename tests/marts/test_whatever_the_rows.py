"""What holds for any review: the map is what its rule says in plain words, the laws of PRISMA, one answer for one input."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import product
from typing import Any

import pyarrow as pa
import pytest

from tasks.marts.build import marts
from tests.marts.case import REVIEW
from tests.marts.world import CODES, GROUPED, NOT_APPLICABLE, VIEWS, code, wider, world
from warehouse.files import parquet_bytes

Rows = list[dict[str, Any]]
Groups = dict[int, set[tuple[str, str]]]
WIDER = {(name, code(name, n)): wider(name, n) for name, size in CODES.items() for n in range(size)}


@pytest.fixture(scope="module", params=[1, 2])
def given(request: pytest.FixtureRequest) -> dict[str, pa.Table]:
    return world(400, seed=request.param)


@pytest.fixture(scope="module")
def made(given: dict[str, pa.Table]) -> dict[str, Rows]:
    return {name: data.to_pylist() for name, data in marts(given, REVIEW).items()}


@pytest.mark.fault(4)
def test_shuffled_rows_give_the_same_bytes() -> None:
    given = world(3000, seed=3)
    chance = random.Random(4)
    once = {name: parquet_bytes(data) for name, data in marts(given, REVIEW).items()}
    for _ in range(3):
        shuffled = {name: data.take(_shuffled(chance, data.num_rows)) for name, data in given.items()}
        again = {name: parquet_bytes(data) for name, data in marts(shuffled, REVIEW).items()}
        assert [name for name in once if once[name] != again[name]] == []


def _shuffled(chance: random.Random, rows: int) -> pa.Array:
    return pa.array(chance.sample(range(rows), rows), pa.int64())


def test_every_cell_is_what_the_rule_says(given: dict[str, pa.Table], made: dict[str, Rows]) -> None:
    """For each cell: each study of which some group has every code of the cell, itself or through the study as a whole.

    Who has a code has those that it is within; who has a wider code and nothing within that may have any within it.
    """
    kind = {row["study_id"]: row["kind"] for row in made["marts.study"] if row["mapped"]}
    held: dict[str, Groups] = defaultdict(lambda: defaultdict(set))
    for row in given["staging.study_coding"].to_pylist():
        name = row["dimension"]
        for one in (row["code"], *WIDER[name, row["code"]]):
            held[row["study_id"]][row["group"]].add((name, one))
    cells = {(row["view"], row["cell"]): row for row in made["marts.evidence_map"]}
    for view, names in VIEWS.items():
        codes = [[(name, code(name, n)) for n in range(CODES[name])] for name in names]
        for number, cell in enumerate(product(*codes), 1):
            row = cells.pop((view, number))
            assert tuple((row[f"dimension_{n}"], row[f"code_{n}"]) for n in range(1, len(names) + 1)) == cell
            inside = {one: _tied(held[one], cell) for one in kind if _inside(held[one], cell)}
            of = [kind[one] for one in inside]
            assert (row["studies"], row["reviews"], row["ongoing"]) == tuple(map(of.count, ("primary", "review", "ongoing")))
            assert row["ungrouped"] == sum(not tied for tied in inside.values())
            may_be = {one for one in kind if one not in inside and _maybe_inside(held[one], cell)}
            assert row["unspecified"] == len(may_be)
            why = next((why for why, codes in NOT_APPLICABLE.items() if set(codes.items()) <= _with_wider(cell)), None)
            assert row["not_applicable"] == why
            assert (row["empty"] is None) == bool(inside)
            assert (row["empty"] == "not_applicable") == (not inside and why is not None)
            assert [row[f"depth_{n}"] for n in range(1, len(names) + 1)] == [len(WIDER[one]) for one in cell]
    assert not cells


def _with_wider(cell: tuple[tuple[str, str], ...]) -> set[tuple[str, str]]:
    return {(name, said) for name, one in cell for said in (one, *WIDER[name, one])}


def _inside(groups: Groups, cell: tuple[tuple[str, str], ...]) -> bool:
    return any(set(cell) <= (codes | groups.get(0, set())) for codes in list(groups.values()))


def _maybe_inside(groups: Groups, cell: tuple[tuple[str, str], ...]) -> bool:
    def may_have(codes: set[tuple[str, str]], name: str, wanted: str) -> bool:
        known = [wide for wide in WIDER[name, wanted] if (name, wide) in codes]
        return bool(known) and not any(of == name and known[-1] in WIDER[of, one] for of, one in codes)

    return any(
        all(one in codes or may_have(codes, *one) for one in cell)
        for codes in (of_group | groups.get(0, set()) for of_group in list(groups.values()))
    )


def _tied(groups: Groups, cell: tuple[tuple[str, str], ...]) -> bool:
    could = {code for code in cell if code[0] in GROUPED}
    whole = groups.get(0, set())
    return len(could) < 2 or any(group and set(cell) <= codes | whole and could & codes for group, codes in groups.items())


def test_a_study_counts_once_at_each_wider_code(given: dict[str, pa.Table], made: dict[str, Rows]) -> None:
    """The number of a wider code is that of the studies with it or any within it: fewer than these codes were given."""
    mapped = {row["study_id"] for row in made["marts.study"] if row["mapped"]}
    coded = [row for row in given["staging.study_coding"].to_pylist() if row["study_id"] in mapped]
    within = {one for (name, one), above in WIDER.items() if name == "theme" and "theme-9" in above}
    assert within == {"theme-8", "theme-7", "theme-6"}
    given_there = {(row["study_id"], row["code"]) for row in coded if row["code"] in {"theme-9", *within}}
    found = {row["theme"]: row["all_kinds"] for row in made["marts.theme"]}
    assert found["theme-9"] == len({study for study, _ in given_there}) < len(given_there)
    rows = [row for row in made["marts.study_code"] if row["code"] == "theme-9"]
    assert {row["study_id"] for row in rows if not row["implied"]} == {
        row["study_id"] for row in coded if row["code"] == "theme-9"
    }


def test_gaps_are_cells_of_the_map(made: dict[str, Rows]) -> None:
    cells = {(row["view"], row["cell"]): row for row in made["marts.evidence_map"]}
    gaps = {(row["view"], row["cell"]): row["kind"] for row in made["marts.gap"]}
    assert gaps
    for key, cell in cells.items():
        missing = cell["empty"] and not cell["not_applicable"]
        kind = "absolute" if missing else "synthesis" if cell["studies"] and not cell["reviews"] else None
        assert gaps.get(key) == kind


def test_the_laws_of_prisma(made: dict[str, Rows]) -> None:
    n = {(row["arm"], row["box"], row["detail"]): row["n"] for row in made["marts.prisma_flow"]}
    for arm in ("databases", "other"):
        box = {name: value for (of, name, detail), value in n.items() if of == arm and not detail}
        assert box["identified"] == sum(
            box[name] for name in ("duplicates", "automation", "removed_other", "screened", "awaiting_screening")
        )
        assert box["screened"] == box["excluded"] + box["sought"]
        assert box["sought"] == box["not_retrieved"] + box["assessed"] + box["awaiting_retrieval"]
        ends = ("report_excluded", "included", "awaiting_decision", "awaiting_classification", "ongoing")
        assert box["assessed"] == sum(box[name] for name in ends)
        for whole in ("identified", "report_excluded"):
            assert box[whole] == sum(value for (of, name, detail), value in n.items() if (of, name) == (arm, whole) and detail)
    both = {name: value for (arm, name, _), value in n.items() if arm == "both"}
    assert (
        both["studies"]
        == n["databases", "included", ""] + n["other", "included", ""]
        == both["mapped"] + both["awaiting_coding"]
    )


def test_positions_of_the_diagram_are_one_row_each(made: dict[str, Rows]) -> None:
    positions = sorted(row["position"] for row in made["marts.prisma_flow"])
    assert positions == list(range(1, len(positions) + 1))


def test_kappa_is_that_of_a_plain_computation(given: dict[str, pa.Table], made: dict[str, Rows]) -> None:
    pairs: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for row in given["staging.agreement_pair"].to_pylist():
        votes = {row["reviewer_a"]: row["include_a"], row["reviewer_b"]: row["include_b"]}
        one, other = sorted(votes)
        pairs[one, other].append((votes[one], votes[other]))
    total = sum(map(len, pairs.values()))
    observed = sum(a == b for votes in pairs.values() for a, b in votes) / total
    expected = 0.0
    for votes in pairs.values():
        a, b = (sum(vote[who] for vote in votes) / len(votes) for who in (0, 1))
        expected += (a * b + (1 - a) * (1 - b)) * len(votes) / total
    (row,) = made["marts.agreement"]
    assert row["n"] == total
    assert [row["observed"], row["expected"], row["kappa"]] == pytest.approx(
        [observed, expected, (observed - expected) / (1 - expected)], abs=1e-6
    )
