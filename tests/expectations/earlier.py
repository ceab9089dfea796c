"""What the release before the small review's said, and what changed: e2 came onto the map, e3 came in, m9 went into m2."""

from __future__ import annotations

from typing import Any

from tests.expectations.coded import evidence_map
from tests.expectations.small_review import EARLY, LATE, POSITIONS, Rows

THEN = {"release_id": "0", "as_of": EARLY}


def said() -> Rows:
    changed: dict[str, Any] = {
        "study_id": None,
        "before": None,
        "after": None,
        "n_before": None,
        "n_after": None,
        "studies": [],
    }
    changes = [
        {
            "what": "joined",
            "id": "c-m9",
            "label": "m9",
            "study_id": "c-m9",
            "before": "primary",
            "after": "m2",
            "studies": ["c-m2"],
        },
        {
            "what": "divided",
            "id": "c-m4",
            "label": "m4",
            "study_id": "c-m4",
            "before": "m2",
            "after": "primary",
            "studies": ["c-m2"],
        },
        {"what": "on_the_map", "id": "c-e2", "label": "e2", "study_id": "c-e2", "after": "primary"},
        {"what": "box", "id": "both.mapped", "label": "mapped", "n_before": 2, "n_after": 3},
        {"what": "box", "id": "both.studies", "label": "studies", "n_before": 5, "n_after": 4},
    ]
    this = [row | {"number": 2, "release_id": "1", "as_of": LATE} for row in evidence_map()["marts.theme"]]
    whole = {"theme": "", "label": "The whole map", "studies": 2, "reviews": 1, "ongoing": 1, "all_kinds": 4}
    history = [{name: value for name, value in row.items() if name != "position"} for row in this]
    return {
        "log.published_study": [
            THEN | {"study_id": f"c-{one}", "reference": one, "kind": None, "mapped": one in ("m1", "m2", "m9"), "notices": []}
            for one in ("m1", "m2", "m3", "e2", "m9")
        ],
        "log.published_citation": [
            THEN | {"citation_id": f"c-{one}", "position": "included"} for one in (*POSITIONS, "m9") if one != "e3"
        ],
        "log.published_box": [
            THEN | {"number": 1, "arm": "both", "box": box, "detail": "", "n": n, "label": box, "position": n}
            for box, n in (("studies", 5), ("mapped", 2))
        ],
        "marts.change": [changed | {"position": place} | row for place, row in enumerate(changes, start=1)],
        "marts.citation_change": [
            {"citation_id": "c-m9", "what": "out", "before": "included", "after": None},
            {"citation_id": "c-e3", "what": "in", "before": None, "after": "awaiting_retrieval"},
        ],
        "marts.release_history": [
            whole | {"number": 1, "release_id": "0", "as_of": EARLY},
            whole | {"number": 2, "release_id": "1", "as_of": LATE},
            *history,
        ],
        "marts.cell_study": [
            {"view": "main", "view_title": "Map", "cell": cell, "study_id": f"c-{one}"}
            for cell, one in ((1, "m1"), (1, "m2"), (2, "e2"), (3, "m1"), (6, "m1"))
        ],
    }
