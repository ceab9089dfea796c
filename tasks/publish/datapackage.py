"""``datapackage.json``: the tables of a release as a Frictionless Data Package (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from warehouse import files
from warehouse.contract import Column, Table
from warehouse.review import Review

TYPES = {
    "VARCHAR": "string", "VARCHAR[]": "array", "INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number",
    "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime", "BLOB": "string",
}  # fmt: skip
_LICENCE_NAME = re.compile(r"[-A-Za-z0-9._]+")  # what the specification takes for a name; else the licence is a file
LICENCE_FILE = "LICENSE.txt"


def package(
    folder: Path, tables: Mapping[str, Table], where: Mapping[str, Path], review: Review, release: str, as_of: str
) -> bytes:
    """The descriptor of ``tables``, whose files (CSV or Parquet) are at ``where`` in ``folder``, with sizes and hashes.

    No people are named: contributors are left out. A text column that may hold the empty text is not said to be required,
    as CSV has no other way to write what is absent.
    """
    said = review.protocol.release
    made: dict[str, object] = {
        "profile": "data-package", "name": f"{review.id}-{release}".lower(), "id": release, "version": release,
        "title": review.protocol.title, "description": _description(review), "created": as_of,
        "sources": [{"title": _source(one.database, one.platform)} for one in review.protocol.sources],
        "resources": [_resource(folder, where[name], declared) for name, declared in tables.items()],
    }  # fmt: skip
    if _LICENCE_NAME.fullmatch(said.licence):
        made["licenses"] = [{"name": said.licence}]
    elif said.licence != "not stated":
        made["licenses"] = [{"title": said.licence, "path": LICENCE_FILE}]
    return json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _description(review: Review) -> str:
    notice = review.protocol.release.synthetic
    return f"Synthetic: {notice} {review.protocol.question}" if notice else review.protocol.question


def _source(database: str, platform: str | None) -> str:
    return f"{database} ({platform})" if platform else database


def _resource(folder: Path, path: Path, declared: Table) -> dict[str, object]:
    is_csv = path.suffix == ".csv"
    described: dict[str, object] = {
        "name": declared.qualified.lower(), "path": path.relative_to(folder).as_posix(), "title": declared.qualified,
        "description": declared.meaning, "format": path.suffix[1:],
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "bytes": path.stat().st_size, "hash": f"sha256:{files.sha256_of_file(path)}",
        "schema": {
            "fields": [_field(one, is_csv) for one in declared.columns],
            "primaryKey": list(declared.key),
            "missingValues": [""],
        },
    }  # fmt: skip
    return described | ({"profile": "tabular-data-resource", "encoding": "utf-8"} if is_csv else {"profile": "data-resource"})


def _field(column: Column, is_csv: bool) -> dict[str, object]:
    made: dict[str, object] = {"name": column.name, "type": TYPES[column.type], "description": column.meaning}
    constraints: dict[str, object] = {}
    if not column.nullable and (column.type != "VARCHAR" or column.among or not is_csv):
        constraints["required"] = True
    if column.among:
        constraints["enum"] = list(column.among)
    return made | ({"constraints": constraints} if constraints else {})
