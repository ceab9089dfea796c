"""Every fault of the table has a test that shows it, or a sentence why not; docs/reliability.md says so."""

import pytest

from tests.faults.table import PAGE, faults, page, shown

FAULTS = {one.number: one for one in faults()}


def test_numbers_count_up_and_no_mark_names_another():
    assert list(FAULTS) == list(range(1, len(FAULTS) + 1))
    tests, _ = shown()
    assert tests.keys() <= FAULTS.keys(), "a test is marked with a number that the table does not have"


@pytest.mark.parametrize("number", FAULTS)
def test_each_fault_has_a_test_or_a_reason(number):
    one, (tests, texts) = FAULTS[number], shown()
    assert bool(tests.get(number)) != bool(one.untested), f"{one.fault}: give it a marked test, or say in `untested` why none"
    there = set().union(*(texts[test.path] for test in tests.get(number, ())))
    assert set(one.cases) <= there, f"{one.fault}: no marked test has such parameters"


def test_the_page_is_that_of_the_marks():
    assert PAGE.read_text(encoding="utf-8") == page(), "make reliability"


def test_a_mark_is_found_wherever_a_test_has_it_and_slow_proofs_are_told():
    names = {one.name: one for tests in shown()[0].values() for one in tests}
    assert names["test_killed_at_two_hundred_random_moments"].slow
    assert not names["test_an_attempt_ends_in_time"].slow
    assert "test_no_key_is_in_any_file_or_in_the_database_of_prefect" in names
