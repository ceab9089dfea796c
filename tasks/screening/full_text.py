"""Full texts that people hand in: a PDF that is named after the id of its paper, or of all papers that are in it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

FOLDER = "full_texts"
READS = ("staging.citation", "staging.citation_alias", "staging.citation_record")
_ID = re.compile(r"c[0-9a-f]{16}(?![0-9a-f])")
_PDF = b"%PDF-"
_WITHIN = 1024  # bytes before which a PDF has to begin (ISO 32000-2, 7.5.2 and annex I)
_HERE = Path(__file__).parent


def is_full_text(data: bytes) -> bool:
    """Whether a file is a PDF."""
    return _PDF in data[:_WITHIN]


def take(name: str, raw: str, tables: Tables, review: Review, as_of: datetime) -> pa.Table | str:
    """Rows of log.full_text for each paper whose id stands in the file's ``name``; ``raw`` is its SHA-256.

    A text: why it is of none.
    """
    ids = sorted(set(_ID.findall(name)))
    if not ids:
        return "no paper's id is in its name; name a full text after the id of its paper, such as c0123456789abcdef.pdf"
    with Engine({one: tables[one] for one in READS}) as engine:
        papers = engine.rows(_HERE / "full_text.sql", names=ids)
    known = {str(paper["name"]) for paper in papers}
    if lost := [one for one in ids if one not in known]:
        return f"no paper is known by the id {' nor '.join(map(repr, lost))}"
    rows = {
        str(paper["citation_id"]): {
            "review": review.id, "path": f"{FOLDER}/{paper['citation_id']}-{raw[:12]}.pdf", "raw": raw, "as_of": as_of,
            "citation_id": paper["citation_id"], "record_ids": paper["record_ids"],
        }
        for paper in papers
    }  # fmt: skip
    return table("log.full_text").of_rows(rows.values())
