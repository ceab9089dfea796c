"""A review of any size, drawn by chance from a seed: for what must hold whatever the rows are."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa

from tests.marts.case import given, of_rows, reports_alone
from warehouse.tables.catalogue import table
from warehouse.tables.words import POSITION, STUDY_STATE

CODES = {"theme": 9, "level": 5, "outcome": 3, "country": 4, "evidence": 5, "design": 3}
GROUPED = ("theme", "level", "outcome", "evidence")
WITHIN = {"theme": {1: 0, 2: 0, 3: 2, 5: 4}, "country": {1: 0, 2: 0}}  # the place of a code's next wider one, by its own
VIEWS = {
    "one": ("theme",),
    "two": ("level", "country"),
    "three": ("theme", "outcome", "country"),
    "four": ("level", "theme", "outcome", "evidence"),
}
NOT_APPLICABLE = {
    "a wide theme": {"theme": "theme-9", "outcome": "outcome-1"},
    "one of its own": {"outcome": "outcome-2", "country": "country-3", "theme": "theme-1"},
    "another level": {"level": "level-1", "evidence": "evidence-2"},
}
"""Codes of several dimensions that do not go together, by why. Studies have some of them all the same."""
Rows = dict[str, list[dict[str, Any]]]


def wider(name: str, n: int) -> list[str]:
    """The codes that the ``n``th code of a dimension is within, the widest first."""
    above = WITHIN.get(name, {}).get(n)
    return [] if above is None else [*wider(name, above), code(name, above)]


def code(name: str, n: int) -> str:
    return f"{name}-{CODES[name] - n}"


def world(citations: int, seed: int) -> dict[str, pa.Table]:
    """All staging tables, with about a third of the citations included."""
    chance = random.Random(seed)
    rows = _codebook() | _flow(chance, citations)
    rows |= _codings(chance, [row for row in rows["staging.funnel"] if row["position"] in ("included", "ongoing")])
    made = {name: of_rows(table(name), listed) for name, listed in rows.items()}
    return given("") | made | {"staging.study_report": reports_alone(made["staging.funnel"])}


def _codebook() -> Rows:
    return {
        "staging.dimension": [
            {
                "dimension": name,
                "label": name.title(),
                "role": {"theme": "theme", "design": "kind"}.get(name),
                "multiple": name != "design",
                "grouped": name in GROUPED,
                "position": position,
            }
            for position, name in enumerate(CODES, 1)
        ],
        "staging.code": [
            {
                "dimension": name,
                "code": code(name, n),
                "within": wider(name, n),
                "label": f"{name} {n}",
                "kind": None if name != "design" else "review" if n == 0 else "primary",
                "position": n,
            }
            for name, size in CODES.items()
            for n in range(size)
        ],
        "staging.map_axis": [
            {"view": view, "title": view, "axis": n, "place": "row", "dimension": name}
            for view, names in VIEWS.items()
            for n, name in enumerate(names, 1)
        ],
        "staging.not_applicable": [
            {"combination": n, "dimension": name, "code": one, "why": why}
            for n, (why, codes) in enumerate(NOT_APPLICABLE.items(), 1)
            for name, one in codes.items()
        ],
    }


def _flow(chance: random.Random, citations: int) -> Rows:
    rows: Rows = {f"staging.{name}": [] for name in ("record", "citation_record", "citation", "funnel", "agreement_pair")}
    for n in range(citations):
        citation = f"c{n:05}"
        arms = [chance.choice(("databases", "databases", "other")) for _ in range(chance.randint(1, 3))]
        arm = min(arms)
        position = chance.choice((*POSITION, *["included"] * 4))
        for k, one in enumerate(arms):
            record = {"record_id": f"{citation}-{k}", "arm": one, "database": f"{one} {chance.randint(1, 3)}"}
            role = "kept" if k == arms.index(arm) else "duplicate"
            rows["staging.record"].append(record)
            rows["staging.citation_record"].append(record | {"citation_id": citation, "role": role})
        rows["staging.citation"].append(
            {
                "citation_id": citation,
                "arm": arm,
                "records": len(arms),
                "title": f"Title {n}",
                "year": chance.randint(1990, 2020),
                "authors": [f"Author{chance.randint(1, 99)}, A" for _ in range(chance.randint(0, 4))],
            }
        )
        reason = chance.choice(("population", "design", "date", None)) if position == "report_excluded" else None
        rows["staging.funnel"].append({"citation_id": citation, "arm": arm, "position": position, "reason": reason})
        one, other = chance.sample(["ann", "bob", "cyd", "dee"], 2)
        vote = {"reviewer_a": one, "reviewer_b": other, "include_a": chance.random() < 0.3, "include_b": chance.random() < 0.4}
        rows["staging.agreement_pair"].append(vote | {"citation_id": citation, "stage": "title_abstract", "round": 1})
    return rows


def _codings(chance: random.Random, studies: list[dict[str, Any]]) -> Rows:
    extraction: list[dict[str, Any]] = []
    coding: set[tuple[str, int, str, str]] = set()
    for row in studies:
        study = row["citation_id"]
        state = chance.choice((*STUDY_STATE, *["verified"] * 9))
        settled = state in ("reconciled", "verified")
        if row["position"] == "included":
            extraction.append({"study_id": study, "double": chance.random() < 0.1, "state": state, "settled": settled})
        coding.add((study, 0, "design", f"design-{chance.randint(1, 3)}"))
        groups = chance.choice(([0], [1], [1, 2], [0, 1, 2]))
        for name, size in CODES.items():
            for group in groups if name in GROUPED else [0]:
                for _ in range(chance.randint(0, 2) if name != "design" else 0):
                    coding.add((study, group, name, f"{name}-{chance.randint(1, size)}"))
    columns = ("study_id", "group", "dimension", "code")
    return {
        "staging.study_extraction": extraction,
        "staging.study_coding": [dict(zip(columns, one, strict=True)) for one in sorted(coding)],
    }
