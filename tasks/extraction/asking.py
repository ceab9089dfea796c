"""Who is asked for what: shared out evenly, the same each time, and nobody twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from warehouse.configuration.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Waiting:
    """A study that waits for somebody (a row of work.sql)."""

    study_id: str
    task: str
    double: bool
    unread: bool  # it is settled, and has a report that none of its coders was shown
    answered_by: Sequence[str]  # who has coded it; of an appraisal, who has judged it
    outdated_by: Sequence[str]  # who did so by a codebook that has changed so that it has to be done again
    asked_to_answer: Sequence[str]
    judged_by: Sequence[str]  # who judged what two people judge of every study
    shown_to: Sequence[str]  # who was sent what somebody else had judged, and had not judged it before
    requested: bool  # somebody has been asked to settle what stands there today
    asked_before: str | None  # who was asked to settle an earlier state of it
    sent: Sequence[Mapping[str, Any]]  # the last request to each person: worklist_id, shown_as, as_of, and whether it was whole

    @property
    def asked(self) -> list[str]:
        """Who was asked for what is still awaited of it."""
        if self.task in ("coding", "appraisal"):
            return [reviewer for reviewer in self.asked_to_answer if reviewer not in self.answered_by]
        return [self.asked_before] if self.requested and self.asked_before else []


@dataclass(frozen=True, slots=True)
class Request:
    """One study for one person; where it was sent before, on which list, under which id, and when."""

    task: str
    reviewer: str
    study_id: str
    worklist_id: str | None = None
    shown_as: str | None = None
    as_of: datetime | None = None
    anew: bool = False  # the person was asked before, of fewer reports


def outstanding(waiting: Iterable[Waiting]) -> list[Request]:
    """Requests that were made and are not answered, the oldest first.

    Where a report has come to the study since, the same person is asked anew, so that the answer is known to be of all of it.
    """
    found = []
    for study in waiting:
        last = {one["reviewer"]: one for one in study.sent}
        for reviewer in study.asked:
            one = last[reviewer]
            made = (one["worklist_id"], one["shown_as"], one["as_of"]) if one["whole"] else (None, None, None, True)
            found.append(Request(study.task, reviewer, study.study_id, *made))
    return sorted(found, key=lambda one: one.as_of or datetime.max)


def requests(waiting: Iterable[Waiting], protocol: Protocol) -> list[Request]:
    """New requests, in the order of ``waiting``, each to who has to answer anew, else who has least open work of that kind.

    Who codes or appraises has not seen what another one judged, a verifier did not code (and is the second appraiser, if
    there is one), and who reconciles coded or appraised neither (but for a team whose only adjudicator did). Where nobody fits,
    the study waits: the protocol has to name one more person.
    """
    listed = list(waiting)
    load = _open(listed)
    made = []
    for study in listed:
        wanted, candidates = _candidates(study, protocol)
        for reviewer in _least_busy(study, candidates, load)[:wanted]:
            load[study.task, reviewer] += 1
            made.append(Request(study.task, reviewer, study.study_id))
    return made


def _open(waiting: Iterable[Waiting]) -> Counter[tuple[str, str]]:
    load: Counter[tuple[str, str]] = Counter()
    for study in waiting:
        load.update((study.task, reviewer) for reviewer in study.asked)
    return load


def _candidates(study: Waiting, protocol: Protocol) -> tuple[int, list[str]]:
    """How many people are to be asked, and who can be."""
    coders, coded = protocol.with_role("coder"), set(study.answered_by)
    alone = [one for one in coders if one in study.outdated_by or one not in study.shown_to]
    if study.task in ("coding", "appraisal"):
        engaged = coded | set(study.asked_to_answer)
        if study.unread:  # those of its coders who are there; where none is left, one other codes it with all its reports
            there = [one for one in coders if one in study.outdated_by]
            free = [one for one in there or alone if one not in engaged]
            return len(free) if there else max(0, 1 - len(engaged)), free
        wanted = 2 if study.double or study.task == "appraisal" else 1
        return max(0, wanted - len(engaged)), [one for one in alone if one not in engaged]
    if study.requested:
        return 0, []
    said = set(study.judged_by) if study.task == "appraisal_reconciliation" else coded
    others = [one for one in coders if one not in said]
    if study.task in ("reconciliation", "appraisal_reconciliation"):
        adjudicators = protocol.with_role("adjudicator")
        others = [one for one in adjudicators if one not in said] or others or list(adjudicators)
    return 1, others


def _least_busy(study: Waiting, candidates: Sequence[str], load: Counter[tuple[str, str]]) -> list[str]:
    def order(reviewer: str) -> tuple[bool, bool, bool, int, bytes]:
        lot = sha256(f"{study.study_id}{reviewer}".encode()).digest()
        anew = reviewer in study.outdated_by  # knows the study, and has said what still holds of it
        appraised = study.task == "verification" and reviewer in study.judged_by  # knows the report, as the coder does
        return not anew, reviewer != study.asked_before, not appraised, load[study.task, reviewer], lot

    return sorted(candidates, key=order)
