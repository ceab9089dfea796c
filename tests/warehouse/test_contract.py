import pyarrow as pa
import pytest

from warehouse.contract import ContractError, Stage
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
