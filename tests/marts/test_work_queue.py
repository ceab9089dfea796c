"""What is overdue in the work queue, by the day of the release and the protocol's rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tasks.marts.build import marts
from tests.marts.case import REVIEW, given, of_rows
from warehouse.account import Named
from warehouse.configuration.protocol import Exchange, Screening, TitleAbstractRules
from warehouse.review import Review
from warehouse.tables.catalogue import table


def overdue(review: Review, as_of: datetime) -> dict[tuple[str, str], bool | None]:
    """Of each piece of screening and person, whether it is overdue on a day."""
    rows = marts(given("work-queue"), review, Named("r", None, as_of))["marts.work_queue"].to_pylist()
    return {(row["id"], row["reviewer"]): row["overdue"] for row in rows if row["task"] == "title_abstract"}


@pytest.mark.parametrize(("day", "late"), [(17, False), (18, True)])
def test_what_was_sent_28_days_ago_is_not_overdue_and_the_day_after_it_is(day: int, late: bool) -> None:
    found = overdue(REVIEW, datetime(2024, 2, day))
    assert found["v2", "ann"] is late
    assert found["v1", "ann"] is False  # sent a day later, and again when its records were merged
    assert found["v0", ""] is found["v2", ""] is None


def test_where_the_protocol_gives_no_days_nothing_is_overdue() -> None:
    patient = REVIEW.protocol.model_copy(update={"exchange": Exchange()})
    assert set(overdue(replace(REVIEW, protocol=patient), datetime(2034, 1, 1)).values()) == {None}


def test_a_tool_that_has_a_voice_leaves_one_vote_to_ask_for() -> None:
    rules = Screening(title_abstract=TitleAbstractRules(tool="asreview"))
    voiced = replace(REVIEW, protocol=REVIEW.protocol.model_copy(update={"screening": rules}))
    said = {"citation_id": "v0", "stage": "title_abstract", "round": 1, "tool": "asreview", "decision": "exclude"}
    tables = given("work-queue") | {
        "staging.tool_vote": of_rows(table("staging.tool_vote"), [said | {"as_of": datetime(2024, 1, 3), "said_of": "v0"}])
    }
    for review, missing in ((REVIEW, 2), (voiced, 1)):
        rows = marts(tables, review)["marts.work_queue"].to_pylist()
        assert [(row["owed"], row["since"].day) for row in rows if row["id"] == "v0"] == [(missing, 3)]
