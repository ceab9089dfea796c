"""Worklists of this stage: what is to be coded, verified and reconciled, as files for people and as rows of the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from tasks.extraction.asking import Request, Waiting, requests
from tasks.extraction.codings import of_studies
from tasks.extraction.differences import reconciling
from tasks.extraction.form import SPARE, Coding, columns, filled, guide, is_grouped, questions
from tasks.extraction.standing import prepare, with_logs
from tasks.formats.worklist import Worklist, row, unused
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent


def worklists(tables: Tables, review: Review, as_of: datetime) -> tuple[list[Worklist], pa.Table]:
    """New files, one for each task and person that has new work, and their rows for log.worklist.

    Needs staging.citation, staging.citation_record, staging.funnel, staging.dimension and the logs draw, coding, verification
    and worklist. What was issued is not issued again, unless a coder changed the coding after it was sent to be settled.
    """
    people = [person.id for person in review.protocol.people]
    with Engine(with_logs(tables)) as engine:
        prepare(engine, review.codebook)
        waiting = [Waiting(**study) for study in engine.run(_HERE / "work.sql", people=people).to_pylist()]
        asked = requests(waiting, review.protocol)
        studies = sorted({one.study_id for one in asked})
        shown = {one["citation_id"]: one for one in engine.run(_HERE / "reference.sql", studies=studies).to_pylist()}
        codings = of_studies(engine, studies, review.codebook)
        taken = {one["worklist_id"] for one in engine.run("SELECT DISTINCT worklist_id FROM log.worklist").to_pylist()}
    by_file: dict[tuple[str, str], list[Request]] = {}
    for one in asked:
        by_file.setdefault((one.task, one.reviewer), []).append(one)
    files, issued = [], []
    for (task, reviewer), its in sorted(by_file.items()):
        worklist_id = unused(f"{task}-{reviewer}-{as_of:%Y%m%d}", taken)
        taken.add(worklist_id)
        rows = [
            {**row(worklist_id, task, reviewer, shown[one.study_id]), **entry}
            for one in its
            for entry in _entries(task, reviewer, codings.get(one.study_id, ()), review.codebook)
        ]
        book, spare = review.codebook, SPARE if is_grouped(review.codebook) else 0
        files.append(
            Worklist(
                worklist_id, task, reviewer, columns(task, book), tuple(rows), questions(task, book), guide(task, book), spare
            )
        )
        issued += [_logged(review, worklist_id, one, position, shown, as_of) for position, one in enumerate(its, 1)]
    return files, table("log.worklist").of_rows(issued)


def _entries(task: str, reviewer: str, codings: Sequence[Coding], codebook: Codebook) -> list[dict[str, str]]:
    standing = [one for one in codings if one.stands]
    if task == "coding":  # whoever codes again sees what still holds of their own coding, and nobody else's
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
