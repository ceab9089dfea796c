"""A parsed file as a table: one row per reference, with the content that makes two versions of a record the same or not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

import pyarrow as pa

from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import title_key

# What a record *is*. Notes, counts and scores are left out: they change without the paper changing.
CONTENT = ("type", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "abstract", "keywords",
           "language", "publisher", "urls")  # fmt: skip

ENTRIES = pa.schema(
    [
        ("position", pa.int32()), ("offset", pa.int64()), ("length", pa.int64()), ("accession", pa.string()),
        ("content", pa.string()), ("title_key", pa.string()), ("type", pa.string()), ("title", pa.string()),
        ("authors", pa.list_(pa.string())), ("year", pa.int32()), ("journal", pa.string()), ("volume", pa.string()),
        ("issue", pa.string()), ("pages", pa.string()), ("doi", pa.string()), ("pmid", pa.string()),
        ("abstract", pa.string()), ("keywords", pa.list_(pa.string())), ("language", pa.string()),
        ("publisher", pa.string()), ("url", pa.string()), ("notices", pa.list_(pa.string())),
        ("suggested_by", pa.string()), ("suggested_on", pa.string()),
        ("warnings", pa.list_(pa.string())),
    ]
)  # fmt: skip

REJECTS = pa.schema(
    [("offset", pa.int64()), ("length", pa.int64()), ("line", pa.int32()), ("reason", pa.string()), ("data", pa.binary())]
)


def entries(parsed: Parsed) -> pa.Table:
    """One row per reference of a file, in file order."""
    return _table((_entry(position, one) for position, one in enumerate(parsed.references)), ENTRIES)


def rejects(parsed: Parsed) -> pa.Table:
    """One row per piece that could not be read."""
    return _table((asdict(one) for one in parsed.rejected), REJECTS)


def _table(rows: Iterable[dict[str, object]], schema: pa.Schema) -> pa.Table:
    """Rows in one array of structs: for pages of few records Arrow is many times faster so than column by column."""
    structs = pa.array(list(rows), type=pa.struct(list(schema)))
    return pa.Table.from_batches([pa.RecordBatch.from_struct_array(structs)], schema=schema)


def _entry(position: int, reference: Reference) -> dict[str, object]:
    other = dict(reference.other)
    content = [getattr(reference, name) for name in CONTENT]
    if reference.notices:  # a record that is retracted has changed
        content.append(sorted(reference.notices))
    canonical = json.dumps(content, ensure_ascii=False).encode()
    return {
        "position": position,
        "offset": reference.offset,
        "length": reference.length,
        "accession": reference.accession,
        "content": hashlib.sha256(canonical).hexdigest(),
        "title_key": title_key(reference.title),
        **{name: getattr(reference, name) for name in CONTENT if name not in ("authors", "keywords", "urls")},
        "authors": list(reference.authors),
        "keywords": list(reference.keywords),
        "url": reference.urls[0] if reference.urls else None,
        "notices": list(reference.notices),
        "suggested_by": other.get("suggested_by"),
        "suggested_on": other.get("suggested_on"),
        "warnings": list(reference.warnings),
    }
