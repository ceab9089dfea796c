"""Groups of records that are one paper: connected components of the links, cut where two records must stay apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from warehouse.engine import Engine

SQL = Path(__file__).parent

PERSON = 3.0
"""The force of a person's word (links.sql): vetoes of the rules do not hold against it."""


def cluster(engine: Engine) -> None:
    """Leaves the table ``membership`` (n, founder) in ``engine``, from its tables ``form``, ``link`` and ``barrier``.

    Components are found by label propagation with pointer jumping, so the number of steps grows with the logarithm of the
    longest chain. Only groups that hold a barrier are taken up in Python.
    """
    engine.run(SQL / "spread_start.sql")
    while engine.rows(SQL / "spread_step.sql")[0]["changed"]:
        engine.run(SQL / "spread_accept.sql")
    barriers = [(_n(row["a"]), _n(row["b"]), bool(row["by_person"])) for row in engine.rows(SQL / "barriers.sql")]
    if barriers:
        links = [(_n(row["a"]), _n(row["b"]), _force(row["force"])) for row in engine.rows(SQL / "divided.sql")]
        founders = divide(links, barriers)
        engine.run(SQL / "divide.sql", ns=list(founders), founders=list(founders.values()))


def divide(links: Iterable[tuple[int, int, float]], barriers: Iterable[tuple[int, int, bool]]) -> dict[int, int]:
    """The founder of each linked record, such that no group holds two records with a barrier between them.

    Links are tried in the order given, strongest first, as in Kruskal's algorithm: a link that would bring two records with a
    barrier into one group is left out, so the weakest link of a wrong chain gives way. A barrier of the rules gives way to a
    link made by a person; a barrier made by a person gives way to nothing.
    """
    group: dict[int, int] = {}
    members: dict[int, set[int]] = {}
    by_person: defaultdict[int, set[int]] = defaultdict(set)
    by_rule: defaultdict[int, set[int]] = defaultdict(set)
    for a, b, personal in barriers:
        walls = by_person if personal else by_rule
        walls[a].add(b)
        walls[b].add(a)
    for a, b, force in links:
        for record in (a, b):
            if record not in group:
                group[record] = record
                members[record] = {record}
        one, other = sorted((group[a], group[b]), key=lambda name: (len(members[name]), name))
        if one == other:
            continue
        walls_kept = (by_person,) if force >= PERSON else (by_person, by_rule)
        if any(walls[record] & members[other] for walls in walls_kept for record in members[one]):
            continue
        members[other] |= members.pop(one)
        for record in members[other]:
            group[record] = other
    return {record: min(members[name]) for record, name in sorted(group.items())}


def _n(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a record number, not {value!r}")
    return value


def _force(value: object) -> float:
    return float(str(value))
