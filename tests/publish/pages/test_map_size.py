"""How many bytes a map of 200 studies, and one of 5,000, may have; `make bench` measures the times."""

from __future__ import annotations

import pytest

from benchmarks.map import TARGETS, made


@pytest.mark.fault(60)
@pytest.mark.parametrize("studies", TARGETS)
def test_a_map_is_small(studies: int) -> None:
    most, *_ = TARGETS[studies]
    page = made(studies)
    assert page.count("<li id=") >= 0.9 * studies
    assert len(page.encode()) < most
