"""The tables as a page of the documentation: `python -m warehouse.tables.document > docs/tables.md`, or `make tables`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from warehouse.contract import Column, Table
from warehouse.tables.catalogue import TABLES

SCHEMAS = {
    "marts": "What analysts query and the map shows.",
    "staging": "What the marts are made of, as it stands today. In the team's release only.",
    "meta": "What a release says of itself.",
    "log": "Append-only: what was received, decided and published. Kept beside the releases, in none of them.",
}
_HEAD = """# Tables

Every table and column, as `warehouse/tables/` declares them; this page is written from there by `make tables`. A release has the same
with its numbers of rows as `docs/dictionary.html`, and the warehouse as comments and in `meta."column"`.
"""


def document() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for schema, meaning in SCHEMAS.items():
        yield f"## {schema}\n\n{meaning}\n"
        for declared in TABLES.values():
            if declared.schema == schema:
                yield from _table(declared)


def _table(declared: Table) -> Iterator[str]:
    key = ", ".join(f"`{name}`" for name in declared.key)
    yield f"### {declared.qualified}\n\n{declared.meaning}\nKey: {key}. Written by `{declared.stage}`, for: {declared.audience}.\n"
    yield "| column | type | meaning |\n|---|---|---|"
    for column in declared.columns:
        yield f"| `{column.name}` | {column.type}{'' if column.nullable else ' not null'} | {_cell(declared, column)} |"
    yield ""


def _cell(declared: Table, column: Column) -> str:
    told = [column.meaning]
    if column.names:
        told.append(f"Names the codes of `{column.names}`.")
    if column.among:
        codes = (f"`{code}`" + (f" {column.labels[code]}" if column.labels else "") for code in column.among)
        told.append(f"One of: {'; '.join(codes)}.")
    if column.audience and column.audience is not declared.audience:
        told.append(f"For: {column.audience}.")
    return " ".join(told).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(document())
