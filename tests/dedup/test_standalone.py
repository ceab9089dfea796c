"""De-duplication of plain files: one row out for each row in, in order."""

from __future__ import annotations

from tasks.dedup.standalone import clusters
from tasks.formats.reference import Reference

KIN = Reference(
    0,
    1,
    title="Kinship navigator programmes in Northumbria: a cohort study",
    authors=("Harrowgate, M.",),
    year=2014,
    doi="10.5555/k.1",
)
RESPITE = Reference(
    0, 1, title="Respite care for foster families in three counties", authors=("Quillon, B.",), year=2011, doi="10.5555/r.2"
)
SPARSE = Reference(0, 1, title="Poster")


def test_rows_come_out_in_the_order_of_the_input():
    found = clusters([("9", "a.ris", RESPITE), ("1", "a.ris", KIN), ("5", "b.ris", RESPITE), ("0", "b.ris", KIN)])
    assert found["record_id"].to_pylist() == ["9", "1", "5", "0"]
    first, second, third, fourth = found["citation_id"].to_pylist()
    assert (first, second) == (third, fourth)
    assert first != second


def test_identical_rows_without_ids_each_come_out():
    found = clusters([(None, "a.ris", SPARSE), (None, "a.ris", SPARSE), (None, "b.ris", SPARSE)])
    assert found["record_id"].to_pylist() == ["a.ris:1", "a.ris:2", "b.ris:1"]
    assert len(set(found["citation_id"].to_pylist())) == 1


def test_own_ids_that_repeat_across_files_are_not_mixed_up():
    found = clusters([("1", "a.ris", KIN), ("1", "b.ris", RESPITE), ("1", "c.ris", KIN)])
    assert found["record_id"].to_pylist() == ["1", "1", "1"]
    first, second, third = found["citation_id"].to_pylist()
    assert first == third != second


def test_invented_names_never_meet_ids_of_the_input():
    found = clusters([("a.ris:2", "a.ris", KIN), (None, "a.ris", RESPITE), ("a.ris:2#1", "a.ris", SPARSE)])
    assert found["record_id"].to_pylist() == ["a.ris:2", "a.ris:2", "a.ris:2#1"]
    assert len(set(found["citation_id"].to_pylist())) == 3


def test_nothing_in_nothing_out():
    assert clusters([]).num_rows == 0
