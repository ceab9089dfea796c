"""One small review: 11 records, 9 citations, 4 studies of which 3 are on the map, and 1 study under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]

EARLY, LATE = datetime(2024, 1, 1), datetime(2024, 2, 1)
RECORDS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "e1", "e2", "e3")
MERGED = {"m8": "m1", "e1": "m2"}  # duplicate: founder
POSITIONS = {
    "m1": "included",
    "m2": "included",
    "m3": "included",
    "m4": "ongoing",
    "m5": "report_excluded",
    "m6": "excluded",
    "m7": "awaiting_screening",
    "e2": "included",
    "e3": "awaiting_retrieval",
}
SPLIT = ("m4", "m7")  # where the two did not agree
WITHIN = {"visits": ["home"]}
CODES = {"theme": ("home", "visits", "school"), "kind": ("rct", "synthesis"), "level": ("family", "child")}
CODINGS = (
    ("m1", 0, "kind", "rct"),
    ("m1", 0, "note", "fidelity {low}: see p. 3"),
    ("m1", 1, "theme", "visits"),
    ("m1", 1, "level", "family"),
    ("m1", 2, "theme", "school"),
    ("m1", 2, "level", "child"),
    ("m2", 0, "kind", "synthesis"),
    ("m2", 1, "theme", "home"),
    ("m2", 1, "level", "family"),
    ("e2", 0, "kind", "rct"),
    ("e2", 0, "theme", "home"),
    ("e2", 0, "level", "child"),
)
CODERS = {"m1": ("ann", "bob"), "m2": ("ann",), "m3": ("ann",), "e2": ("bob",)}
EXTRACTION = {"m1": "reconciled", "m2": "verified", "m3": "coded_once", "e2": "verified"}
FLOW = {
    "databases": {
        "identified": 8,
        "duplicates": 1,
        "screened": 6,
        "awaiting_screening": 1,
        "excluded": 1,
        "sought": 5,
        "assessed": 5,
        "report_excluded": 1,
        "ongoing": 1,
        "included": 3,
    },
    "other": {
        "identified": 3,
        "duplicates": 1,
        "screened": 2,
        "sought": 2,
        "awaiting_retrieval": 1,
        "assessed": 1,
        "included": 1,
    },
    "both": {"studies": 4, "mapped": 3, "awaiting_coding": 1},
}


def arm(record: str) -> str:
    return "databases" if record.startswith("m") else "other"
