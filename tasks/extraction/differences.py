"""Two or more codings of one study side by side: what they agree on, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.extraction.form import Coding, cell, column, place
from warehouse.configuration.codebook import Codebook


def aligned(coding: Coding, to: Coding) -> Coding:
    """``coding`` with its groups numbered like those of ``to`` that share most codes with them.

    Numbers only say what belongs together: two people who list the same groups in another order agree.
    """
    pairs = sorted((-_shared(coding, mine, to, theirs), mine, theirs) for mine in coding.groups for theirs in to.groups)
    number: dict[int, int] = {}
    for _, mine, theirs in pairs:
        if mine not in number and theirs not in number.values():
            number[mine] = theirs
    free = max(to.groups) + 1
    for mine in coding.groups:
        if mine not in number:
            number[mine], free = free, free + 1
    number[0] = 0
    return Coding(
        coding.reviewer,
        {(number[group], dimension): codes for (group, dimension), codes in coding.values.items()},
        {number[group]: quote for group, quote in coding.quotes.items() if group in number},
        coding.stands,
    )


def reconciling(codings: Sequence[Coding], codebook: Codebook) -> list[dict[str, str]]:
    """Entry cells for the person who reconciles: filled in where all agree, else empty and told in ``differs``."""
    sides = [codings[0], *(aligned(one, codings[0]) for one in codings[1:])]
    grouped = any(dimension.grouped for dimension in codebook.dimensions)
    rows = []
    for position, group in enumerate(sorted({group for side in sides for group in side.groups})):
        row = {"group": str(group) if grouped else "", "quote": _quotes(sides, group, position == 0)}
        differs = []
        for dimension in codebook.dimensions:
            if not dimension.grouped and position > 0:
                continue
            cells = [cell(side.values.get(place(group, dimension), frozenset()), dimension) for side in sides]
            if len(set(cells)) == 1:
                row[column(dimension)] = cells[0]
            else:
                differs.append(f"{dimension.id}: {' | '.join(' '.join(one.split()) or '(nothing)' for one in cells)}")
        rows.append({**row, "differs": "\n".join(differs)})
    return rows


def _shared(one: Coding, group: int, other: Coding, other_group: int) -> int:
    return sum(
        len(codes & other.values.get((other_group, name), frozenset()))
        for (at, name), codes in one.values.items()
        if at == group
    )


def _quotes(sides: Sequence[Coding], group: int, first: bool) -> str:
    """Everybody's quotes with their pages: the person who reconciles should not have to search for them again."""
    found = [side.quotes[at] for side in sides for at in ((group, 0) if first else (group,)) if at in side.quotes]
    said = (f"{quote} (p. {page})" if quote and page else quote or f"p. {page}" for quote, page in found)
    return " | ".join(dict.fromkeys(said))
