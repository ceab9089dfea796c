"""What the contract says of every table, as expectations: columns, types, key, nulls, closed lists. All of them stop."""

from __future__ import annotations

from collections.abc import Collection

from expectations.law import Check, Severity
from warehouse.contract import Audience, Column, Stage, Table
from warehouse.engine import literal, quoted
from warehouse.tables.catalogue import written_by

# Ids of people stay out of the examples of private tables: the file (raw) and the citation are enough to find the row.
_PEOPLE = {"reviewer", "reviewer_a", "reviewer_b"}
_DEFECT = "A defect of the stage that writes the table, or a file of another version: refresh again; if it stays, report it."


def of_stage(stage: Stage) -> tuple[Table, ...]:
    """The tables whose structure is checked when a stage is done."""
    return written_by(stage)


def expected(declared: Table, present: Collection[str], review: str) -> list[Check]:
    """The structural expectations of a table.

    ``present`` are the columns that its file has. Checks of a missing column are left out: that of the columns names it.
    """
    here = [column for column in declared.columns if column.name in present]
    checks = [_columns(declared), _types(declared)]
    if set(declared.key) <= set(present):
        checks.append(_unique(declared))
    if "review" in present and "review" in declared.column_names:
        checks.append(_one_review(declared, review))
    required = [column for column in here if not column.nullable]
    if required:
        checks.append(_required(declared, required))
    checks += [_among(declared, column) for column in here if column.among]
    naming = [pair for pair in declared.naming() if {pair[0].name, pair[1].name} <= set(present)]
    return [*checks, _named(declared, naming)] if naming else checks


def _check(declared: Table, name: str, meaning: str, sql: str, expectation: str, **arguments: object) -> Check:
    return Check(name, declared.qualified, Severity.STOP, meaning, _DEFECT, sql, expectation, arguments)


def _shown(declared: Table, *more: str) -> str:
    """The columns by which a failing row is found, then those that are at fault."""
    hidden = _PEOPLE if declared.audience is Audience.PRIVATE else set()
    return ", ".join(quoted(name) for name in dict.fromkeys((*declared.key, *more)) if name not in hidden)


def _from(declared: Table) -> str:
    return f"FROM {quoted(declared.qualified)}"


def _declared_columns(declared: Table) -> str:
    rows = ", ".join(f"({n}, {literal(one.name)}, {literal(one.type)})" for n, one in enumerate(declared.columns, start=1))
    return (
        "SELECT coalesce(d.position, f.position) AS position, d.name AS declared, d.type AS declared_type,\n"
        "    f.name AS found, f.type AS found_type\n"
        f"FROM (VALUES {rows}) AS d (position, name, type)\n"
        "FULL JOIN (\n"
        "    SELECT column_index AS position, column_name AS name, data_type AS type FROM duckdb_columns()\n"
        f"    WHERE schema_name = {literal(declared.schema)} AND table_name = {literal(declared.name)}\n"
        ") AS f\n"
    )


def _columns(declared: Table) -> Check:
    sql = f"{_declared_columns(declared)}USING (position)\nWHERE d.name IS DISTINCT FROM f.name"
    meaning = "It has exactly the declared columns, in their order."
    arguments = {"column_list": list(declared.column_names)}
    return _check(declared, "columns", meaning, sql, "ExpectTableColumnsToMatchOrderedList", **arguments)


def _types(declared: Table) -> Check:
    sql = f"{_declared_columns(declared)}USING (name)\nWHERE d.type <> f.type"
    return Check("types", declared.qualified, Severity.STOP, "Its columns have the declared types.", _DEFECT, sql)


def _unique(declared: Table) -> Check:
    by = ", ".join(quoted(name) for name in declared.key)
    sql = f"SELECT {_shown(declared)}, count(*) OVER (PARTITION BY {by}) AS times\n{_from(declared)}\nQUALIFY times > 1"
    meaning = f"No two rows have the same key ({', '.join(declared.key)})."
    if len(declared.key) == 1:
        return _check(declared, "key_unique", meaning, sql, "ExpectColumnValuesToBeUnique", column=declared.key[0])
    arguments = {"column_list": list(declared.key), "ignore_row_if": "never"}
    return _check(declared, "key_unique", meaning, sql, "ExpectCompoundColumnsToBeUnique", **arguments)


def _one_review(declared: Table, review: str) -> Check:
    sql = f"SELECT {_shown(declared)}\n{_from(declared)}\nWHERE review <> {literal(review)}"
    arguments = {"column": "review", "value_set": [review]}
    return _check(declared, "review", "All rows are of this review.", sql, "ExpectColumnValuesToBeInSet", **arguments)


def _required(declared: Table, columns: list[Column]) -> Check:
    """One check for all columns of a table: one by one they would be most of the checks, and most of their time."""
    missing = ", ".join(f"CASE WHEN {quoted(one.name)} IS NULL THEN {literal(one.name)} END" for one in columns)
    anywhere = " OR ".join(f"{quoted(one.name)} IS NULL" for one in columns)
    sql = f"SELECT {_shown(declared)}, concat_ws(', ', {missing}) AS missing\n{_from(declared)}\nWHERE {anywhere}"
    meaning = f"Every row gives {', '.join(one.name for one in columns)}."
    return Check("required", declared.qualified, Severity.STOP, meaning, _DEFECT, sql)


def _among(declared: Table, column: Column) -> Check:
    allowed = ", ".join(literal(value) for value in column.among)
    sql = f"SELECT {_shown(declared, column.name)}\n{_from(declared)}\nWHERE {quoted(column.name)} NOT IN ({allowed})"
    meaning = f"{column.name} is one of {', '.join(column.among)}."
    arguments = {"column": column.name, "value_set": list(column.among)}
    return _check(declared, f"{column.name}_among", meaning, sql, "ExpectColumnValuesToBeInSet", **arguments)


def _named(declared: Table, naming: list[tuple[Column, Column]]) -> Check:
    """One check for all columns that name the codes of closed lists."""
    wrong = [f"{quoted(one.name)} IS DISTINCT FROM {_name(codes)}" for one, codes in naming]
    listed = ", ".join(f"CASE WHEN {bad} THEN {literal(one.name)} END" for bad, (one, _) in zip(wrong, naming, strict=True))
    sql = f"SELECT {_shown(declared)}, concat_ws(', ', {listed}) AS misnamed\n{_from(declared)}\nWHERE {' OR '.join(wrong)}"
    meaning = f"{', '.join(one.name for one, _ in naming)}: each code has the name that is declared for it."
    return Check("named", declared.qualified, Severity.STOP, meaning, _DEFECT, sql)


def _name(codes: Column) -> str:
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(name)}" for code, name in codes.labels.items())
    return f"CASE {quoted(codes.name)} {cases} END"
