"""One row that a person filled in, read against what is known of it: a judgement, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Self

from tasks.formats.decisions import UNKNOWN
from tasks.formats.worklist import ENTRY, EXTRA, Row, fits
from tasks.screening import states
from warehouse.review import Review

_CONFLICT = "_conflict"
_REMOVAL = "removal"  # stage of a table that says what is to be taken out before screening
_LOGS = {
    "retrieval": "log.retrieval",
    _REMOVAL: "log.removal",
    "title_abstract_conflict": "log.resolution",
    "full_text_conflict": "log.resolution",
}
_TELLING = 40  # letters of a title that was cut
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A judgement that can be taken. ``log`` is the table it belongs to; ``decision`` is the status in log.retrieval.

    ``tool`` is the tool that decided so, where one is named; ``unasked`` marks the vote of somebody who was not asked for it.
    """

    row: Row
    log: str
    citation_id: str
    record_ids: tuple[str, ...]
    stage: str
    round: int
    reviewer: str
    decision: str
    reason: str | None
    note: str | None
    decided_on: date | None
    voters: tuple[str, ...]
    tool: str | None = None
    unasked: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Entries with the same key say something about the same thing: a file may say it once."""
        whose = self.reviewer if self.log == "log.vote" else ""
        return (self.log, self.citation_id, self.stage, self.round, whose)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the protocol says of a row: who takes part, the reasons by id and label, and who settles conflicts by stage."""

    people: frozenset[str]
    known_as: Mapping[str, str]  # names and addresses that other tools have for people
    only_asked: bool  # whether the vote of somebody who was not asked is refused
    reasons: Mapping[str, str]
    conflicts: Mapping[str, str]
    automation: frozenset[str]  # tools by whose word a paper may be out before screening

    @classmethod
    def of(cls, review: Review) -> Self:
        """Those of a review: made once for a file, since they are asked for with each row."""
        rules = review.protocol.screening
        reasons = rules.full_text.reasons
        return cls(
            people=frozenset(person.id for person in review.protocol.people),
            known_as={name.casefold(): person.id for person in review.protocol.people for name in person.known_as},
            only_asked=review.protocol.exchange.unasked == "refused",
            reasons={one.label.strip().casefold(): one.id for one in reasons} | {one.id: one.id for one in reasons},
            automation=frozenset(rules.automation),
            conflicts={"title_abstract": rules.title_abstract.conflicts, "full_text": rules.full_text.conflicts},
        )


def answer(values: dict[str, str]) -> str:
    """The decision or status as written, in the form of the tables."""
    return _code(values.get("status" if _code(values.get("task", "")) == "retrieval" else "decision", ""))


def judge(row: Row, known: dict[str, Any], rules: Rules, as_of: datetime) -> Entry | str:
    """The entry, or every fault of the row in words. ``known`` is the row's line of `known.sql`."""
    values = row.values
    ours = "task" in values and "worklist_id" in values
    task = _code(values["task"] if ours else values.get("stage", ""))
    given, decision = values.get("reviewer", "").strip(), answer(values)
    reviewer = given if given in rules.people else rules.known_as.get(given.casefold(), given)
    unknown_voters = not ours and values.get("voters") == UNKNOWN
    stage = "full_text" if task == "retrieval" else task.removesuffix(_CONFLICT)
    if EXTRA in values:
        return "the row has more cells than there are columns; put text that contains the separator in double quotes"
    if stage not in (*states.STAGES, *(() if ours else (_REMOVAL,))) or (not ours and task != stage):
        return (
            f"{'task' if ours else 'stage'} {task!r} is not one of {', '.join(ENTRY if ours else (*states.STAGES, _REMOVAL))}"
        )
    if known["citation_id"] is None:
        named = values.get("citation_id") or values.get("record_id") or ""
        if not named and values.get("title"):
            return f"no paper, or more than one, has the title {values['title'][:80]!r}, and the row has no id of ours"
        return f"no paper is known by the id {named!r}"
    removal = stage == _REMOVAL
    voters = tuple(known["voters_title_abstract" if removal else f"voters_{stage}"])
    reason, note = _reason(values, stage, rules)
    faults = _misplaced(values, known, ours)
    if not unknown_voters:
        faults += _person(reviewer, known, rules)
    unasked = not unknown_voters and task == stage and _is_unasked(reviewer, known, stage)
    if unasked and rules.only_asked:
        faults.append(f"{reviewer} was not asked to decide on this paper (exchange.unasked)")
    if removal:
        faults += _not_removable(values, decision, note, voters, rules)
    elif task == "retrieval":
        faults += [] if decision in states.STATUSES else [f"status {decision!r} is not one of {', '.join(states.STATUSES)}"]
    else:
        faults += _undecidable(values, stage, decision, reason)
    if task.endswith(_CONFLICT):
        faults += _settler(reviewer, voters, stage, rules)
    decided_on = _day(values.get("decided_on", ""))
    if isinstance(decided_on, str):
        faults.append(decided_on)
    elif decided_on and decided_on > as_of.date() + timedelta(days=1):  # a day is under way earlier in the east
        faults.append(f"decided_on {decided_on} is in the future: no later decision could ever take its place")
    if faults:
        return "; ".join(faults)
    assert not isinstance(decided_on, str)
    return Entry(
        row=row,
        log=_LOGS.get(task, "log.vote") if removal or not unknown_voters else "log.outcome",
        citation_id=known["citation_id"],
        record_ids=tuple(known["record_ids"]),
        stage=stage,
        round=1 if removal else known["round_sent"] or known[f"round_{stage}"],
        reviewer=reviewer,
        decision=decision,
        reason=reason,
        note=note,
        decided_on=decided_on,
        voters=voters,
        tool=values.get("tool", "").strip() or None,
        unasked=unasked,
    )


@lru_cache(4096)  # a column has few words
def _code(text: str) -> str:
    """``Awaiting classification`` as awaiting_classification."""
    return re.sub(r"[\s\-]+", "_", text.strip().lower())


def _misplaced(values: dict[str, str], known: dict[str, Any], ours: bool) -> list[str]:
    """A row of a worklist has to be the row that was sent, and its list one that was sent for this."""
    if not ours:
        apart = values.get("title") and not _alike(values["title"], known["title"] or "")
        return [f"the title is not that of the paper with this id ({known['title']})"] if apart else []
    faults = []
    if not fits(values, known["title"] or ""):
        faults.append("the check does not fit: the row was altered, or its title and id were moved apart (sorted or pasted)")
    if known["task"] is not None and known["task"] != _code(values["task"]):
        faults.append(f"this list was sent for the task {known['task']}")
    return faults


def _person(reviewer: str, known: dict[str, Any], rules: Rules) -> list[str]:
    if reviewer not in rules.people:
        return [f"reviewer {reviewer!r} is not in the protocol; a name of another tool belongs into known_as of a person"]
    if known["reviewer"] is not None and known["reviewer"] != reviewer:
        return [f"this list was sent to {known['reviewer']}, and the row says {reviewer}"]
    return []


def _is_unasked(reviewer: str, known: dict[str, Any], stage: str) -> bool:
    """Whether others were asked to vote, and this person was not; where nobody was, a list was made elsewhere."""
    asked = known.get(f"asked_{stage}", ())
    return bool(asked) and reviewer not in asked


def _alike(given: str, title: str) -> bool:
    """Whether two titles have the same letters and digits, as far as the shorter goes: tools cut long ones."""
    one, other = ("".join(letter for letter in text.casefold() if letter.isalnum()) for text in (given, title))
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _TELLING and one[:shorter] == other[:shorter])


def _settler(reviewer: str, voters: tuple[str, ...], stage: str, rules: Rules) -> list[str]:
    """A conflict is settled by whom the protocol says. Where none of the voters is left, no discussion is waited for."""
    conflicts = rules.conflicts[stage]
    if conflicts == "third" and reviewer in voters:
        return [states.ILLEGAL[stage, "resolved_by_voter"]]
    left = rules.people & set(voters)
    if conflicts == "discussion" and left and reviewer not in voters:
        return [states.ILLEGAL[stage, "resolved_by_third"]]
    return []


def _reason(values: dict[str, str], stage: str, rules: Rules) -> tuple[str | None, str | None]:
    """The reason's id, and the note. A reason in other words is legal on title and abstract: there it is kept in the note."""
    given, note = values.get("reason", "").strip(), values.get("note", "").strip() or None
    if not given:
        return None, note
    known = rules.reasons.get(given.casefold()) or _first(given, rules)
    if known is None and stage == "title_abstract":
        return None, f"{note}; reason: {given}" if note else f"reason: {given}"
    return known, note


def _first(given: str, rules: Rules) -> str | None:
    """Of several reasons with commas between, as tools give them, the first in the protocol's order; none if one is unknown."""
    found = [rules.reasons.get(part.strip().casefold()) for part in given.split(",")]
    if len(found) < 2 or None in found:
        return None
    return next(reason for reason in dict.fromkeys(rules.reasons.values()) if reason in found)


def _not_removable(values: dict[str, str], decision: str, note: str | None, voters: tuple[str, ...], rules: Rules) -> list[str]:
    """What speaks against taking a paper out before screening; to keep it after all is always possible."""
    tool = values.get("tool", "").strip()
    if decision not in states.REMOVALS:
        return [f"decision {decision!r} is not one of {', '.join(states.REMOVALS)}"]
    faults = []
    if decision != "keep" and voters:
        faults.append(states.NOT_REMOVABLE["after_a_vote"])
    if decision == "automation" and tool not in rules.automation:
        faults.append(states.NOT_REMOVABLE["unknown_tool"].format(tool=tool))
    if decision == "other" and not note:
        faults.append(states.NOT_REMOVABLE["other_without_note"])
    return faults


def _undecidable(values: dict[str, str], stage: str, decision: str, reason: str | None) -> list[str]:
    given = values.get("reason", "").strip()
    if given and reason is None and stage == "full_text":
        return [f"reason {given!r} is not among the protocol's reasons"]
    refused = states.refusal(stage, decision, reason)
    return [refused] if refused else []


@lru_cache(4096)
def _day(text: str) -> date | str | None:
    """The day, nothing, or why it is none. Day first, as in the exports of review tools; ISO 8601 cannot be misread."""
    text = text.strip()
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return f"decided_on {text!r} is not a date; write 2024-12-31 or 31/12/2024"
