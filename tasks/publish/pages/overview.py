"""What a reader is told around the map: headline numbers, what waits, how recent the searches are, how full each theme is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tasks.publish.pages.plain import day
from tasks.publish.pages.reading import Row
from warehouse.review import Review

WAITING = (
    ("awaiting_screening", "record awaits screening", "records await screening"),
    ("awaiting_retrieval", "report awaits retrieval", "reports await retrieval"),
    ("awaiting_decision", "report awaits a decision", "reports await a decision"),
    ("awaiting_classification", "report awaits classification", "reports await classification"),
    ("awaiting_coding", "included study awaits coding", "included studies await coding"),
    ("untied", "pair of reports may be of one study", "pairs of reports may be of one study"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A theme: its studies by kind, the share of the longest bar in per cent, and whether there are enough to synthesise."""

    theme: str
    label: str
    studies: int
    reviews: int
    ongoing: int
    share: float
    ready: bool | None
    reason: str


def box(flow: list[Row], name: str) -> int:
    """A number of the PRISMA diagram, over both arms."""
    return sum(row["n"] for row in flow if row["box"] == name and not row["detail"])


def waiting(flow: list[Row]) -> list[tuple[int, str]]:
    """How many wait at each step, in the order of the steps; none is told as 0."""
    return [(n := box(flow, name), one if n == 1 else many) for name, one, many in WAITING]


def searched(searches: list[Row], review: Review, as_of: date) -> list[Row]:
    """Sources with the day of their latest search, in the protocol's order; one that was not searched yet is told too.

    ``overdue``: the days that the protocol gives a source (``every_days``) had gone by on ``as_of``.
    """
    place = {source.id: position for position, source in enumerate(review.protocol.sources)}
    every = {source.id: source.every_days for source in review.protocol.sources}
    done = {row["source_id"] for row in searches}
    todo = [
        {"source_id": source.id, "database": source.database, "platform": source.platform, "searched_on": None, "searches": 0}
        for source in review.protocol.sources
        if source.id not in done
    ]
    listed = sorted([*searches, *todo], key=lambda row: place.get(row["source_id"], len(place)))
    return [row | _due(row["searched_on"], every.get(row["source_id"], 0), as_of) for row in listed]


def _due(on: date | None, every: int, as_of: date) -> Row:
    return {"every_days": every, "overdue": bool(every) and (on is None or as_of > on + timedelta(days=every))}


def searched_to(searches: list[Row]) -> date | None:
    """The day of the oldest of the sources' latest searches: no source is known to lack what came before it."""
    return min((row["searched_on"] for row in searches if row["searched_on"]), default=None)


def searched_between(searches: list[Row]) -> str:
    """The days of the oldest and the newest of the sources' latest searches, in words."""
    days: list[date] = [row["searched_on"] for row in searches if row["searched_on"]]
    if not days:
        return "Dates of the searches are not recorded"
    if min(days) == max(days):
        return f"All sources were searched to {day(days[0])}"
    return f"The oldest source was searched to {day(min(days))}, the newest to {day(max(days))}"


def bars(themes: list[Row]) -> list[Bar]:
    """Themes in the codebook's order."""
    most = max((row["studies"] for row in themes), default=0) or 1
    return [
        Bar(row["theme"], row["label"], row["studies"], row["reviews"], row["ongoing"], round(100 * row["studies"] / most, 1),
            row["ready"], row["reason"] or "")
        for row in themes
    ]  # fmt: skip
