"""All tables of the small review, as rows that agree with each other."""

from __future__ import annotations

from tests.expectations import coded, decided, earlier
from tests.expectations.small_review import Rows
from warehouse.tables.catalogue import TABLES

PARTS = (
    decided.searches,
    decided.records,
    decided.citations,
    decided.decisions,
    coded.codebook,
    coded.extraction,
    coded.studies,
    coded.flow,
    coded.evidence_map,
    earlier.said,
    coded.release,
)


def clean(review: str) -> Rows:
    """All tables, logs too, of a review in which every law holds."""
    rows: Rows = {name: [] for name in TABLES}
    for part in PARTS:
        for name, more in part().items():
            rows[name] += more
    for name, listed in rows.items():
        rows[name] = [({"review": review} if "review" in TABLES[name].column_names else {}) | row for row in listed]
    return rows
