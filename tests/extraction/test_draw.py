"""The draw of the double-coded sample."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import pytest

from tasks.extraction.draw import portion, quotas


def papers(start: int, stop: int) -> dict[str, list[str]]:
    return {f"c{number:03}": [f"r{number:03}"] for number in range(start, stop)}


def test_share_is_rounded_up_once_a_batch(new_world: Any) -> None:
    for share, count, doubled in ((0.1, 30, 3), (0.1, 31, 4), (0.1, 1, 1), (0, 9, 0), (1, 9, 9), (0.25, 10, 3)):
        world = new_world(papers(0, count), extraction={"double_share": share})
        drawn = world.draw()
        assert (len(drawn), sum(drawn.values())) == (count, doubled), share


def test_only_included_studies_are_drawn(new_world: Any) -> None:
    world = new_world(papers(0, 3), elsewhere={"c001": "awaiting_decision"})
    assert set(world.draw()) == {"c000", "c002"}


def test_draw_hangs_on_the_seed_alone(new_world: Any) -> None:
    def sample(seed: int, order: int) -> set[str]:
        world = new_world(dict(list(papers(0, 40).items())[::order]), extraction={"double_share": 0.5, "seed": seed})
        return {name for name, double in world.draw().items() if double}

    assert sample(1, 1) == sample(1, -1)
    assert sample(1, 1) != sample(2, 1)


def test_draw_grows_without_changing(new_world: Any) -> None:
    world = new_world(papers(0, 20), extraction={"double_share": 0.2})
    first = world.draw()
    assert world.draw() == {}
    world.papers |= papers(20, 35)
    second = world.draw()
    assert set(second) == set(papers(20, 35))
    assert sum(second.values()) == 3
    batches = {row["citation_id"]: row["batch"] for row in world.logs["log.draw"]}
    assert {batches[name] for name in first} == {1}
    assert {batches[name] for name in second} == {2}


def test_a_merged_study_is_not_drawn_again_and_a_part_split_off_is(new_world: Any) -> None:
    world = new_world({"c1": ["r1"], "c2": ["r2"]}, extraction={"double_share": 0.5})
    world.draw()
    world.merge("c1", "c2")
    assert world.draw() == {}
    world = new_world({"c1": ["r1", "r2"]})
    world.draw()
    world.papers = {"c1": ["r1"], "c2": ["r2"]}
    assert set(world.draw()) == {"c2"}


@pytest.mark.parametrize(
    ("by", "described", "stratum"),
    [
        ("none", {"year": 2012}, "all"),
        ("year", {"year": 2012}, "2010-2014"),
        ("year", {"year": 2015}, "2015-2019"),
        ("year", {"year": None}, "no year"),
        ("type", {"type": "report"}, "report"),
        ("type", {"type": None}, "no type"),
    ],
)
def test_strata(new_world: Any, by: str, described: dict[str, Any], stratum: str) -> None:
    world = new_world({"c1": ["r1"]}, extraction={"stratify_by": by}, described={"c1": described})
    world.draw()
    assert [row["stratum"] for row in world.logs["log.draw"]] == [stratum]


def test_each_stratum_has_its_share(new_world: Any) -> None:
    described = {name: {"year": 2000 if number < 20 else 2010} for number, name in enumerate(papers(0, 30))}
    world = new_world(papers(0, 30), extraction={"stratify_by": "year", "double_share": 0.2}, described=described)
    doubled = [described[name]["year"] for name, double in world.draw().items() if double]
    assert (doubled.count(2000), doubled.count(2010)) == (4, 2)


@pytest.mark.parametrize("sizes", [{"a": 1, "b": 1, "c": 1, "d": 97}, {"a": 3, "b": 3, "c": 3}, {"a": 50}, {}])
@pytest.mark.parametrize("share", [0, 0.1, 0.37, 1])
def test_quotas_add_up_and_fit_their_strata(sizes: dict[str, int], share: float) -> None:
    total = sum(sizes.values())
    wanted = portion(share, total)
    given = quotas(sizes, wanted, "1")
    assert wanted == ceil(Fraction(str(share)) * total)
    assert sum(given.values()) == wanted
    assert all(abs(given[name] - wanted * size / total) < 1 and given[name] <= size for name, size in sizes.items())
