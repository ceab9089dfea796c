"""Who screens a citation, in turns: what the protocol says of pairs and shares, as slots that a citation's hash picks one of.

Each slot names the people who are asked, first to last. How many slots name somebody is that person's share of the work. Where
the protocol says nothing there are no slots, and `assign.sql` goes round the reviewers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pyarrow as pa

from warehouse.configuration.protocol import ScreeningRules
from warehouse.review import Review

_RULE = pa.schema(
    [
        *((name, pa.string()) for name in ("stage", "conflicts", "tool")),
        *((name, pa.int64()) for name in ("needed", "pilot", "slots")),
    ]
)
_IDLE = pa.schema([("stage", pa.string()), ("reviewer", pa.string())])
_PARTNER = _IDLE.append(pa.field("partner", pa.string()))
_TURN = _IDLE.append(pa.field("slot", pa.int64())).append(pa.field("turn", pa.int64()))


def slots(rules: ScreeningRules, present: Sequence[str]) -> list[tuple[str, ...]]:
    """The slots of a stage. A pair keeps its own though one of the two is away: somebody else then stands in for that one."""
    if rules.pairs:
        return [pair for pair in rules.pairs for _ in range(rules.share_of(pair))]
    if not rules.shares:
        return []
    found = []
    for number in range(len(present)):
        circle = [one for one in _mixed(present, number) for _ in range(2 * rules.shares.get(one, 1))]
        away = (
            len(circle) // rules.reviewers
        )  # two places at half a circle's distance: each is as often there as it has a share
        found += [
            tuple(circle[(at + away * seat) % len(circle)] for seat in range(rules.reviewers)) for at in range(len(circle))
        ]
    return found


def tables(review: Review) -> dict[str, pa.Table]:
    """staging.person, and by stage staging.rule, turn, partner and idle: rules, slots, who goes with whom, who has no share."""
    stages, present = review.protocol.screening.stages, review.protocol.with_role("reviewer")
    found = {stage: slots(rules, present) for stage, rules in stages.items()}
    rule = [
        {
            "stage": stage,
            "needed": rules.reviewers,
            "conflicts": rules.conflicts,
            "pilot": rules.pilot,
            "tool": getattr(rules, "tool", None),
            "slots": max(1, len(found[stage])),
        }
        for stage, rules in stages.items()
    ]
    turn = [
        {"stage": stage, "slot": slot, "reviewer": one, "turn": at}
        for stage, listed in found.items()
        for slot, people in enumerate(listed)
        for at, one in enumerate(dict.fromkeys(people))
    ]
    partner = [
        {"stage": stage, "reviewer": one, "partner": other}
        for stage, rules in stages.items()
        for pair in rules.pairs
        for one, other in (pair, pair[::-1])
    ]
    idle = [
        {"stage": stage, "reviewer": one}
        for stage, rules in stages.items()
        for one, share in rules.shares.items()
        if share == 0
    ]
    return {
        "staging.person": _people(review),
        "staging.rule": pa.Table.from_pylist(rule, schema=_RULE),
        "staging.turn": pa.Table.from_pylist(turn, schema=_TURN),
        "staging.partner": pa.Table.from_pylist(partner, schema=_PARTNER),
        "staging.idle": pa.Table.from_pylist(idle, schema=_IDLE),
    }


def _mixed(people: Sequence[str], number: int) -> list[str]:
    """Another order for each number, so that everybody comes to work with everybody."""
    return sorted(people, key=lambda one: (hashlib.sha256(f"{number} {one}".encode()).digest(), one))


def _people(review: Review) -> pa.Table:
    shape = pa.schema(
        [("reviewer", pa.string()), ("position", pa.int64())]
        + [(f"is_{role}", pa.bool_()) for role in ("reviewer", "adjudicator", "librarian")]
    )
    people = [
        {"reviewer": person.id, "position": position} | {f"is_{role}": True for role in person.roles}
        for position, person in enumerate(review.protocol.people)
    ]
    return pa.Table.from_pylist([{name: one.get(name, False) for name in shape.names} for one in people], schema=shape)
