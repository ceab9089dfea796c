"""What people wrote on a theme enters the log as often as it changes, so that a release can be made again with its texts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from warehouse.archive import Log
from warehouse.review import Review
from warehouse.tables.catalogue import table


def log_synthesis(review: Review, log: Log, as_of: datetime) -> list[str]:
    """Logs each text that is another than before, one that was taken away as an empty one; their themes."""
    rows = log.read("synthesis").to_pylist()
    before = {str(row["theme"]): str(row["text"]) for row in rows}
    versions = Counter(str(row["theme"]) for row in rows)
    now = {theme: review.synthesis.get(theme, "") for theme in sorted({*before, *review.synthesis})}
    changed = [theme for theme, text in now.items() if text != before.get(theme, "")]
    log.append("synthesis", table("log.synthesis").of_rows(
        {"review": review.id, "theme": theme, "text": now[theme], "version": versions[theme] + 1, "as_of": as_of}
        for theme in changed
    ))  # fmt: skip
    return changed
