"""Sheets that come back: codings, reconciliations and verifications become rows of the logs, or go back with a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from tasks.extraction.answers import Answers, read
from tasks.extraction.form import ROLES, Coding, asked_by, cells_of, in_one_cell
from tasks.extraction.places import Issued, Places, Study, places, studies
from tasks.extraction.standing import with_logs
from tasks.extraction.verdicts import Verdict, as_sent, judge, undecided
from tasks.formats.worklist import Refused, Row, Sheet
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

ANOTHER = "another row of this study was refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet adds to the logs (only those that get rows), and the rows that go back to the person."""

    logs: dict[str, pa.Table]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """One study of the sheet that somebody has worked on."""

    study: Study
    issued: Issued | None
    rows: Sequence[Row]
    answers: Answers
    verdict: Verdict | None


def take(sheet: Sheet, raw: str, tables: Tables, review: Review, as_of: datetime) -> Taken:
    """Rows for log.coding and log.verification from a sheet that was issued as a worklist. ``raw`` is the file's SHA-256.

    Needs staging.citation, citation_alias, citation_record, funnel and dimension, and the logs coding, verification and
    worklist. A study is taken whole or not at all: half a coding must not count. Rows that nobody has filled in are left.
    """
    found = studies(in_one_cell(sheet, review.codebook))
    with Engine(with_logs(tables)) as engine:
        known = places(engine, found, review.codebook, sheet.columns)
    done = [one for one in (_read(study, sheet.columns, known, review) for study in found) if one]
    _once(done)
    logged: dict[str, list[dict[str, object]]] = {"log.coding": [], "log.verification": []}
    refused: list[Refused] = []
    for one in done:
        if one.answers.faults or one.issued is None:
            refused += _refused(one)
            continue
        shown = {"citation_id": one.issued.citation_id, "record_ids": one.issued.record_ids}
        common = {"review": review.id, **shown, "raw": raw, "as_of": as_of}
        if one.verdict:
            logged["log.verification"].append({**common, **_verification(one, one.verdict)})
        if not one.verdict or one.verdict.verdict == "change":
            logged["log.coding"] += [{**common, **code} for code in _codes(one, one.issued, review.codebook)]
    return Taken({name: table(name).of_rows(rows) for name, rows in logged.items() if rows}, tuple(refused))


def _read(study: Study, columns: Collection[str], known: Places, review: Review) -> _Read | None:
    """What was said of a study; none if nobody has come to it yet."""
    issued = known.issue(study)
    task = issued.task if issued else "coding"
    book = asked_by(task, review.codebook, columns)
    rows = [row for row in study.rows if _entered(row, book)]
    codings = known.shown(issued)
    if not rows or (task in ("reconciliation", "appraisal_reconciliation") and _unreconciled(rows, book)):
        return None
    if task == "verification" and undecided(rows, codings, book):
        return None
    if task == "coding" and _as_shown(rows, codings, book):
        return None
    if task == "appraisal" and _as_shown(rows, [one for one in codings if one.again], book):
        return None
    answers = read(rows, book)
    for row in rows:
        for reason in known.misplaced(study, row, review.protocol):
            answers.fault(row.line, reason)
    if task == "appraisal":
        _second(rows, answers, codings)
    verdict = judge(rows, answers, codings, book) if task == "verification" else None
    return _Read(study, issued, rows, answers, verdict)


def _entered(row: Row, codebook: Codebook) -> bool:
    """Whether a row has an entry. A group number alone is none: it says where an entry would belong."""
    codes = (name for dimension in codebook.dimensions for name in cells_of(dimension))
    names = ("quote", "page", "verdict", "note", "decided_on", *codes)
    return any(row.values.get(name) for name in names)


def _unreconciled(rows: Sequence[Row], codebook: Codebook) -> bool:
    """Whether all that was sent empty, because the codings differ in it, is still empty, no row was added and no day given."""
    cells = {dimension.id: cells_of(dimension) for dimension in codebook.dimensions}
    for row in rows:
        named = (line.split(":")[0].strip() for line in row.values.get("differs", "").splitlines())
        answered = any(row.values.get(cell) for name in named for cell in cells.get(name, ()))
        if answered or row.values.get("decided_on") or not row.values.get("check"):
            return False
    return True


def _as_shown(rows: Sequence[Row], codings: Sequence[Coding], codebook: Codebook) -> bool:
    """Whether a study that comes again says no more than what was shown of the coder's own coding."""
    own = [one for one in codings if one.stands and one.reviewer == rows[0].values.get("reviewer")]
    return not any(row.values.get("decided_on") for row in rows) and any(as_sent(rows, one, codebook) for one in own)


def _second(rows: Sequence[Row], answers: Answers, judged: Sequence[Coding]) -> None:
    """Faults an appraisal by somebody who has judged the study as its coder: the second one is somebody else's."""
    reviewer = rows[0].values.get("reviewer")
    if any(one.stands and not one.again and one.role == "coder" and one.reviewer == reviewer for one in judged):
        answers.fault(
            rows[0].line, "the appraiser coded the study, and has judged it there; somebody else has to be the second"
        )


def _once(done: Sequence[_Read]) -> None:
    """Faults a study that stands in the file a second time, for the same person and task, on another worklist."""
    seen: set[tuple[str, str, str]] = set()
    for one in done:
        if one.issued is None:
            continue
        reviewer = "" if one.verdict else one.rows[0].values.get("reviewer", "")
        key = (one.issued.task, reviewer, one.issued.citation_id)
        if key in seen:
            one.answers.fault(one.rows[0].line, "this study stands in the file twice; return one of the two")
        seen.add(key)


def _refused(one: _Read) -> list[Refused]:
    faults = one.answers.faults
    return [
        Refused(row.line, one.study.citation_id, "; ".join(dict.fromkeys(faults.get(row.line, [ANOTHER]))), row.values)
        for row in one.study.rows
    ]


def _verification(one: _Read, verdict: Verdict) -> Mapping[str, object]:
    return {
        "verifier": one.rows[0].values["reviewer"], "coder": verdict.coder, "verdict": verdict.verdict, "note": verdict.note,
        "decided_on": max(one.answers.days, default=None),
    }  # fmt: skip


def _codes(one: _Read, issued: Issued, codebook: Codebook) -> list[dict[str, object]]:
    return [
        {"reviewer": one.rows[0].values["reviewer"], "role": ROLES[issued.task], "group": given.place[0],
         "dimension": given.place[1], "code": given.code, "quote": given.quote, "page": given.page,
         "codebook": codebook.version, "decided_on": given.decided_on}
        for given in one.answers.given.values()
    ]  # fmt: skip
