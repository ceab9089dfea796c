import re
from dataclasses import replace

import pyarrow as pa
import pytest

from warehouse.contract import Column, ContractError, Stage, Table
from warehouse.engine import Engine
from warehouse.tables.catalogue import TABLES, table, written_by


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_key_among_its_columns_and_a_meaning_for_each(name):
    declared = TABLES[name]
    assert set(declared.key) <= set(declared.column_names)
    assert len(set(declared.column_names)) == len(declared.columns)
    assert all(column.meaning.endswith(".") for column in declared.columns), "a meaning is a sentence"
    assert declared.arrow.names == list(declared.column_names)


@pytest.mark.parametrize("name", TABLES)
def test_the_declared_types_are_those_that_duckdb_gives_back(name):
    declared = TABLES[name]
    with Engine({name: declared.empty()}) as engine:
        described = engine.run(f'DESCRIBE SELECT * FROM {declared.schema}."{declared.name}"').to_pylist()
    assert [(row["column_name"], row["column_type"]) for row in described] == [(one.name, one.type) for one in declared.columns]


def test_every_table_but_logs_is_written_by_exactly_one_stage():
    written = [one.qualified for stage in Stage for one in written_by(stage)]
    assert sorted(written) == sorted(name for name in TABLES if not name.startswith("log."))


def test_conform_names_missing_and_unknown_columns():
    declared = table("staging.reason")
    wrong = declared.empty().drop_columns(["review"]).append_column("nonsense", pa.array([], pa.string()))
    with pytest.raises(ContractError, match=r"missing columns \['review'\], unknown columns \['nonsense'\]"):
        declared.conform(wrong)


def test_conform_names_the_column_that_does_not_convert():
    rows = pa.table({"review": ["r"], "reason": ["a"], "label": ["b"], "position": ["first"]})
    with pytest.raises(ContractError, match=r"staging\.reason\.position: declared INTEGER"):
        table("staging.reason").conform(rows)


def test_of_rows_refuses_a_column_that_nobody_declared():
    with pytest.raises(ContractError, match="lable"):
        table("staging.reason").of_rows([{"review": "r", "lable": "typing error"}])


CODES_OF_THE_REVIEW = re.compile(r"(dimension|code|theme|view)(_\d)?")
MARTS = [name for name in TABLES if name.startswith("marts.")]


@pytest.mark.parametrize("name", MARTS)
def test_each_code_of_a_mart_has_its_name_for_people_beside_it(name):
    declared = TABLES[name]
    codes = {one.name for one in declared.columns if one.among or CODES_OF_THE_REVIEW.fullmatch(one.name)}
    named = {one.names: one for one in declared.columns if one.names}
    assert codes <= set(named)
    for code, label in named.items():
        assert declared.column(code).nullable == label.nullable, code


@pytest.mark.parametrize("name", TABLES)
def test_codes_of_closed_lists_differ_and_so_do_their_names(name):
    for column in TABLES[name].columns:
        assert len(set(column.among)) == len(tuple(column.among))
        assert len(set(column.labels.values())) == len(column.labels)


def _kinds(*columns: Column) -> Table:
    kind = Column("kind", "VARCHAR", "Kind.", True, {"a": "An A"})
    return replace(table("staging.reason"), key=("kind",), columns=(kind, *columns))


def test_names_of_a_closed_list_are_put_beside_its_codes():
    declared = _kinds(Column("kind_label", "VARCHAR", "Its name.", True, names="kind"))
    data = declared.conform(pa.table({"kind": ["a", None, "unknown"]}))
    assert data.to_pydict() == {"kind": ["a", None, "unknown"], "kind_label": ["An A", None, None]}
    assert declared.of_rows([{"kind": "a"}]).to_pylist() == [{"kind": "a", "kind_label": "An A"}]
    assert declared.conform(pa.table({"kind": ["a"], "kind_label": ["B"]})).to_pylist() == [{"kind": "a", "kind_label": "B"}]
    assert declared.empty().column_names == ["kind", "kind_label"]


def test_names_of_codes_without_names_are_not_made_up():
    declared = replace(_kinds(Column("label", "VARCHAR", "Its name.", True, names="kind")), columns=(
        Column("kind", "VARCHAR", "Kind.", True), Column("label", "VARCHAR", "Its name.", True, names="kind")))  # fmt: skip
    with pytest.raises(ContractError, match=r"missing columns \['label'\]"):
        declared.conform(pa.table({"kind": ["a"]}))
