"""What a verifier says of a coder's coding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.extraction.answers import Answers
from tasks.extraction.form import Coding, Place, Values, column, filled, question
from tasks.formats.question import neither
from tasks.formats.worklist import Row
from warehouse.configuration.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Verdict:
    """Agree or change, whose coding it is of, and why."""

    verdict: str
    coder: str
    note: str | None


def undecided(rows: Sequence[Row], codings: Sequence[Coding], codebook: Codebook) -> bool:
    """Whether a verifier has not come to this study yet: nothing said, and the cells as some coding had them.

    Cells that were changed without a verdict are work that must not be passed over, so they count as a decision.
    """
    said = any(row.values.get(name) for row in rows for name in ("verdict", "note", "decided_on"))
    asked = [question(dimension) for dimension in codebook.dimensions if dimension.multiple]
    said = said or any(neither(row.values, one) for row in rows for one in asked)
    return not said and any(as_sent(rows, coding, codebook) for coding in codings)


def as_sent(rows: Sequence[Row], coding: Coding, codebook: Codebook) -> bool:
    """Whether the rows say what a coding says, quotes included, in whatever order they were sorted."""
    names = ("group", "quote", "page", *(column(dimension) for dimension in codebook.dimensions))

    def told(row: dict[str, str]) -> tuple[str, ...]:
        return tuple(" ".join(row.get(name, "").split()) for name in names)

    return Counter(told(row.values) for row in rows) == Counter(told(row) for row in filled(coding, codebook))


def judge(rows: Sequence[Row], answers: Answers, codings: Sequence[Coding], codebook: Codebook) -> Verdict | None:
    """The verdict on one study, or none: then ``answers`` has the reasons. One row that says change changes the coding."""
    verdicts = {row.line: row.values.get("verdict", "").casefold() for row in rows}
    for row in rows:
        if verdicts[row.line] not in ("agree", "change") and (verdicts[row.line] or row.values.get("check")):
            answers.fault(row.line, "verdict is missing: agree or change")
    verdict = "change" if "change" in verdicts.values() else "agree"
    line = next((at for at, said in verdicts.items() if said == verdict), rows[0].line)
    standing = [coding for coding in codings if coding.stands]
    standing = [coding for coding in standing if not coding.again] or standing
    if len(standing) != 1:
        answers.fault(line, f"there are {len(standing)} codings of this study, so there is nothing to verify")
        return None
    coding = standing[0]
    if rows[0].values.get("reviewer") == coding.reviewer:
        answers.fault(line, "the verifier is the coder; somebody else has to verify")
    if not answers.faults:
        _consistent(verdict, line, rows, answers, coding, codebook)
    notes = dict.fromkeys(row.values["note"] for row in rows if row.values.get("note"))
    return Verdict(verdict, coding.reviewer, "; ".join(notes) or None)


def _consistent(verdict: str, line: int, rows: Sequence[Row], answers: Answers, coding: Coding, codebook: Codebook) -> None:
    """Adds a fault where the verdict and the cells contradict each other."""
    if verdict == "change":
        if not any(row.values.get("note") for row in rows):
            answers.fault(line, "verdict is change: give the reason in note")
        if as_sent(rows, coding, codebook):
            answers.fault(line, "verdict is change, and every cell is still the coder's: write the new values into the row")
    now, then = _plain(answers.values, codebook), _plain(coding.values, codebook)
    differ = sorted({at[1] for at in {**now, **then} if now.get(at) != then.get(at)})
    judged = [one.id for one in codebook.appraised if one.id in differ]
    what = ", ".join(judged or differ)
    if judged:
        answers.fault(line, f"{what}: two people judge it of every study now, each alone; leave it as the coder had it")
    elif verdict == "agree" and differ:
        answers.fault(line, f"verdict is agree, and {what} is not what the coder says now: write change, and why in note")


def _plain(values: Values, codebook: Codebook) -> dict[Place, frozenset[str]]:
    """Values without codes that others are within, and with runs of space as one: programs rewrite the line ends of text."""
    plain = {at: {" ".join(code.split()) for code in codes} for at, codes in values.items()}
    return {at: frozenset(codes) if (dimension := codebook.dimension(at[1])) is None else dimension.narrowest(codes)
            for at, codes in plain.items()}  # fmt: skip
