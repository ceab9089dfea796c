"""What the simulated people think: the truth about each paper, and where each of them goes wrong.

No two people go wrong about the same thing. Who can err about a paper at a stage, or about a cell of a study's coding, is
drawn once from all who might be asked; whoever else is asked gets it right. So every error meets somebody who contradicts it,
and what the team settles on is the truth.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import frame
from papers import Paper
from truth import Study

REVIEWERS = {"r1": (10, 70), "r2": (14, 90), "r3": (20, 130), "r4": (12, 100)}  # per mille: wrong includes, misses
CODERS = ("r1", "r2", "r5", "r6")
FULL_TEXT_WRONG, REASON_WRONG, CELL_WRONG = 40, 50, 80  # per mille

DOUBTS = (
    "no abstract to speak of",
    "placement may be an outcome; the abstract is silent",
    "unclear whether families or carers were helped",
    "comparison not described",
)
QUOTES = (
    "Families were offered the service for six months",
    "The programme began with a home visit",
    "Records were followed until the child's placement or birthday",
    "Staff were trained over four days",
)


def title_abstract(paper: Paper, person: str) -> tuple[str, str]:
    """Decision and note of one reviewer."""
    draw = _draw("title_abstract", paper.number, person)
    relevant = paper.fate != "irrelevant"
    wrong_includes, misses = REVIEWERS.get(person, (0, 0))
    rate = misses if relevant else wrong_includes
    includes = relevant is not _errs("title_abstract", paper.number, person, tuple(REVIEWERS), rate)
    if includes and draw.random() < (0.12 if relevant else 0.5):
        return "maybe", draw.choice(DOUBTS)
    return ("include" if includes else "exclude"), ""


def full_text(paper: Paper, person: str) -> tuple[str, str, str]:
    """Decision, reason and note of one reviewer."""
    decision, reason, note = settled(paper)
    team, draw = tuple(REVIEWERS), _draw("full_text", paper.number, person)
    if paper.fate in frame.WAITING:
        return decision, reason, note
    if _errs("full_text", paper.number, person, team, FULL_TEXT_WRONG):
        wrong_reason = draw.choice(("wrong-outcome", "not-intervention"))
        return ("exclude", wrong_reason, "") if decision == "include" else ("include", "", "")
    if decision == "exclude" and _errs("reason", paper.number, person, team, REASON_WRONG):
        return "exclude", draw.choice([code for code in frame.EXCLUDED if code not in (reason, "duplicate-report")]), ""
    return decision, reason, note


def settled(paper: Paper) -> tuple[str, str, str]:
    """Decision, reason and note on the full text that are right."""
    if paper.fate == "included":
        return "include", "", ""
    if paper.fate == "ongoing":
        return "ongoing", "", "protocol only; results expected in 2019"
    if paper.fate == "awaiting_classification":
        return "awaiting_classification", "", "authors asked which children were followed"
    if paper.fate in frame.EXCLUDED:
        return "exclude", paper.fate, "another report of an included study" if paper.fate == "duplicate-report" else ""
    return "exclude", "not-intervention", ""


def cell(paper: Paper, study: Study, dimension: str, group: int, person: str) -> tuple[str, ...]:
    """The codes that one coder gives in one cell."""
    codes = study.codes(dimension, group)
    about = f"{dimension} {group}"
    if not _errs(about, paper.number, person, CODERS, CELL_WRONG):
        return codes
    draw = _draw(about, paper.number, person)
    others = [code for code in frame.CODES[dimension] if code not in codes]
    if dimension in frame.MULTIPLE and len(codes) > 1 and (not others or draw.random() < 0.5):
        return codes[1:]
    if dimension in frame.MULTIPLE and draw.random() < 0.6:
        return tuple(sorted((*codes, draw.choice(others)), key=frame.CODES[dimension].index))
    return (draw.choice(others),)


def summary(paper: Paper) -> str:
    """The text that everybody writes in the text dimension."""
    return f"{paper.title.partition(': ')[0]} ({paper.year}); synthetic."


def quote(paper: Paper, group: int) -> tuple[str, str]:
    """Words of the report on which the codes of a group rest, and their page."""
    draw = _draw("quote", paper.number, str(group))
    return f"{draw.choice(QUOTES)} (made-up quote)", str(draw.randint(*paper.pages))


def _errs(about: str, number: int, person: str, team: Sequence[str], per_mille: int) -> bool:
    """Whether this person is the one of the team who can err here, and does; the rate over all papers is ``per_mille``."""
    draw = _draw("error", about, number)
    return draw.choice(team) == person and draw.random() * 1000 < per_mille * len(team)


def _draw(*about: object) -> random.Random:
    return random.Random(" ".join(map(str, about)))
