"""One row that a person filled in, read against what is known of it: a judgement, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
_SAID = ("task", "stage", "reviewer", "decision", "status", "reason", "decided_on", "voters", "tool")  # cells of a judgement
_TELLING = 40  # letters of a title that was cut
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?")


@dataclass(frozen=True, slots=True, eq=False)  # each is made once: the same is the same object, which is quickly told
class Judgement:
    """What a row says, whichever paper it is on, and every fault of that in words: with one, it cannot be taken.

    ``log`` is the table it belongs to; ``decision`` is the status in log.retrieval. ``remark`` is a reason in other words than
    the protocol's, for the note. ``tool`` is the tool that decided so, where one is named; ``unasked`` marks a vote of somebody
    who was not asked for it.
    """

    log: str
    stage: str
    round: int
    reviewer: str
    decision: str
    reason: str | None
    remark: str | None
    decided_on: date | None
    voters: tuple[str, ...]
    tool: str | None
    unasked: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row whose judgement can be taken. ``place`` is its place among the rows that somebody answered, from 0."""

    row: Row
    place: int
    citation_id: str
    said: Judgement
    note: str | None

    @property
    def key(self) -> tuple[object, ...]:
        """Entries with the same key say something about the same thing: a file may say it once."""
        whose = {"log.vote": self.said.reviewer, "log.tool_vote": self.said.tool}.get(self.said.log)
        return (self.said.log, self.citation_id, self.said.stage, self.said.round, whose)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the protocol says of a row: who takes part, the reasons by id and label, and who settles conflicts by stage."""

    people: frozenset[str]
    known_as: Mapping[str, str]  # names and addresses that other tools have for people
    only_asked: bool  # whether the vote of somebody who was not asked is refused
    reasons: Mapping[str, str]
    conflicts: Mapping[str, str]
    automation: frozenset[str]  # tools by whose word a paper may be out before screening
    tool: str | None  # the tool that has a voice at title and abstract

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
            tool=rules.title_abstract.tool,
            conflicts={"title_abstract": rules.title_abstract.conflicts, "full_text": rules.full_text.conflicts},
        )


def answer(values: Mapping[str, str]) -> str:
    """The decision or status as written, in the form of the tables."""
    return _code(values.get("status" if _code(values.get("task", "")) == "retrieval" else "decision", ""))


class Judge:
    """Reads rows against what is known of them. Rows that say the same in the same circumstances are judged once."""

    def __init__(self, rules: Rules, circumstances: Sequence[Mapping[str, Any]], as_of: datetime) -> None:
        self._rules, self._circumstances, self._as_of = rules, circumstances, as_of
        self._judged: dict[tuple[object, ...], Judgement | str] = {}

    def entry(self, row: Row, place: int, citation_id: str | None, title: str | None, at: int) -> Entry | str:
        """The entry, or why the row cannot be taken.

        ``citation_id`` and ``title`` are those of its paper today, if it is known; ``at`` is the number of its circumstances.
        """
        values = row.values
        if EXTRA in values:
            return "the row has more cells than there are columns; put text that contains the separator in double quotes"
        ours = "task" in values and "worklist_id" in values
        note = values.get("note", "").strip()
        key = (at, ours, bool(note), *map(values.get, _SAID))
        said = self._judged.get(key)
        if said is None:
            said = self._judged[key] = judge(values, ours, self._circumstances[at], self._rules, self._as_of)
        if isinstance(said, str):
            return said
        if citation_id is None:
            return _unknown(values)
        if faults := (*_misplaced(values, title or "", ours), *said.faults):
            return "; ".join(faults)
        return Entry(row, place, citation_id, said, "; ".join(text for text in (note, said.remark) if text) or None)


def judge(values: Mapping[str, str], ours: bool, known: Mapping[str, Any], rules: Rules, as_of: datetime) -> Judgement | str:
    """What a row says in the circumstances ``known``, by nothing but its cells `_SAID` and whether it has a note.

    A text, where it is not of this stage. ``ours`` tells a worklist of ours from a table of another make.
    """
    task = _code(values["task"] if ours else values.get("stage", ""))
    given, decision = values.get("reviewer", "").strip(), answer(values)
    reviewer = given if given in rules.people else rules.known_as.get(given.casefold(), given)
    unknown_voters = not ours and values.get("voters") == UNKNOWN
    stage = "full_text" if task == "retrieval" else task.removesuffix(_CONFLICT)
    if stage not in (*states.STAGES, *(() if ours else (_REMOVAL,))) or (not ours and task != stage):
        return (
            f"{'task' if ours else 'stage'} {task!r} is not one of {', '.join(ENTRY if ours else (*states.STAGES, _REMOVAL))}"
        )
    removal = stage == _REMOVAL
    voters = tuple(known["voters_title_abstract" if removal else f"voters_{stage}"])
    reason, remark = _reason(values, stage, rules)
    sent_for = known["task"] if ours else None
    faults = [] if sent_for in (None, task) else [f"this list was sent for the task {sent_for}"]
    if not unknown_voters:
        faults += _person(reviewer, known, rules)
    of_tool = not ours and not removal and "voters" not in values and bool(values.get("tool", "").strip())
    unasked = not unknown_voters and not of_tool and task == stage and _is_unasked(reviewer, known, stage)
    if unasked and rules.only_asked:
        faults.append(f"{reviewer} was not asked to decide on this paper (exchange.unasked)")
    if removal:
        faults += _not_removable(values, decision, voters, rules)
    elif task == "retrieval":
        faults += [] if decision in states.STATUSES else [f"status {decision!r} is not one of {', '.join(states.STATUSES)}"]
    else:
        faults += _undecidable(values, stage, decision, reason)
    if of_tool:
        faults += _without_a_voice(values["tool"].strip(), stage, rules)
    if task.endswith(_CONFLICT):
        faults += _settler(reviewer, voters, stage, known["with_tool"], rules)
    decided_on = _day(values.get("decided_on", ""))
    if isinstance(decided_on, str):
        faults.append(decided_on)
    elif decided_on and decided_on > as_of.date() + timedelta(days=1):  # a day is under way earlier in the east
        faults.append(f"decided_on {decided_on} is in the future: no later decision could ever take its place")
    return Judgement(
        log="log.tool_vote" if of_tool else "log.outcome" if unknown_voters and not removal else _LOGS.get(task, "log.vote"),
        stage=stage,
        round=1 if removal else known["round_sent"] or known[f"round_{stage}"],
        reviewer=reviewer,
        decision=decision,
        reason=reason,
        remark=remark,
        decided_on=None if isinstance(decided_on, str) else decided_on,
        voters=voters,
        tool=values.get("tool", "").strip() or None,
        unasked=unasked,
        faults=tuple(faults),
    )


@lru_cache(4096)  # a column has few words
def _code(text: str) -> str:
    """``Awaiting classification`` as awaiting_classification."""
    return re.sub(r"[\s\-]+", "_", text.strip().lower())


def _unknown(values: Mapping[str, str]) -> str:
    named = values.get("citation_id") or values.get("record_id") or ""
    if not named and values.get("title"):
        return f"no paper, or more than one, has the title {values['title'][:80]!r}, and the row has no id of ours"
    return f"no paper is known by the id {named!r}"


def _misplaced(values: Mapping[str, str], title: str, ours: bool) -> tuple[str, ...]:
    """A row of a worklist has to be the row that was sent; of another table, its title has to be that of the paper."""
    if ours:
        fault = "the check does not fit: the row was altered, or its title and id were moved apart (sorted or pasted)"
        return () if fits(values, title) else (fault,)
    apart = values.get("title") and not _alike(values["title"], title)
    return (f"the title is not that of the paper with this id ({title})",) if apart else ()


def _person(reviewer: str, known: Mapping[str, Any], rules: Rules) -> list[str]:
    if reviewer not in rules.people:
        return [f"reviewer {reviewer!r} is not in the protocol; a name of another tool belongs into known_as of a person"]
    if known["reviewer"] is not None and known["reviewer"] != reviewer:
        return [f"this list was sent to {known['reviewer']}, and the row says {reviewer}"]
    return []


def _is_unasked(reviewer: str, known: Mapping[str, Any], stage: str) -> bool:
    """Whether others were asked to vote, and this person was not; where nobody was, a list was made elsewhere."""
    asked = known.get(f"asked_{stage}", ())
    return bool(asked) and reviewer not in asked


def _alike(given: str, title: str) -> bool:
    """Whether two titles have the same letters and digits, as far as the shorter goes: tools cut long ones."""
    one, other = ("".join(letter for letter in text.casefold() if letter.isalnum()) for text in (given, title))
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _TELLING and one[:shorter] == other[:shorter])


def _without_a_voice(tool: str, stage: str, rules: Rules) -> list[str]:
    if stage != "title_abstract":
        return [states.NO_VOICE["at_full_text"]]
    return [] if tool == rules.tool else [states.NO_VOICE["unknown_tool"].format(tool=tool)]


def _settler(reviewer: str, voters: tuple[str, ...], stage: str, with_tool: bool, rules: Rules) -> list[str]:
    """A conflict is settled by whom the protocol says. Where none of the voters is left, no discussion is waited for.

    Nor where one person voted and a tool: the person alone would settle what the person said.
    """
    conflicts = rules.conflicts[stage]
    if conflicts == "discussion" and with_tool and stage == "title_abstract" and len(voters) == 1:
        conflicts = "third"
    if conflicts == "third" and reviewer in voters:
        return [states.ILLEGAL[stage, "resolved_by_voter"]]
    left = rules.people & set(voters)
    if conflicts == "discussion" and left and reviewer not in voters:
        return [states.ILLEGAL[stage, "resolved_by_third"]]
    return []


def _reason(values: Mapping[str, str], stage: str, rules: Rules) -> tuple[str | None, str | None]:
    """The reason's id, and what goes into the note: a reason in other words is legal on title and abstract."""
    given = values.get("reason", "").strip()
    if not given:
        return None, None
    known = rules.reasons.get(given.casefold()) or _first(given, rules)
    return known, f"reason: {given}" if known is None and stage == "title_abstract" else None


def _first(given: str, rules: Rules) -> str | None:
    """Of several reasons with commas between, as tools give them, the first in the protocol's order; none if one is unknown."""
    found = [rules.reasons.get(part.strip().casefold()) for part in given.split(",")]
    if len(found) < 2 or None in found:
        return None
    return next(reason for reason in dict.fromkeys(rules.reasons.values()) if reason in found)


def _not_removable(values: Mapping[str, str], decision: str, voters: tuple[str, ...], rules: Rules) -> list[str]:
    """What speaks against taking a paper out before screening; to keep it after all is always possible."""
    tool = values.get("tool", "").strip()
    if decision not in states.REMOVALS:
        return [f"decision {decision!r} is not one of {', '.join(states.REMOVALS)}"]
    faults = []
    if decision not in ("keep", "withdrawn") and voters:
        faults.append(states.NOT_REMOVABLE["after_a_vote"])
    if decision == "automation" and tool not in rules.automation:
        faults.append(states.NOT_REMOVABLE["unknown_tool"].format(tool=tool))
    if decision in ("other", "withdrawn") and not values.get("note", "").strip():
        faults.append(states.NOT_REMOVABLE[f"{decision}_without_note"])
    return faults


def _undecidable(values: Mapping[str, str], stage: str, decision: str, reason: str | None) -> list[str]:
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
