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
    """Leaves the table ``membership`` (n, founder) in ``engine``, from its tables ``trait``, ``link`` and ``barrier``.

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
    engine.run(SQL / "spread_rest.sql")


def divide(links: Iterable[tuple[int, int, float]], barriers: Iterable[tuple[int, int, bool]]) -> dict[int, int]:
    """The founder of each linked record, such that no group holds two records with a barrier between them.

    Links are tried in the order given, strongest first, as in Kruskal's algorithm: a link that would bring two records with a
    barrier into one group is left out, so the weakest link of a wrong chain gives way. The rules have their say first, without
    the links made by people; these then join the groups that the rules have left, against which a barrier of the rules counts
    no more. A barrier made by a person gives way to nothing.
    """
    tried = list(links)
    records = sorted({record for a, b, _ in tried for record in (a, b)})
    by_person: defaultdict[int, set[int]] = defaultdict(set)
    by_anybody: defaultdict[int, set[int]] = defaultdict(set)
    for a, b, personal in barriers:
        for walls in (by_anybody, by_person) if personal else (by_anybody,):
            walls[a].add(b)
            walls[b].add(a)
    left = _joined(records, [(a, b) for a, b, force in tried if force < PERSON], by_anybody)
    return _joined(records, [(a, b) for a, b, force in tried if force >= PERSON or left[a] == left[b]], by_person)


def _joined(records: Iterable[int], links: Iterable[tuple[int, int]], walls: defaultdict[int, set[int]]) -> dict[int, int]:
    """The founder of each record, after each link in turn has joined two groups that have no wall between them."""
    group = {record: record for record in records}
    members = {record: {record} for record in group}
    for a, b in links:
        one, other = sorted((group[a], group[b]), key=lambda name: (len(members[name]), name))
        if one == other or any(walls[record] & members[other] for record in members[one]):
            continue
        members[other] |= members.pop(one)
        for record in members[other]:
            group[record] = other
    return {record: min(members[name]) for record, name in group.items()}


def _n(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a record number, not {value!r}")
    return value


def _force(value: object) -> float:
    return float(str(value))
