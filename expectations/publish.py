"""Laws of the release about itself."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law("release_says_what_it_is", "meta.release", Severity.STOP, "A defect of publishing: write one row of meta.release."),
    Law("column_has_a_meaning", "meta.column", Severity.STOP, "Declare the column with its meaning in warehouse/tables."),
    Law(
        "nothing_failed_that_stops",
        "meta.quality_check",
        Severity.STOP,
        "Publish nothing: first do what the failed check's remedy says.",
        optional=True,
    ),
)
