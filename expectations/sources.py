"""Laws of what was received."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law(
        "import_positions_run_on",
        "log.import",
        Severity.STOP,
        "Restore the missing rows of log/import from the backup, then refresh.",
        optional=True,
    ),
)
