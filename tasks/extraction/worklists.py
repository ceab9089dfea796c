"""Worklists of this stage: what is to be coded, verified and reconciled, as files for people and as rows of the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.extraction.asking import Request, Waiting, outstanding, requests
from tasks.extraction.codings import of_studies
from tasks.extraction.differences import reconciling
from tasks.extraction.form import SPARE, Coding, asked_by, columns, filled, guide, is_grouped, questions
from tasks.extraction.standing import prepare, with_logs
from tasks.formats.worklist import Owed, Worklist, row, unused
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent


def owed(tables: Tables, review: Review) -> list[Owed]:
    """What each person owes of each task of this stage, sent or not, in studies."""
    with _prepared(tables, review) as engine:
        return _counted(_requested(engine, review))


def worklists(
    tables: Tables, review: Review, as_of: datetime, only: Collection[tuple[str, str]] | None = None
) -> tuple[list[Worklist], pa.Table]:
    """Files with all that their people owe, one for each task and person, and the rows of log.worklist for what is new in them.

    ``only`` has the tasks and people to make files for; without it, those for whom there is something new. Needs
    staging.citation, staging.citation_record, staging.funnel, staging.dimension and the logs draw, coding, verification and
    worklist. What was issued is not issued again, unless a coder changed the coding after it was sent to be settled, or the
    study has another report.
    """
    with _prepared(tables, review) as engine:
        by_file = _requested(engine, review)
        if only is None:
            only = {(one.task, one.reviewer) for one in _counted(by_file) if one.new}
        by_file = {key: its for key, its in by_file.items() if key in only}
        studies: dict[str, set[str]] = {}
        for (task, _), its in by_file.items():
            studies.setdefault(task, set()).update(one.study_id for one in its)
        every = sorted(set().union(*studies.values()))
        shown = {one["citation_id"]: one for one in engine.run(_HERE / "reference.sql", studies=every).to_pylist()}
        codings = {task: of_studies(engine, sorted(its), task, review.codebook) for task, its in studies.items()}
        taken = {one["worklist_id"] for one in engine.run("SELECT DISTINCT worklist_id FROM log.worklist").to_pylist()}
    files, issued = [], []
    for (task, reviewer), its in sorted(by_file.items()):
        worklist_id = unused(f"{task}-{reviewer}-{as_of:%Y%m%d}", taken)
        taken.add(worklist_id)
        book = asked_by(task, review.codebook)
        rows = [
            {**_leading(one, worklist_id, shown[one.study_id]), **entry}
            for one in its
            for entry in _entries(task, reviewer, codings[task].get(one.study_id, ()), book)
        ]
        spare = SPARE if is_grouped(book) else 0
        files.append(
            Worklist(
                worklist_id, task, reviewer, columns(task, book), tuple(rows), questions(task, book), guide(task, book), spare
            )
        )
        new = [one for one in its if one.worklist_id is None]
        issued += [_logged(review, worklist_id, one, position, shown, as_of) for position, one in enumerate(new, 1)]
    return files, table("log.worklist").of_rows(issued)


@contextmanager
def _prepared(tables: Tables, review: Review) -> Iterator[Engine]:
    with Engine(with_logs(tables)) as engine:
        prepare(engine, review.codebook)
        yield engine


def _requested(engine: Engine, review: Review) -> dict[tuple[str, str], list[Request]]:
    """What each person owes of each task: what was sent before, then what is new."""
    waiting = [Waiting(**study) for study in engine.run(_HERE / "work.sql", **review.protocol.waited_for).to_pylist()]
    by_file: dict[tuple[str, str], list[Request]] = {}
    for one in (*outstanding(waiting), *requests(waiting, review.protocol)):
        by_file.setdefault((one.task, one.reviewer), []).append(one)
    return by_file


def _counted(by_file: Mapping[tuple[str, str], Sequence[Request]]) -> list[Owed]:
    found = []
    for (task, reviewer), its in sorted(by_file.items()):
        days = [one.as_of for one in its if one.as_of]
        anew = any(one.anew for one in its)
        found.append(Owed(task, reviewer, len(its) - len(days), len(days), min(days, default=None), whole=anew))
    return found


def _leading(one: Request, worklist_id: str, shown: Mapping[str, object]) -> dict[str, str]:
    """The cells that say which study it is: as it was sent, if it was."""
    reference = {**shown, "citation_id": one.shown_as or one.study_id}
    return row(one.worklist_id or worklist_id, one.task, one.reviewer, reference)


def _entries(task: str, reviewer: str, codings: Sequence[Coding], codebook: Codebook) -> list[dict[str, str]]:
    standing = [one for one in codings if one.stands]
    if task in ("coding", "appraisal"):  # whoever codes again sees what still holds of their own coding, and nobody else's
        own = [one for one in standing if one.reviewer == reviewer]
        return filled(own[0], codebook) if own else [{}]
    valid = [one for one in standing if not one.again] or standing
    return filled(valid[0], codebook) if task == "verification" else reconciling(valid, codebook)


def _logged(
    review: Review, worklist_id: str, one: Request, position: int, shown: Mapping[str, Mapping[str, object]], as_of: datetime
) -> dict[str, object]:
    return {
        "review": review.id, "worklist_id": worklist_id, "task": one.task, "reviewer": one.reviewer, "round": 1,
        "citation_id": one.study_id, "record_ids": shown[one.study_id]["record_ids"], "position": position, "as_of": as_of,
    }  # fmt: skip
