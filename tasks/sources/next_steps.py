"""Consultations and planned steps enter the log as often as they change, so that a release can be made again with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from warehouse.archive import Log
from warehouse.configuration.next_steps import Consultation, NextStep
from warehouse.review import Review
from warehouse.tables.catalogue import table
from warehouse.yaml import ConfigurationError

Row = dict[str, object]


def log_next_steps(review: Review, log: Log, as_of: datetime) -> list[str]:
    """Logs each consultation and step that is another than before, and those that were taken away as gone; in words.

    Raises `ConfigurationError`, and logs nothing, where people have agreed to other words than those that are to be public.
    """
    asked = {one.id: _asked(one) for one in review.consultations.consultations}
    if faults := list(_other_words(asked, log.read("consultation").to_pylist())):
        raise ConfigurationError("\n".join(f"{review.folder / 'consultation.yaml'}: {one}" for one in faults))
    planned = {one.id: _planned(one) for one in review.next_steps.next_steps}
    return [
        *(f"consultation {one}" for one in _log("consultation", "consultation_id", asked, review, log, as_of)),
        *(f"next step {one}" for one in _log("next_step", "step_id", planned, review, log, as_of)),
    ]


def _log(name: str, key: str, now: dict[str, Row], review: Review, log: Log, as_of: datetime) -> list[str]:
    rows = log.read(name).to_pylist()
    versions = Counter(str(row[key]) for row in rows)
    before = {
        str(row[key]): {name: value for name, value in row.items() if name not in ("review", key, "version", "as_of")}
        for row in rows
    }
    changed = {one: row | {"gone": False} for one, row in now.items() if before.get(one) != row | {"gone": False}}
    changed |= {one: row | {"gone": True} for one, row in before.items() if one not in now and not row["gone"]}
    log.append(name, table(f"log.{name}").of_rows(
        {"review": review.id, key: one, **changed[one], "version": versions[one] + 1, "as_of": as_of} for one in sorted(changed)
    ))  # fmt: skip
    return sorted(changed)


def _other_words(asked: dict[str, Row], logged: list[dict[str, Any]]) -> Iterator[str]:
    """Consultations whose words have changed since the day on which people agreed to them."""
    for name, now in asked.items():
        day = now["consented_on"]
        before = [row for row in logged if row["consultation_id"] == name and row["consented_on"] == day]
        if day is not None and any(row["public_words"] != now["public_words"] for row in before):
            yield (
                f"consultation {name}: public_words have changed since the consent of {day}; ask again and write the new day,"
                " or take the consent away"
            )


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
