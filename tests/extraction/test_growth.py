"""The double-coded sample grows where two coders agree too little."""

from __future__ import annotations

from typing import Any

from tasks.extraction.growth import too_little

RULE = {"double_share": 0.2, "agreement": {"least": 0.8, "studies": 2, "adds": 0.3}}
PAPERS = {f"c{number}": [f"r{number}"] for number in range(10)}
ONE = {0: {"kind": "trial"}, 1: {"theme": "mentors"}}
OTHER = {0: {"kind": "trial"}, 1: {"theme": "courts"}}


def sampled(new_world: Any, other: dict[int, dict[str, str]] = OTHER, **rule: Any) -> tuple[Any, list[str]]:
    """A world of ten studies whose double sample two people have coded, the second as ``other``; and the sample."""
    world = new_world(dict(PAPERS), extraction=RULE | rule)
    sample = [name for name, double in world.draw().items() if double]
    for name in sample:
        world.coded("ann", name, ONE)
        world.coded("bob", name, other)
    return world, sample


def test_it_grows_by_the_share_of_all_that_were_drawn(new_world: Any) -> None:
    world, sample = sampled(new_world)
    [low] = too_little(world.tables(), world.review).to_pylist()
    assert (low["dimension"], low["studies"], low["same"], low["observed"]) == ("theme", 2, 0, 0.0)
    more = world.draw()
    assert len(more) == 3
    assert all(more.values())
    assert not set(more) & set(sample)
    rows = [row for row in world.stand()["staging.draw"].to_pylist() if row["double"]]
    assert {row["citation_id"] for row in rows} == set(more) | set(sample)
    assert {row["batch"] for row in rows} == {1, 2}


def test_it_waits_until_the_sample_is_coded(new_world: Any) -> None:
    world, _ = sampled(new_world)
    first = world.draw()
    assert world.draw() == {}
    for name in first:
        world.coded("ann", name, ONE)
        assert world.draw() == {}
        world.coded("bob", name, OTHER)
    assert len(world.draw()) == 3  # they still differ


def test_it_stops_where_they_agree_or_too_few_are_coded_or_nothing_is_asked_for(new_world: Any) -> None:
    for world, _ in (
        sampled(new_world, ONE),
        sampled(new_world, agreement={"least": 0.8, "studies": 3}),
        sampled(new_world, agreement=None),
    ):
        assert world.draw() == {}


def test_what_a_second_person_has_seen_stays_as_it_is(new_world: Any) -> None:
    world, sample = sampled(new_world, agreement={"least": 0.8, "studies": 2, "adds": 1.0})
    seen, told, settling, alone, *_ = (name for name in PAPERS if name not in sample)
    for name in (seen, told, settling, alone):
        world.coded("ann", name, ONE)
    world.verified("bob", seen, "ann")
    for name, task in ((told, "verification"), (settling, "appraisal_reconciliation")):
        world.add("log.worklist", name, worklist_id="w", task=task, reviewer="bob", round=1, position=1)
    assert set(world.draw()) == set(PAPERS) - set(sample) - {seen, told, settling}
    world.send()
    asked = {(row["citation_id"], row["reviewer"]) for row in world.logs["log.worklist"] if row["task"] == "coding"}
    assert [who for name, who in asked if name == alone and who != "ann"], "a second person codes it alone"
    assert world.state(seen) == "verified"


def test_the_next_by_lot_are_taken_from_each_stratum(new_world: Any) -> None:
    described = {name: {"year": 2000 if number < 5 else 2010} for number, name in enumerate(PAPERS)}
    found = []
    for adds in (0.4, 0.6):
        world = new_world(
            dict(PAPERS), extraction=RULE | {"stratify_by": "year", "agreement": {"least": 1, "studies": 1, "adds": adds}},
            described=described,
        )  # fmt: skip
        for name in [name for name, double in world.draw().items() if double]:
            world.coded("ann", name, ONE)
            world.coded("bob", name, OTHER)
        found.append(set(world.draw()))
    assert found[0] < found[1]
    years = [described[name]["year"] for name in found[0]]
    assert (years.count(2000), years.count(2010)) == (2, 2)


def test_new_studies_are_drawn_beside_what_is_added(new_world: Any) -> None:
    world, _ = sampled(new_world)
    world.papers |= {f"d{number}": [f"s{number}"] for number in range(5)}
    drawn = world.draw()
    new = {name: double for name, double in drawn.items() if name.startswith("d")}
    assert (len(new), sum(new.values()), len(drawn) - len(new)) == (5, 1, 3)
    assert {row["batch"] for row in world.logs["log.draw"]} == {1, 2, 3}
