"""An expectation of Great Expectations: that a query gives no rows. Importing it imports the library, which takes seconds."""

from __future__ import annotations

from typing import Any

from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation


class ExpectQueryToGiveNoRows(UnexpectedRowsExpectation):
    """As its parent, but the query runs once, to be counted: the parent runs it again for rows that nobody asked for here."""

    metric_dependencies = ("unexpected_rows_query.row_count",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: dict[str, Any] | None = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        return {"success": metrics["unexpected_rows_query.row_count"] == 0}
