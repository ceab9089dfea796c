"""What the coders said of a study, read back from the log as the form shows it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tasks.extraction.form import Coding, Place, place
from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine

_HERE = Path(__file__).parent


def of_studies(engine: Engine, studies: Iterable[str], codebook: Codebook) -> dict[str, list[Coding]]:
    """The coders' codings by study, in a fixed order, replaced ones too; dimensions that the codebook lost are left out.

    Needs `standing.compare`.
    """
    known = {dimension.id: dimension for dimension in codebook.dimensions}
    values: dict[tuple[str, ...], dict[Place, set[str]]] = {}
    quotes: dict[tuple[str, ...], dict[int, tuple[str, str]]] = {}
    stands: dict[tuple[str, ...], bool] = {}
    again: dict[tuple[str, ...], bool] = {}
    for row in engine.run(_HERE / "codings.sql", studies=list(studies)).to_pylist():
        key = (row["study_id"], row["reviewer"], row["raw"], row["shown_as"])
        stands[key] = not row["superseded"]
        again[key] = row["again"]
        of_key = values.setdefault(key, {})
        if row["dimension"] in known:
            at = place(row["group"], known[row["dimension"]])
            of_key.setdefault(at, set()).add(row["code"])
            if row["quote"] or row["page"]:
                quotes.setdefault(key, {}).setdefault(at[0], (row["quote"], row["page"]))
    found: dict[str, list[Coding]] = {}
    for of, of_key in values.items():
        frozen = {at: frozenset(codes) for at, codes in of_key.items()}
        found.setdefault(of[0], []).append(Coding(of[1], frozen, quotes.get(of, {}), stands[of], again[of]))
    return found
