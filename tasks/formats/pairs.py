"""Tables of two things side by side, for a person to say whether they are the same: two records, or two reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from tasks.formats.question import Question
from tasks.formats.worklist import EXTRA, Owed, Refused, Row, Sheet, Worklist, check, fits, shortened, unused
from warehouse.tables.catalogue import table

Pair = Mapping[str, Any]
"""Two things as a query gives them: ``one`` and ``other``, an ``explanation``, what log.worklist says of the pair
(``citation_id``, ``record_ids``), and, where it was sent, on which list, to whom and when (``worklist_id``, ``reviewer``,
``sent_at``)."""


def by_person(pairs: Iterable[Pair], first: str | None) -> dict[str, list[Pair]]:
    """Pairs by who owes them: who was asked, else ``first``; without one such pairs are nobody's."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        who = pair["reviewer"] or first
        if who is not None:
            found.setdefault(who, []).append(pair)
    return dict(sorted(found.items()))


def counted(task: str, owed: Mapping[str, Sequence[Pair]]) -> list[Owed]:
    """What each person owes, from what `by_person` gives."""
    found = []
    for reviewer, pairs in owed.items():
        days = [pair["sent_at"] for pair in pairs if pair["worklist_id"]]
        found.append(Owed(task, reviewer, len(pairs) - len(days), len(days), min(days, default=None)))
    return found


@dataclass(frozen=True, slots=True)
class Pairs:
    """A table of pairs: ``id`` is the column of the one's id (the other's is ``other_…``), ``shown`` what is told of each."""

    task: str
    id: str
    what: str
    shown: tuple[str, ...]
    answers: Mapping[str, str]
    """What a person may answer, and what it is called in the log."""
    questions: tuple[Question, ...]
    guide: tuple[str, ...]

    @property
    def other(self) -> str:
        """Column of the other one's id."""
        return f"other_{self.id}"

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns without which nothing can be taken."""
        return (self.id, self.other, "reviewer", "answer")

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of a worklist of such pairs."""
        sides = (name for one in self.shown for name in (one, f"other_{one}"))
        return ("worklist_id", "task", "reviewer", self.id, self.other, "check", "why", *sides, "answer", "note")

    def row(self, worklist_id: str, reviewer: str, pair: Pair) -> dict[str, str]:
        """The cells of ``pair``: its ``explanation``, and ``one`` and ``other`` with their id and what is shown of them."""
        cells = {"worklist_id": worklist_id, "task": self.task, "reviewer": reviewer, "why": str(pair["explanation"])}
        for prefix, side in (("", pair["one"]), ("other_", pair["other"])):
            if not isinstance(side, Mapping):
                raise TypeError(f"{self.task}: a side of a pair is a row")
            cells[f"{prefix}{self.id}"] = str(side[self.id])
            for name in self.shown:
                value = side[name]
                text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
                cells[f"{prefix}{name}"] = shortened(text)
        return cells | {"check": check(*self._checked(cells))}

    def worklists(
        self, owed: Mapping[str, Sequence[Pair]], known: Collection[str], review: str, as_of: datetime,
        only: Collection[tuple[str, str]] | None = None,
    ) -> tuple[list[Worklist], pa.Table]:  # fmt: skip
        """The files of those who owe pairs, with all that they owe, and the rows of log.worklist for what is new in them.

        ``known`` are the ids of all lists so far. ``only`` has the tasks and people to make files for; without it, those for
        whom there is something new. A pair that was sent before keeps the list on which it was.
        """
        files, issued = [], []
        for reviewer, pairs in owed.items():
            new = [pair for pair in pairs if not pair["worklist_id"]]
            if not (new if only is None else (self.task, reviewer) in only):
                continue
            identity = unused(f"{self.task}-{reviewer}-{as_of:%Y%m%d}", known)
            rows = tuple(self.row(str(pair["worklist_id"] or identity), reviewer, pair) for pair in pairs)
            files.append(Worklist(identity, self.task, reviewer, self.columns, rows, self.questions, self.guide))
            issued += [
                {"review": review, "worklist_id": identity, "as_of": as_of, "task": self.task, "reviewer": reviewer, "round": 1,
                 "citation_id": pair["citation_id"], "record_ids": pair["record_ids"], "position": position}
                for position, pair in enumerate(new, 1)
            ]  # fmt: skip
        return files, table("log.worklist").of_rows(issued)

    def fits(self, values: Mapping[str, str], titles: str) -> bool:
        """Whether a row's check fits what the row says; ``titles`` are the two that we hold (`tasks.formats.worklist.fits`)."""
        identity, ids, given = self._checked(values)
        return fits({"worklist_id": identity, "citation_id": ids, "title": given, "check": values.get("check", "")}, titles)

    def is_of(self, sheet: Sheet) -> bool:
        """Whether a returned table is about such pairs."""
        return self.other in sheet.columns

    def lacks(self, sheet: Sheet) -> tuple[Refused, ...]:
        """All rows, refused, where the table has not the columns that it needs; none where it has."""
        missing = [name for name in self.needed if name not in sheet.columns]
        return tuple(self.refused(row, f"the table has no column {', '.join(missing)}") for row in sheet.rows if missing)

    def fault(self, row: Row, known: tuple[bool, bool], titles: str, people: Collection[str]) -> str | None:
        """Why a row cannot be taken, given whether each of the two is there; None if it can."""
        values = row.values
        if values.get(EXTRA):
            return f"more cells than columns: {values[EXTRA][:80]!r}; put text with commas into quotes"
        if values["answer"].lower() not in self.answers:
            return f"answer {values['answer']!r} is neither {' nor '.join(self.answers)}"
        if values["reviewer"] not in people:
            return f"reviewer {values['reviewer']!r} is not in protocol.people"
        if values[self.id] == values[self.other]:
            return f"a {self.what} is compared with itself"
        unknown = [values[name] for name, there in zip((self.id, self.other), known, strict=True) if not there]
        if unknown:
            return f"no {self.what} {' nor '.join(repr(one) for one in unknown)} in this review"
        if values.get("worklist_id") and not self.fits(values, titles):
            return "ids and titles are not those that were sent; was the table sorted or pasted column by column?"
        return None

    def agreed(
        self, rows: Collection[Row], today: Mapping[str, str] | None = None
    ) -> tuple[dict[tuple[str, str], list[Row]], list[Refused]]:
        """The rows of each pair (the lesser id first), and those refused because they answer differently on one pair.

        ``today`` has the present id of each that may be named by an older one.
        """
        said: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            given = (row.values[name] for name in (self.id, self.other))
            one, other = sorted((today or {}).get(name, name) for name in given)
            said[one, other].append(row)
        refused = []
        for pair, spoken in list(said.items()):
            if len({row.values["answer"].lower() for row in spoken}) > 1:
                lines = ", ".join(str(row.line) for row in spoken)
                refused += [self.refused(row, f"rows {lines} answer differently on the same pair") for row in spoken]
                del said[pair]
        return dict(sorted(said.items())), refused

    def logged(self, spoken: list[Row]) -> dict[str, object]:
        """What the log says of the rows of one pair: verdict, who gave it, and the notes."""
        notes = dict.fromkeys(row.values.get("note", "") for row in spoken)
        first = spoken[0].values
        return {
            "verdict": self.answers[first["answer"].lower()], "by": first["reviewer"],
            "note": "; ".join(note for note in notes if note) or None,
        }  # fmt: skip

    def refused(self, row: Row, reason: str) -> Refused:
        """The row as one that goes back."""
        return Refused(row.line, row.values.get(self.id) or "", reason, row.values)

    def _checked(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """What the check of a row is made of: the list, both ids, both titles."""
        ids = f"{values.get(self.id, '')} {values.get(self.other, '')}"
        return values.get("worklist_id", ""), ids, f"{values.get('title', '')} {values.get('other_title', '')}"
