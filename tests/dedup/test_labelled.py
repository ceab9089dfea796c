"""The quality that docs/dedup.md promises, on small labelled sets. They may not be redistributed: they lie beside it."""

from __future__ import annotations

import pytest

from benchmarks.dedup import by_pair, by_record, measure
from tests.shared import shared


@pytest.mark.parametrize(
    ("name", "most_false", "least_f1", "least_pairs"), [("diabetes", 0, 0.999, 0.996), ("stroke", 0, 0.996, 0.997)]
)
def test_small_labelled_sets(name, most_false, least_f1, least_pairs):
    labelled = shared(f"labelled/{name}.csv.gz").parent
    found = measure(labelled, name)
    assert found.record.false <= most_false
    assert found.record.f1 >= least_f1
    assert found.pair.f1 >= least_pairs
    assert found.unsure * 100 <= found.records
    assert found.then.missed * 2 <= found.record.missed or found.record.missed <= 1


def test_measures_by_hand():
    truth = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "3"}
    predicted = {"a": "x", "b": "x", "c": "y", "d": "x", "e": "z"}
    record = by_record(predicted, truth)
    assert (record.true, record.false, record.missed) == (1, 1, 1)
    pair = by_pair(predicted, truth)
    assert (pair.true, pair.false, pair.missed) == (1, 2, 2)
