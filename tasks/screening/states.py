"""The legal state changes of a citation at one screening stage, as tables that Python and SQL both read.

An event is what the standing judgements of a round amount to: ``agree_include`` (as many reviewers as the protocol asks for,
all of one mind), ``differ``, ``outcome_exclude``, ``resolved_include``… A round starts at ``awaiting_votes``; what has no row
in `TRANSITIONS` changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

STAGES = ("title_abstract", "full_text")
AWAITING, CONFLICT, DECIDED, REMOVED = "awaiting_votes", "conflict", "decided", "removed"

# What each legal decision counts as. At title and abstract a doubt goes on to the full text; there it has to be settled.
COUNTS_AS: dict[tuple[str, str], str] = {
    ("title_abstract", "include"): "include",
    ("title_abstract", "maybe"): "include",
    ("title_abstract", "exclude"): "exclude",
    ("full_text", "include"): "include",
    ("full_text", "exclude"): "exclude",
    ("full_text", "awaiting_classification"): "awaiting_classification",
    ("full_text", "ongoing"): "ongoing",
}
STATUSES = ("asked", "refused", "arrived", "not_retrieved")


REMOVALS = ("automation", "other", "withdrawn", "keep")


@dataclass(frozen=True, slots=True)
class Change:
    """The state that follows, and if that is ``decided``: what was decided, and what the decision rests on."""

    state: str
    decision: str | None = None
    basis: str | None = None


def _transitions() -> dict[tuple[str, str, str], Change]:
    table: dict[tuple[str, str, str], Change] = {}
    for stage in STAGES:
        table[stage, AWAITING, "too_few"] = Change(AWAITING)
        table[stage, AWAITING, "differ"] = Change(CONFLICT)
        table[stage, AWAITING, "outcomes_differ"] = Change(CONFLICT)
        for state in (AWAITING, CONFLICT, DECIDED):  # once somebody has voted; before, it is removed
            table[stage, state, "withdrawn"] = Change(DECIDED, "exclude", "withdrawal")
    table["title_abstract", AWAITING, "removed"] = Change(REMOVED)  # by a tool or for another reason, before anybody voted
    for decision in ("include", "exclude"):
        table["title_abstract", AWAITING, f"agree_with_tool_{decision}"] = Change(DECIDED, decision, "votes_and_tool")
    table["title_abstract", AWAITING, "tool_exclude"] = Change(DECIDED, "exclude", "tool")  # only where the protocol lets it
    for (stage, _), decision in COUNTS_AS.items():
        table[stage, AWAITING, f"agree_{decision}"] = Change(DECIDED, decision, "votes")
        table[stage, AWAITING, f"outcome_{decision}"] = Change(DECIDED, decision, "outcome")
        table[stage, CONFLICT, f"resolved_{decision}"] = Change(DECIDED, decision, "resolution")
    return table


TRANSITIONS = _transitions()

# Why something is refused, in words for the person who sent it.
_NO_THIRD = "the conflict is for those who voted on it to settle together, and this reviewer did not vote on it"
_NOT_YET = "{decision} is decided on the full text; on title and abstract write include, exclude or maybe"
ILLEGAL: dict[tuple[str, str], str] = {
    ("full_text", "maybe"): "maybe is for title and abstract; the full text has to be decided",
    ("title_abstract", "awaiting_classification"): _NOT_YET.format(decision="awaiting_classification"),
    ("title_abstract", "ongoing"): _NOT_YET.format(decision="ongoing"),
    ("full_text", "exclude_without_reason"): "an exclusion on the full text needs a reason",
    ("full_text", "reason_without_exclude"): "a reason is given, but the decision is not exclude",
    ("title_abstract", "resolved_by_voter"): "the conflict is for a third person to settle, and this reviewer voted on it",
    ("full_text", "resolved_by_voter"): "the conflict is for a third person to settle, and this reviewer voted on it",
    ("title_abstract", "resolved_by_third"): _NO_THIRD,
    ("full_text", "resolved_by_third"): _NO_THIRD,
}
NO_VOICE = {
    "unknown_tool": "tool {tool!r} is not screening.title_abstract.tool of the protocol; a person's vote has no tool",
    "at_full_text": "a tool has a voice at title and abstract only",
}
NOT_REMOVABLE = {
    "after_a_vote": "people have voted on this paper: exclude it, instead of taking it out before screening, or say withdrawn",
    "unknown_tool": "tool {tool!r} is not in screening.automation of the protocol",
    "other_without_note": "a removal for another reason than by a tool needs the reason in the note",
    "withdrawn_without_note": "who withdrew the paper, and why, has to be in the note",
}


def legal(stage: str) -> tuple[str, ...]:
    """The decisions that a person may take at a stage."""
    return tuple(decision for at, decision in COUNTS_AS if at == stage)


def change(stage: str, state: str, event: str) -> Change | None:
    """What an event does to a citation in a state; None where it does nothing, because it is not legal there."""
    return TRANSITIONS.get((stage, state, event))


def refusal(stage: str, decision: str, reason: str | None) -> str | None:
    """Why a decision cannot be taken at a stage, or None where it can."""
    if (stage, decision) not in COUNTS_AS:
        unknown = f"decision {decision!r} is not one of {', '.join(legal(stage))}"
        return ILLEGAL.get((stage, decision), unknown)
    if (decision == "exclude") == bool(reason):
        return None
    return ILLEGAL.get((stage, "reason_without_exclude" if reason else "exclude_without_reason"))


def transitions() -> pa.Table:
    """`TRANSITIONS` for SQL."""
    return pa.Table.from_pylist(
        [
            {"stage": stage, "state": state, "event": event, "next": to.state, "decision": to.decision, "basis": to.basis}
            for (stage, state, event), to in TRANSITIONS.items()
        ]
    )


def decisions() -> pa.Table:
    """`COUNTS_AS` for SQL."""
    rows = [{"stage": stage, "decision": given, "counts_as": folded} for (stage, given), folded in COUNTS_AS.items()]
    return pa.Table.from_pylist(rows)
