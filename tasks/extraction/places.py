"""Which studies a sheet speaks of, and what is known of them: where each row belongs, or why it belongs nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.extraction.codings import Said, of_studies
from tasks.extraction.form import ROLES, Coding
from tasks.extraction.standing import compare, locate
from tasks.formats.worklist import Row, Sheet, fits
from warehouse.configuration.codebook import Codebook
from warehouse.configuration.protocol import Protocol
from warehouse.engine import Engine

_HERE = Path(__file__).parent
_INHERITED = ("worklist_id", "reviewer")  # a coder who adds a row for another group seldom copies these


@dataclass(frozen=True, slots=True)
class Study:
    """The rows of one study on one worklist, in the order of the sheet."""

    worklist_id: str
    citation_id: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """A study as it was sent out; ``study_id`` is what it is called today."""

    task: str
    citation_id: str
    record_ids: Sequence[str]
    study_id: str


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of the studies of a sheet: as issued (by worklist and id), as named today (id and title), and as coded."""

    issued: Mapping[tuple[str, str], Issued]
    named: Mapping[str, tuple[str, str]]
    codings: Mapping[str, Said]
    """What was said of each study, by the task that it is shown in."""

    def shown(self, one: Issued | None) -> Sequence[Coding]:
        """What the people who were asked could have been shown of the study."""
        return self.codings.get(one.task, {}).get(one.study_id, ()) if one else ()

    def issue(self, study: Study) -> Issued | None:
        """The request that the study answers: under the id that it had then, or the one that it has now."""
        now = self.named.get(study.citation_id, ("", ""))[0]
        return self.issued.get((study.worklist_id, study.citation_id)) or self.issued.get((study.worklist_id, now))

    def misplaced(self, study: Study, row: Row, protocol: Protocol) -> list[str]:
        """Why a row cannot be trusted to be about its study and from its reviewer."""
        if study.citation_id not in self.named:
            return [f"citation {study.citation_id!r} is not known in this review"]
        if self.issue(study) is None:
            return [f"citation {study.citation_id} is not on a coding worklist {study.worklist_id!r} that was sent out"]
        reasons = []
        if row.values.get("check") and not fits(row.values, self.named[study.citation_id][1]):
            reasons.append("check does not fit: id and title of this row do not belong together (was a column sorted alone?)")
        reviewer = row.values.get("reviewer", "")
        if reviewer not in {person.id for person in protocol.people}:
            reasons.append(f"reviewer {reviewer!r} is not in protocol.people")
        if reviewer != study.rows[0].values.get("reviewer", ""):
            reasons.append("the rows of this study name two reviewers")
        return reasons


def studies(sheet: Sheet) -> list[Study]:
    """The rows by worklist and citation. Cells that an added row leaves empty are those of the study's other rows."""
    first: dict[str, Row] = {}
    for row in sheet.rows:
        if row.values.get("worklist_id"):
            first.setdefault(row.values.get("citation_id", ""), row)
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in sheet.rows:
        citation_id = row.values.get("citation_id", "")
        model = first.get(citation_id, row).values
        values = row.values | {name: row.values.get(name) or model.get(name, "") for name in _INHERITED}
        grouped.setdefault((values["worklist_id"], citation_id), []).append(Row(row.line, values))
    return [Study(worklist_id, citation_id, tuple(rows)) for (worklist_id, citation_id), rows in grouped.items()]


def places(engine: Engine, found: Sequence[Study], codebook: Codebook, columns: Collection[str]) -> Places:
    """What is known of ``found``, the studies of a sheet with these columns."""
    locate(engine)
    worklists, names = sorted({one.worklist_id for one in found}), sorted({one.citation_id for one in found})
    sent = engine.run(_HERE / "issued.sql", worklists=worklists, tasks=list(ROLES)).to_pylist()
    issued = {(row.pop("worklist_id"), row["citation_id"]): Issued(**row) for row in sent}
    for (worklist_id, _), one in list(issued.items()):
        issued.setdefault((worklist_id, one.study_id), one)
    rows = engine.run(_HERE / "named.sql", names=names).to_pylist()
    named = {row["name"]: (row["citation_id"], row["title"]) for row in rows}
    shown: dict[str, set[str]] = {}
    for one in issued.values():
        if one.task in ("coding", "appraisal", "verification"):
            shown.setdefault(one.task, set()).add(one.study_id)
    if shown:
        compare(engine, codebook)
    codings = {task: of_studies(engine, sorted(its), task, codebook, columns) for task, its in shown.items()}
    return Places(issued, named, codings)
