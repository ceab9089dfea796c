"""What protocol and codebook say, as tables, so that SQL can join them."""

from __future__ import annotations

import pyarrow as pa

from warehouse.review import Review
from warehouse.tables.catalogue import table


def frame(review: Review) -> dict[str, pa.Table]:
    """staging.dimension, staging.code, staging.map_axis, staging.not_applicable and staging.reason of a review."""
    return {
        "staging.dimension": table("staging.dimension").of_rows(_dimensions(review)),
        "staging.code": table("staging.code").of_rows(_codes(review)),
        "staging.map_axis": table("staging.map_axis").of_rows(_axes(review)),
        "staging.not_applicable": table("staging.not_applicable").of_rows(_not_applicable(review)),
        "staging.reason": table("staging.reason").of_rows(
            {"review": review.id, "reason": reason.id, "label": reason.label, "position": position}
            for position, reason in enumerate(review.protocol.screening.full_text.reasons, 1)
        ),
    }


def _dimensions(review: Review) -> list[dict[str, object]]:
    return [
        {"review": review.id, "dimension": one.id, "label": one.label, "definition": one.definition, "role": one.role,
         "multiple": one.multiple, "grouped": one.grouped, "text": one.text,
         "units": list(one.number.units) if one.number else None, "not_reported": one.not_reported,
         "appraisers": one.appraisers, "position": position}
        for position, one in enumerate(review.codebook.dimensions, 1)
    ]  # fmt: skip


def _codes(review: Review) -> list[dict[str, object]]:
    return [
        {"review": review.id, "dimension": dimension.id, "code": code.id, "label": code.label, "definition": code.definition,
         "kind": code.kind, "within": dimension.wider(code.id), "position": position}
        for dimension in review.codebook.dimensions
        for position, code in enumerate(dimension.codes, 1)
    ]  # fmt: skip


def _axes(review: Review) -> list[dict[str, object]]:
    return [
        {"review": review.id, "view": view.id, "title": view.title, "view_position": position, "axis": axis, "place": place,
         "dimension": dimension}
        for position, view in enumerate(review.protocol.map.views, 1)
        for axis, (place, dimension) in enumerate(
            [*(("row", name) for name in view.rows), *(("column", name) for name in view.columns)], 1
        )
    ]  # fmt: skip


def _not_applicable(review: Review) -> list[dict[str, object]]:
    return [
        {"review": review.id, "combination": combination, "dimension": dimension, "code": code, "why": one.why}
        for combination, one in enumerate(review.protocol.map.not_applicable, 1)
        for dimension, code in one.codes.items()
    ]
