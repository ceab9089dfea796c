"""Framework matrices of the live release: one workbook a theme, for the synthesis that people write."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from flows.faults import BadInput
from tasks.formats import matrix
from tasks.formats.matrix import Study
from warehouse import files
from warehouse.engine import Engine
from warehouse.review import load
from warehouse.storage import Storage

_ROWS = "SELECT * FROM marts.framework ORDER BY theme, reference, study_id, dimension"
_GUIDE = (
    "Each row is a study on the map with this theme, each column a dimension of the coding frame.",
    "A cell has the codes that stand and, in quotation marks, the words of the report that they rest on, with their page.",
    "Of a study with several groups of codes, only those with this theme are here, and what is coded of the study as a whole.",
    "An empty cell: the study has no code of that dimension.",
    "The quotes are for those who write; they are in no public file.",
)


def matrices(folder: Path, root: Path) -> list[tuple[Path, int]]:
    """Writes the matrix of each theme with studies on the map; the files and their studies. `BadInput` without a release."""
    review = load(folder)
    storage = Storage(root, review.id)
    live = storage.current()
    if live is None:
        raise BadInput(f"{folder}: no release yet; evimap refresh {folder} makes one")
    as_of = datetime.fromisoformat(str(live.manifest["as_of"]))
    with Engine({"marts.framework": live.path("marts.framework")}) as engine:
        rows = engine.rows(_ROWS)
    dimensions = [(one.id, one.label) for one in review.codebook.dimensions if one.role != "theme"]
    made = []
    for (theme, label), its in groupby(rows, itemgetter("theme", "theme_label")):
        studies = [
            Study(str(key[0]), str(key[1]), str(key[2] or ""), {str(row["dimension"]): _said(row) for row in cells})
            for key, cells in groupby(its, itemgetter("study_id", "reference", "title"))
        ]
        path = storage.folder / "synthesis" / f"{theme}.xlsx"
        guide = (f"{label}: release {live.id}.", *_GUIDE)
        files.write(path, matrix.write(str(label), dimensions, studies, as_of, guide))
        made.append((path, len(studies)))
    return made


def _said(row: dict[str, object]) -> tuple[str, list[str]]:
    quotes = row["quotes"]
    return str(row["value"]), [str(one) for one in quotes] if isinstance(quotes, list) else []
