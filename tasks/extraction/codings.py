"""What was said of a study, read back from the log as the form shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tasks.extraction.form import Coding, Place, asked_by, place
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine

_HERE = Path(__file__).parent

Said = Mapping[str, Sequence[Coding]]
"""The codings of each study, in a fixed order, replaced ones too."""


def of_studies(engine: Engine, studies: Iterable[str], task: str, codebook: Codebook, columns: Collection[str] = ()) -> Said:
    """What the coders said of studies, or of an appraisal the appraisers, on the dimensions that a task asks for.

    In the coding form, who has coded a study and judged it anew later is shown that judgement, and not the earlier one.
    ``columns``: of the sheet that came back. Needs `standing.compare`.
    """
    listed, book = list(studies), asked_by(task, codebook, columns)
    if task in ("appraisal", "appraisal_reconciliation"):
        return _read(engine, listed, book, True)
    found = _read(engine, listed, book, False)
    if task != "coding" or not codebook.appraised:
        return found
    judged = _read(engine, listed, codebook.of_two(True), True)
    names = {dimension.id for dimension in codebook.appraised}
    return {study: [_latest(one, judged.get(study, ()), names) for one in its] for study, its in found.items()}


def _latest(coding: Coding, judged: Sequence[Coding], appraised: Collection[str]) -> Coding:
    own = [one for one in judged if one.stands and one.reviewer == coding.reviewer and one.role == "appraiser"]
    if not own:
        return coding
    kept = {at: codes for at, codes in coding.values.items() if at[1] not in appraised}
    return replace(coding, values=kept | {at: codes for one in own for at, codes in one.values.items()})


def _read(engine: Engine, studies: list[str], codebook: Codebook, appraised: bool) -> dict[str, list[Coding]]:
    known = {dimension.id: dimension for dimension in codebook.dimensions}
    values: dict[tuple[str, ...], dict[Place, set[str]]] = {}
    quotes: dict[tuple[str, ...], dict[int, tuple[str, str]]] = {}
    said: dict[tuple[str, ...], tuple[bool, bool, str]] = {}
    for row in engine.run(_HERE / "codings.sql", studies=studies, appraised=appraised).to_pylist():
        key = (row["study_id"], row["reviewer"], row["raw"], row["shown_as"])
        said[key] = (not row["superseded"], row["again"], row["given_role"])
        of_key = values.setdefault(key, {})
        if row["dimension"] in known:
            at = place(row["group"], known[row["dimension"]])
            of_key.setdefault(at, set()).add(row["code"])
            if row["quote"] or row["page"]:
                quotes.setdefault(key, {}).setdefault(at[0], (row["quote"], row["page"]))
    found: dict[str, list[Coding]] = {}
    for of, of_key in values.items():
        frozen = {at: frozenset(codes) for at, codes in of_key.items()}
        found.setdefault(of[0], []).append(Coding(of[1], frozen, quotes.get(of, {}), *said[of]))
    return found
