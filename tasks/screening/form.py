"""What screeners, adjudicators and librarians are asked, column by column, and how it is told to them."""

from __future__ import annotations

from tasks.formats.question import Choice, Question
from tasks.screening import states
from warehouse.review import Review

_MEANS = {
    "include": "goes on, or is included",
    "exclude": "is left out",
    "maybe": "cannot be told from title and abstract: goes on to the full text",
    "awaiting_classification": "cannot be decided yet, for example before an answer of the authors",
    "ongoing": "a study that fits and is not finished",
    "asked": "the full text was asked for, such as by inter-library loan or of the authors, and is awaited",
    "refused": "who was asked cannot or will not give it: another way is still to be tried",
    "arrived": "the full text is there",
    "not_retrieved": "the full text cannot be had",
}
_WHAT = {
    "title_abstract": "Decide on each title and abstract whether it goes on to the full text.",
    "title_abstract_conflict": "Two people decided differently on these titles and abstracts. Settle each.",
    "retrieval": "Say for each paper what came of the search for its full text. Each answer is kept beside earlier ones.",
    "full_text": "Decide on each full text; an exclusion needs its reason, the first in the list that applies.",
    "full_text_conflict": "People decided differently on these full texts, or gave different reasons. Settle each.",
}
_PILOT = "all reviewers decide on these, each alone, and talk about the rules before any other goes out."
RETURN = (
    "Fill in the yellow columns. A row left empty stays open: return the file as often as you like.",
    "Grey cells tell which row is which. A row whose id and title were moved apart comes back with the reason.",
    "The sheet is locked without a password (Review, Unprotect Sheet).",
)


def questions(task: str, review: Review) -> tuple[Question, ...]:
    """The columns that a task of this stage asks for."""
    if task == "retrieval":
        first = Question("status", "one", "What came of the search for the full text.", _choices(states.STATUSES))
    else:
        stage = task.removesuffix("_conflict")
        first = Question("decision", "one", "Your decision.", _choices(states.legal(stage)))
    asked = [first]
    if task.startswith("full_text"):
        reasons = tuple(Choice(reason.id, reason.label) for reason in review.protocol.screening.full_text.reasons)
        asked.append(Question("reason", "one", "For an exclusion: the first reason in this order that applies.", reasons))
    asked.append(Question("note", "text", "Anything that others should know."))
    asked.append(Question("decided_on", "date", "The day, such as 2026-01-31; may stay empty."))
    return tuple(asked)


def guide(task: str, review: Review, piloted: int = 0, papers: int = 0) -> tuple[str, ...]:
    """What to do, in sentences, with the rules of the protocol where the task decides by them.

    ``piloted`` of the ``papers`` are of a pilot: the first.
    """
    if task == "retrieval":
        return (_WHAT[task], *RETURN)
    rules = review.protocol.eligibility
    told = [f"Included is: {rule}" for rule in rules.include] + [f"Excluded is: {rule}" for rule in rules.exclude]
    tool = review.protocol.screening.title_abstract.tool
    voice = (
        (f"Where one person has decided, the other voice is that of {tool}.",)
        if tool and task == "title_abstract_conflict"
        else ()
    )
    which = "This is the pilot" if piloted == papers else f"The first {piloted} papers are the pilot"
    pilot = (f"{which}: {_PILOT}",) if piloted else ()
    return (_WHAT[task], *voice, *pilot, *RETURN, f"Eligibility, version {rules.version}:", *told)


def _choices(values: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(value, value.replace("_", " "), _MEANS[value]) for value in values)
