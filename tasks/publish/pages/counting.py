"""The rule of marts.evidence_map once more, for what the mart has no row for: rows, columns and the map as a whole.

A study is in a cell if one of its groups has the cell's code on every axis; codes of group 0 hold for each group. It counts
once in a cell, and once in a total. ``templates/map/count.js`` follows the same rule for filtered counts; the tests hold all
three together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from tasks.publish.pages.reading import Row
from warehouse.configuration.protocol import View

Held: TypeAlias = dict[str, set[str]]  # codes by dimension, that hold within one group
Codes: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[Codes, Codes]  # codes of the row's axes and of the column's; none of them: a total


@dataclass(slots=True)
class Count:
    """Distinct studies, by kind. The kinds are never added together."""

    primary: int = 0
    review: int = 0
    ongoing: int = 0
    unstated: int = 0  # the kind is not coded


def groups_of(codes: Iterable[Row]) -> dict[str, list[Held]]:
    """For each study, what holds within each of its groups."""
    by_study: dict[str, dict[int, Held]] = {}
    for row in codes:
        group = by_study.setdefault(row["study_id"], {}).setdefault(row["group"], {})
        group.setdefault(row["dimension"], set()).add(row["code"])
    return {study: [_with_whole(group, groups.get(0, {})) for group in groups.values()] for study, groups in by_study.items()}


def _with_whole(group: Held, whole: Held) -> Held:
    return {dimension: group.get(dimension, set()) | whole.get(dimension, set()) for dimension in group.keys() | whole.keys()}


def count(view: View, groups: Mapping[str, list[Held]], kinds: Mapping[str, str | None]) -> dict[Key, Count]:
    """Distinct studies for each cell, row, column and nested row head of a view that has any."""
    counts: dict[Key, Count] = {}
    for study, listed in groups.items():
        for key in {key for held in listed for key in _keys(view, held)}:
            one = counts.setdefault(key, Count())
            kind = kinds[study] or "unstated"
            setattr(one, kind, getattr(one, kind) + 1)
    return counts


def _keys(view: View, held: Held) -> Iterator[Key]:
    depth = len(view.rows)
    for codes in product(*(held.get(dimension, ()) for dimension in (*view.rows, *view.columns))):
        for n in range(depth + 1):
            yield codes[:n], codes[depth:]
            yield codes[:n], ()
