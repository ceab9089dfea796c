"""Codings of earlier versions of the codebook, in the words of today's: nothing is silently given another meaning.

A code that was renamed or merged is read as what it became. One that was split stands for nothing until somebody has said
which of the new codes applies: the coding is then to be made again, as is one that lacks a dimension that was added for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from warehouse.configuration.codebook import Codebook
from warehouse.engine import Engine

_HERE = Path(__file__).parent
_SHAPE = pa.schema([
    ("codebook", pa.string()), ("dimension", pa.string()), ("code", pa.string()),
    ("new_dimension", pa.string()), ("new_code", pa.string()), ("new_answer", pa.string()), ("again", pa.bool_()),
    ("appraised", pa.bool_()), ("coded_again", pa.bool_()),
])  # fmt: skip
_WIDER = pa.schema([("dimension", pa.string()), ("code", pa.string()), ("wider", pa.string())])


def translate(engine: Engine, codebook: Codebook) -> None:
    """Keeps ``staging.said`` in ``engine``: log.coding in the words of today, and whether the coding is to be made ``again``.

    A row of a code that stands for nothing any more has neither dimension nor code.
    """
    given = engine.rows("SELECT DISTINCT codebook, dimension, code FROM log.coding")
    engine.keep("staging.translation", pa.Table.from_pylist([_translated(row, codebook) for row in given], schema=_SHAPE))
    wider = [
        {"dimension": dimension.id, "code": code.id, "wider": above}
        for dimension in codebook.dimensions
        for code in dimension.codes
        for above in dimension.wider(code.id)
    ]
    engine.keep("staging.wider", pa.Table.from_pylist(wider, schema=_WIDER))
    engine.keep("staging.said", engine.run(_HERE / "said.sql"))


def _translated(row: Mapping[str, object], codebook: Codebook) -> dict[str, object]:
    version, dimension, code = str(row["codebook"]), str(row["dimension"]), str(row["code"])
    named, codes = codebook.now(version, dimension, code)
    kept = named is not None and len(codes) == 1
    today = codebook.dimension(named) if named else None
    means = today.meant(codes[0]) if today and codes else codes[0] if codes else None
    specified = today is not None and any(one.specify and one.id == means for one in today.codes)
    worded = specified and codes and codes[0].startswith(f"{means}: ")  # words beside a code that takes none today say nothing
    appraised = today is not None and today.appraisers == 2
    return {
        **row, "new_dimension": named if kept else None, "new_code": means if kept else None,
        "new_answer": (codes[0] if worded else means) if kept else None,
        "again": codebook.asks_again(version, appraised) or (named is not None and len(codes) > 1), "appraised": appraised,
        "coded_again": codebook.asks_again(version, False),
    }  # fmt: skip
