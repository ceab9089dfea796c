"""Every table of the pipeline, declared once.

From these declarations come the Parquet schemas, the comments in the warehouse and the structural expectations. The tables
themselves are listed by subject in `warehouse.tables`. Names are those of PRISMA 2020 (Page et al., BMJ 2021;372:n71).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc


class Stage(StrEnum):
    """The seven stages, in the order of the data."""

    SOURCES = "sources"
    RECORDS = "records"
    DEDUP = "dedup"
    SCREENING = "screening"
    EXTRACTION = "extraction"
    MARTS = "marts"
    PUBLISH = "publish"


class Audience(StrEnum):
    """Who may see a column: anybody, the review team, or nobody outside the log."""

    PUBLIC = "public"
    TEAM = "team"
    PRIVATE = "private"


_ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BLOB": pa.binary(),
}
_SQL = {arrow: sql for sql, arrow in _ARROW.items()}


def sql_type(arrow: pa.DataType) -> str | None:
    """The DuckDB type of an Arrow type; None where no column of the contract has it."""
    return _SQL.get(arrow)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its DuckDB type, its meaning, and the values it may take (``among``) if they are a closed list.

    A closed list may be a mapping: then each code has a name for people. ``names`` is the column of the same table whose codes
    this one names. If these are a closed list with names, no SQL has to give the column: `Table.conform` puts it beside them.
    """

    name: str
    type: str
    meaning: str
    nullable: bool = False
    among: Collection[str] = ()
    audience: Audience | None = None  # None: that of its table
    names: str | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """Names of the codes of a closed list; empty where they have none."""
        return self.among if isinstance(self.among, Mapping) else {}

    @property
    def arrow(self) -> pa.Field:
        """The Arrow field: list and scalar types of the contract have exactly one Arrow counterpart."""
        return pa.field(self.name, _ARROW[self.type], nullable=True, metadata={"comment": self.meaning})


@dataclass(frozen=True)
class Table:
    """One table: its schema in the warehouse, the stage that writes it, its key, its grain in words, and its columns."""

    schema: str  # log, staging, marts or meta
    name: str
    stage: Stage
    audience: Audience
    key: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]

    @property
    def qualified(self) -> str:
        """``staging.record``: how tables are called everywhere."""
        return f"{self.schema}.{self.name}"

    @cached_property
    def arrow(self) -> pa.Schema:
        """The Parquet schema, comments included."""
        return pa.schema([column.arrow for column in self.columns], metadata={"comment": self.meaning, "table": self.qualified})

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called ``name``; raises KeyError where there is none."""
        found = next((one for one in self.columns if one.name == name), None)
        if found is None:
            raise KeyError(f"{self.qualified} has no column {name!r}")
        return found

    def audience_of(self, column: Column) -> Audience:
        """Who may see a column of this table."""
        return column.audience or self.audience

    def naming(self) -> tuple[tuple[Column, Column], ...]:
        """Columns that name the codes of a closed list, each with the column of the codes."""
        pairs = ((one, self.column(one.names)) for one in self.columns if one.names)
        return tuple((one, codes) for one, codes in pairs if codes.labels)

    def conform(self, data: pa.Table) -> pa.Table:
        """``data`` with exactly this table's columns and types, in order; names of closed lists may be left to be filled in.

        Raises `ContractError` naming the column that is missing, unknown or of a type that does not convert without loss.
        """
        for column, codes in self.naming():
            if column.name not in data.column_names and codes.name in data.column_names:
                data = data.append_column(column.name, _named(data.column(codes.name), codes.labels))
        missing = [name for name in self.column_names if name not in data.column_names]
        unknown = [name for name in data.column_names if name not in self.column_names]
        if missing or unknown:
            raise ContractError(f"{self.qualified}: missing columns {missing}, unknown columns {unknown}; see warehouse/tables")
        arrays = []
        for column, wanted in zip(self.columns, self.arrow.types, strict=True):
            try:
                arrays.append(data.column(column.name).cast(wanted))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                got = data.schema.field(column.name).type
                raise ContractError(f"{self.qualified}.{column.name}: declared {column.type}, got {got} ({error})") from error
        return pa.Table.from_arrays(arrays, schema=self.arrow)

    def of_rows(self, rows: Iterable[dict[str, object]]) -> pa.Table:
        """A table of this shape from dictionaries; absent keys are null, unknown keys an error."""
        listed = list(rows)
        given = {key for row in listed for key in row}
        unknown = given - set(self.column_names)
        if unknown:
            raise ContractError(f"{self.qualified}: unknown columns {sorted(unknown)}")
        filled = {column.name for column, _ in self.naming()} - given
        schema = pa.schema([field for field in self.arrow if field.name not in filled])
        try:
            return self.conform(pa.Table.from_pylist(listed, schema=schema))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise ContractError(f"{self.qualified}: {error}") from error

    def empty(self) -> pa.Table:
        """No rows, the right columns."""
        return self.arrow.empty_table()


def _named(codes: pa.ChunkedArray, labels: Mapping[str, str]) -> pa.ChunkedArray:
    """The name of each code; none for no code, or one that is not in the list (which the gate tells)."""
    at = pc.index_in(codes, value_set=pa.array(list(labels), pa.string()))
    return pa.chunked_array([pa.array(list(labels.values()), pa.string()).take(chunk) for chunk in at.chunks], pa.string())


class ContractError(Exception):
    """A table does not have the shape that is declared for it: a defect of the pipeline, not of its input."""
