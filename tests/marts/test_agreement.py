"""Agreement between reviewers, against published examples and what other libraries found."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import example, settings
from hypothesis import given as whatever
from hypothesis import strategies as st

from tasks.marts.build import SQL
from tests.marts.case import given, of_rows
from warehouse.engine import Engine
from warehouse.tables.catalogue import table

NORMAL_95 = 1.959963984540054
Votes = list[dict[str, bool]]  # of each citation: who would include it


def agreement(votes: Votes, screening: list[dict[str, Any]] = ()) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # type: ignore[assignment]
    """Rows of marts.agreement_of_pair and marts.agreement, where the two of a citation are the first two who voted on it."""
    pairs = []
    for number, vote in enumerate(votes):
        if len(vote) > 1:
            a, b = sorted(list(vote)[:2])
            pairs.append({
                "citation_id": f"c{number:05}", "stage": "title_abstract", "round": 1, "reviewer_a": a, "reviewer_b": b,
                "include_a": vote[a], "include_b": vote[b], "voters": len(vote), "includers": sum(vote.values()),
            })  # fmt: skip
    tables = given("") | {
        "staging.agreement_pair": of_rows(table("staging.agreement_pair"), pairs),
        "staging.screening": of_rows(table("staging.screening"), list(screening)),
    }
    with Engine(tables) as db:
        made = []
        for name in ("agreement_of_pair", "agreement"):
            data = db.produce(f"marts.{name}", SQL / f"{name}.sql", review="demo", normal_95=NORMAL_95)
            made.append(db.keep(f"marts.{name}", data).to_pylist())
    return made[0], made[1]


def two(both: int, only_ann: int, only_bob: int, neither: int) -> Votes:
    """Votes of two people, from the four fields."""
    fields = [(True, True, both), (True, False, only_ann), (False, True, only_bob), (False, False, neither)]
    return [{"ann": ann, "bob": bob} for ann, bob, n in fields for _ in range(n)]


# kappa and its interval by statsmodels 0.15.0 (cohens_kappa); AC1 by irrCAC 0.4.4 where it is not published
@pytest.mark.parametrize(
    ("fields", "kappa", "low", "high", "ac1"),
    [
        ((20, 5, 10, 15), 0.4, 0.151092290476661, 0.6489077095233389, None),
        ((412, 37, 88, 9463), 0.8617409578586445, 0.8378537983391642, 0.8856281173781247, 0.98625774109),
        # Gwet's example of a high agreement that kappa does not see: 0.9408 (Gwet 2002)
        ((118, 5, 2, 0), -0.02339181286549608, -0.04747341343107997, 0.0006897877000878114, (0.944 - 0.054432) / 0.945568),
    ],
)
def test_two_reviewers_as_other_libraries_have_them(fields, kappa, low, high, ac1):
    pairs, pooled = agreement(two(*fields))
    for row in (*pairs, *pooled):
        assert [row["kappa"], row["kappa_low"], row["kappa_high"]] == pytest.approx([kappa, low, high], abs=1e-9)
        assert row["pabak"] == pytest.approx(2 * (fields[0] + fields[3]) / sum(fields) - 1, abs=1e-9)
        if ac1 is not None:
            assert row["ac1"] == pytest.approx(ac1, abs=1e-9)


def test_alpha_of_krippendorffs_own_example():
    meg, owen = "0100000010", "1110010000"
    votes = [{"meg": a == "1", "owen": b == "1"} for a, b in zip(meg, owen, strict=True)]
    (row,) = agreement(votes)[1]
    assert row["alpha"] == pytest.approx(1 - 19 * 4 / (14 * 6), abs=1e-12)  # 0.095 in the paper (section A)


UNITS = (
    "11- 000 101 00- -01 0-0 010 -01 011 -10 110 110 001 --1 --1 111 101 -1- 100 -11 1-- 001 11- -00 1-0 01- 1-1 0-1 10- 011 "
    "11- --0 1-- 11- 1-1 -11 011 110 -11 101 -11 10- --- -0- -01 01- 101 000 101 001 -11 11- 00- --- 101 011 -10 111 010 111"
)


def test_alpha_of_three_reviewers_of_whom_some_did_not_vote():
    votes = [{who: vote == "1" for who, vote in zip("abc", unit, strict=True) if vote != "-"} for unit in UNITS.split()]
    (row,) = agreement(votes)[1]
    assert row["alpha"] == pytest.approx(0.013157894736842035, abs=1e-9)  # krippendorff 0.9.0, nominal


def test_what_is_undefined_is_null_and_says_why():
    pairs, (row,) = agreement(two(7, 0, 0, 0))
    assert row["kappa"] is row["kappa_low"] is row["alpha"] is pairs[0]["kappa"] is None
    assert row["undefined"] == pairs[0]["undefined"] == "both reviewers always gave the same answer"
    assert row["alpha_undefined"] == "all votes are the same"
    assert (row["observed"], row["pabak"], row["ac1"]) == (1, 1, 1)


def test_imported_decisions_are_counted_and_agree_with_nobody():
    listed = [
        {"citation_id": f"c{n}", "stage": "full_text", "round": 1, "state": "decided", "basis": basis, "votes": 0}
        for n, basis in enumerate(["outcome", "outcome", "votes"])
    ]
    (row,) = agreement([], listed)[1]
    assert (row["stage"], row["round"], row["n"], row["voters_unknown"]) == ("full_text", 1, 0, 2)
    assert row["kappa"] is row["observed"] is row["ac1"] is None
    assert row["undefined"] == row["alpha_undefined"] == "voters were not exported"


VOTES = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.booleans(), min_size=1, max_size=4), min_size=2, max_size=40
)  # fmt: skip


def by_coincidences(votes: Votes) -> float | None:
    """Alpha from the definition: observed over expected disagreement of pairable values."""
    units = [list(vote.values()) for vote in votes if len(vote) > 1]
    values = [value for unit in units for value in unit]
    observed = sum(sum(a != b for a, b in combinations(unit, 2)) * 2 / (len(unit) - 1) for unit in units) / max(1, len(values))
    pairs = len(values) * (len(values) - 1)
    expected = sum(a != b for a, b in combinations(values, 2)) * 2 / max(1, pairs)
    return 1 - observed / expected if expected else None


@settings(max_examples=25, deadline=None)
@whatever(VOTES)
@example(votes=[*[{"a": False, "b": True}] * 4, {"a": True, "b": True}])  # the standard error is zero
def test_whoever_votes_whatever(votes):
    pairs, pooled = agreement(votes)
    if not any(len(vote) > 1 for vote in votes):
        assert pairs == pooled == []
        return
    (row,) = pooled
    assert row["alpha"] == pytest.approx(by_coincidences(votes), abs=1e-9)
    assert row["n"] == sum(pair["n"] for pair in pairs) == row["both_include"] + row["both_exclude"] + row["split"]
    # to call inclusions exclusions, or the reviewers by other names, changes no figure
    figures = ("observed", "expected", "kappa", "kappa_low", "kappa_high", "pabak", "ac1", "alpha")
    for other in (
        [{who: not vote for who, vote in one.items()} for one in votes],
        [{chr(ord("z") - ord(who) + ord("a")): vote for who, vote in one.items()} for one in votes],
    ):
        (again,) = agreement(other)[1]
        assert [again[name] for name in figures] == pytest.approx([row[name] for name in figures], abs=1e-9)
    for pair in pairs:
        if pair["kappa"] is not None:
            assert -1 <= pair["kappa_low"] <= pair["kappa"] <= pair["kappa_high"] <= 1
            assert pair["only_a"] + pair["only_b"] > 0 or pair["kappa"] == 1
