"""The data that the page's script works on, a column at a time: keys are written once, not once a study."""

from __future__ import annotations

from typing import Any

from tasks.publish.pages.grid import HEATS, LARGEST, PER_DIGIT, ROUND, Grid
from tasks.publish.pages.plain import plain, web_address
from tasks.publish.pages.reading import Row, Rows
from warehouse.review import Review

_TEXTS = ("reference", "title", "journal", "volume", "issue", "pages", "doi", "pmid", "publisher")


def payload(rows: Rows, review: Review, grids: list[Grid]) -> dict[str, Any]:
    """Studies on the map, their codes, and the views; dimensions, codes and studies are called by their position."""
    coded = [dimension for dimension in review.codebook.dimensions if not dimension.text]
    texts = {dimension.id: dimension.label for dimension in review.codebook.dimensions if dimension.text}
    at = {dimension.id: position for position, dimension in enumerate(coded)}
    code_at = {(one.id, code.id): position for one in coded for position, code in enumerate(one.codes)}
    study_at = {row["study_id"]: position for position, row in enumerate(rows.studies)}
    known = [row for row in rows.codes if (row["dimension"], row["code"]) in code_at]
    told = [row for row in rows.codes if row["dimension"] in texts]
    return {
        "review": review.id,
        "release": rows.release["release_id"],
        "complete": not any(row["empty"] == "not_yet_coded" for row in rows.cells),
        "bubble": {"largest": LARGEST, "round": ROUND, "perDigit": PER_DIGIT, "heats": HEATS},
        "dimensions": [
            {"id": one.id, "label": one.label, "grouped": one.grouped,
             "codes": [{"id": code.id, "label": code.label} for code in one.codes]}
            for one in coded
        ],
        "views": [
            {"id": view.id, "most": one.most,
             "rows": [at[name] for name in view.rows], "columns": [at[name] for name in view.columns]}
            for view, one in zip(review.protocol.map.views, grids, strict=True)
        ],
        "studies": _studies(rows.studies),
        "codes": {
            "study": [study_at[row["study_id"]] for row in known],
            "group": [row["group"] for row in known],
            "dimension": [at[row["dimension"]] for row in known],
            "code": [code_at[row["dimension"], row["code"]] for row in known],
        },
        "texts": {
            "study": [study_at[row["study_id"]] for row in told],
            "label": [texts[row["dimension"]] for row in told],
            "text": [plain(row["code"]) for row in told],
        },
    }  # fmt: skip


def _studies(studies: list[Row]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [plain(row[name]) for row in studies] for name in _TEXTS}
    return columns | {
        "id": [row["study_id"] for row in studies],
        "kind": [row["kind"] for row in studies],
        "type": [row["type"] for row in studies],
        "year": [row["year"] for row in studies],
        "authors": [[plain(author, 200) for author in row["authors"] or ()] for row in studies],
        "link": [web_address(row["doi"], row["url"]) for row in studies],
        "synthetic": [row["synthetic"] for row in studies],
    }
