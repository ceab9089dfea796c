"""The data that the page's script works on, beside the list of studies: a column at a time, without a key for each study."""

from __future__ import annotations

from typing import Any

from tasks.publish.pages.bands import band, bands, width
from tasks.publish.pages.grid import HEATS, in_words, why
from tasks.publish.pages.plain import plain
from tasks.publish.pages.reading import Row, Rows
from warehouse.configuration.codebook import Dimension
from warehouse.review import Review

KINDS = ("primary", "review", "ongoing")
YEARS = "Year"  # begins with a capital letter, which no id of a dimension can


def payload(rows: Rows, review: Review, uncoded: int, searched: str) -> dict[str, Any]:
    """Dimensions, views, and the studies' codes in the order of the list.

    A study's codes are those that hold for all of it, then those of each of its groups; a code is called by its place among
    the codes of all dimensions.
    """
    coded = [dimension for dimension in review.codebook.dimensions if dimension.codes]
    at = {dimension.id: position for position, dimension in enumerate(coded)}
    years = [row["year"] for row in rows.studies]
    types = sorted({row["type"] or "" for row in rows.studies})
    dimensions = [_dimension(one) for one in coded]
    if years:
        codes = [{"id": name, "label": name} for name in bands(years)]
        dimensions.append({"id": YEARS, "label": "Year of publication", "derived": True, "codes": codes})
    return {
        "review": review.id,
        "release": rows.release["release_id"],
        "complete": not uncoded,
        "uncoded": uncoded,
        "searched": searched,
        "reviews": any(code.kind == "review" for one in coded if one.role == "kind" for code in one.codes),
        "heats": HEATS,
        "never": [
            {"codes": [[at[name], _with_narrower(coded[at[name]], code)] for name, code in one.codes.items()],
             "words": plain(in_words(one, review.codebook)), "why": why(one)}
            for one in review.protocol.map.not_applicable
        ],
        "dimensions": dimensions,
        "views": [
            {"id": view.id, "title": plain(view.title), "rows": [at[name] for name in view.rows],
             "columns": [at[name] for name in view.columns]}
            for view in review.protocol.map.views
        ],
        "texts": [plain(dimension.label) for dimension in review.codebook.dimensions if not dimension.codes],
        "types": types,
        "studies": _columns(rows.studies, types),
        "codes": _codes(rows, coded, years),
    }  # fmt: skip


def _dimension(one: Dimension) -> dict[str, Any]:
    at = {code.id: position for position, code in enumerate(one.codes)}
    codes = [
        {"id": code.id, "label": plain(code.label)}
        | ({"definition": plain(code.definition)} if code.definition else {})
        | ({"within": at[code.within]} if code.within else {})
        for code in one.codes
    ]
    return {"id": one.id, "label": plain(one.label), "codes": codes} | ({"grouped": True} if one.grouped else {})


def _with_narrower(one: Dimension, wide: str) -> list[int]:
    """The positions of a code and of those within it."""
    return [position for position, code in enumerate(one.codes) if wide in (code.id, *one.wider(code.id))]


def _columns(studies: list[Row], types: list[str]) -> dict[str, list[Any] | str]:
    """What downloads and filters need, and the list has not apart; kinds and types by their position."""
    texts = ("volume", "issue", "pages", "publisher")
    columns: dict[str, list[Any] | str] = {name: [plain(row[name]) for row in studies] for name in texts}
    return columns | {
        "kind": "".join(str(KINDS.index(row["kind"]) if row["kind"] in KINDS else len(KINDS)) for row in studies),
        "type": [types.index(row["type"] or "") for row in studies],
        "year": [row["year"] for row in studies],
        "synthetic": "".join(str(int(row["synthetic"])) for row in studies),
    }


def _codes(rows: Rows, coded: list[Dimension], years: list[int | None]) -> list[list[list[int]]]:
    place = {key: n for n, key in enumerate((one.id, code.id) for one in coded for code in one.codes)}
    year = {name: len(place) + n for n, name in enumerate(bands(years))}
    wide = width(years)
    groups: dict[str, dict[int, list[int]]] = {row["study_id"]: {0: [year[band(row["year"], wide)]]} for row in rows.studies}
    for row in rows.codes:
        if row["study_id"] in groups and (row["dimension"], row["code"]) in place:
            groups[row["study_id"]].setdefault(row["group"], []).append(place[row["dimension"], row["code"]])
    return [[sorted(codes) for _, codes in sorted(one.items())] for one in groups.values()]
