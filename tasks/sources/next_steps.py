"""Consultations and planned steps enter the log as often as they change, so that a release can be made again with them."""

from __future__ import annotations

from datetime import datetime

from warehouse.archive import Log
from warehouse.configuration.next_steps import Consultation, NextStep
from warehouse.review import Review
from warehouse.tables.catalogue import table

Row = dict[str, object]


def log_next_steps(review: Review, log: Log, as_of: datetime) -> list[str]:
    """Logs each consultation and step that is another than before, and those that were taken away as gone; in words."""
    asked = {one.id: _asked(one) for one in review.consultations.consultations}
    planned = {one.id: _planned(one) for one in review.next_steps.next_steps}
    return [
        *(f"consultation {one}" for one in _log("consultation", "consultation_id", asked, review, log, as_of)),
        *(f"next step {one}" for one in _log("next_step", "step_id", planned, review, log, as_of)),
    ]


def _log(name: str, key: str, now: dict[str, Row], review: Review, log: Log, as_of: datetime) -> list[str]:
    rows = sorted(log.read(name).to_pylist(), key=lambda row: row["as_of"])
    before = {
        str(row[key]): {name: value for name, value in row.items() if name not in ("review", key, "as_of")} for row in rows
    }
    changed = {one: row | {"gone": False} for one, row in now.items() if before.get(one) != row | {"gone": False}}
    changed |= {one: row | {"gone": True} for one, row in before.items() if one not in now and not row["gone"]}
    log.append(name, table(f"log.{name}").of_rows(
        {"review": review.id, key: one, **changed[one], "as_of": as_of} for one in sorted(changed)
    ))  # fmt: skip
    return sorted(changed)


def _asked(one: Consultation) -> Row:
    agreed = one.consent
    return {
        "themes": list(one.themes), "people": list(one.people), "asked_on": one.asked_on, "how": one.how,
        "question": one.question, "said": one.said, "changed": one.changed, "public_words": one.public_words,
        "consent_by": list(agreed.by) if agreed else [], "consented_on": agreed.given_on if agreed else None,
    }  # fmt: skip


def _planned(one: NextStep) -> Row:
    return {
        "themes": list(one.themes), "kind": one.kind, "title": one.title, "description": one.description, "url": one.url,
        "state": one.state,
    }  # fmt: skip
