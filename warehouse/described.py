"""What a Parquet file of a release says of itself in its key-value metadata, for whoever meets it away from its release."""

from __future__ import annotations

import json

import pyarrow as pa

from warehouse.contract import Table
from warehouse.review import Review


def described(data: pa.Table, declared: Table, review: Review, **more: str) -> pa.Table:
    """``data`` with the table's meaning and key, the meanings of its columns as JSON, and what the review says of its release.

    Nothing of a run is in it, so that the same inputs give the same bytes. ``more`` is added.
    """
    release = review.protocol.release
    told = {
        "table": declared.qualified,
        "comment": declared.meaning,
        "key": ", ".join(declared.key),
        "columns": json.dumps({name: declared.column(name).meaning for name in data.column_names}, ensure_ascii=False),
        "review": review.id,
        "title": review.protocol.title,
        "licence": release.licence,
        "cite_as": release.cite_as,
        "synthetic": release.synthetic,
        **more,
    }
    return data.replace_schema_metadata({name: text for name, text in told.items() if text is not None})
