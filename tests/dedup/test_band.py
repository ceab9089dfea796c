"""The pairs that a person is asked about: few, the likeliest first, and no question twice."""

from __future__ import annotations

import hashlib

import pytest


@pytest.fixture
def unsure(run):
    """(record, record) of the pairs that a person is asked about, the likeliest first."""

    def asked(records, overrides=()):
        rows = run(records, overrides)["staging.record_pair"].to_pylist()
        rows = sorted((row for row in rows if row["outcome"] == "unsure"), key=lambda row: -row["score"])
        return [(row["record_a"], row["record_b"]) for row in rows]

    return asked


def doubtful(paper, number, **fields):
    """A paper and the same title elsewhere: perhaps one paper."""
    name = hashlib.sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    bare = {"title": f"{name[:24]} {name[24:]}", "authors": [f"{name[:8].title()}, M.", f"{name[-8:].title()}, P."]}
    one = paper(f"p{number:02}a", doi=f"10.5555/first.{number}", pages=f"{number + 10}", abstract=None, **bare)
    other = paper(f"p{number:02}b", doi=f"10.5555/second.{number}", pages=f"{number + 500}", abstract=None, **bare)
    return [one, {**other, **fields}]


def test_same_title_in_another_place_is_asked_about(paper, unsure):
    assert unsure(doubtful(paper, 1)) == [("p01a", "p01b")]


def test_one_question_in_a_hundred_records(paper, unsure):
    records = [record for number in range(100) for record in doubtful(paper, number, journal="Placement")]
    records[22:24] = doubtful(paper, 11)  # the only one in the same journal
    asked = unsure(records)
    assert len(asked) == 2
    assert asked[0] == ("p11a", "p11b")


def test_two_papers_are_asked_about_once(paper, unsure):
    one, other = doubtful(paper, 1)
    more = [{**one, "record_id": "x"}, {**other, "record_id": "y", "issue": None}]
    assert len(unsure([one, other, *more])) == 1


def test_what_a_person_has_answered_is_not_asked_again(paper, unsure, override):
    one, other = doubtful(paper, 1)
    more = [{**one, "record_id": "x"}, {**other, "record_id": "y", "issue": None}]
    assert unsure([one, other, *more], [override("x", "y", "apart")]) == []
    assert unsure([one, other, *more], [override("x", "y", "merge")]) == []


def test_link_that_gave_way_is_asked_about(paper, run):
    a = paper("a", doi="10.5555/one.1", issue="1", pages=None, abstract=None)
    b = paper("b", doi="10.5555/two.2", issue="2", pages=None, abstract=None)
    middle = paper("m", doi=None, issue=None, pages=None, abstract=None)
    pairs = {(row["record_a"], row["record_b"]): row for row in run([a, b, middle])["staging.record_pair"].to_pylist()}
    assert sorted(pairs[pair]["outcome"] for pair in (("a", "m"), ("b", "m"))) == ["duplicate", "unsure"]
    (gave_way,) = [row for row in pairs.values() if row["rule"] == "gave way to a stronger link"]
    assert gave_way["outcome"] == "unsure"
    assert pairs["a", "b"]["outcome"] == "different"


def test_records_that_a_third_one_joins_are_no_question(paper, run):
    place = {"volume": None, "issue": None, "abstract": None}
    records = [paper("a", pages=None, **place), paper("b", doi=None, year=2016, **place), paper("m", abstract=None)]
    pairs = {(row["record_a"], row["record_b"]): row for row in run(records)["staging.record_pair"].to_pylist()}
    assert {row["outcome"] for row in pairs.values()} == {"duplicate"}
    assert pairs["a", "b"]["rule"] == "one paper with a third record"
