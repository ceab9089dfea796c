import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.shared import ROOT
from warehouse.contract import _ARROW
from warehouse.engine import CHUNK, Engine
from warehouse.tables.catalogue import table

REASONS = [{"review": "r", "reason": name, "label": name.upper(), "position": place} for place, name in enumerate("cab")]


@pytest.mark.fault(49)
def test_values_are_bound_and_never_become_sql():
    with Engine({}) as engine:
        evil = "'; DROP TABLE x; --"
        assert engine.rows("SELECT $text AS text", text=evil) == [{"text": evil}]


def test_each_statement_takes_the_parameters_that_it_names():
    with Engine({}) as engine:
        assert engine.rows("CREATE TEMP TABLE t AS SELECT $a AS n; SELECT n + $b AS sum FROM t", a=1, b=2) == [{"sum": 3}]


def test_produce_sorts_by_the_key_whatever_the_order_of_the_rows():
    made = []
    for rows in (REASONS, REASONS[::-1]):
        with Engine({"staging.reason": table("staging.reason").of_rows(rows)}) as engine:
            made.append(engine.produce("staging.reason", "SELECT * FROM staging.reason"))
    assert made[0].equals(made[1])
    assert made[0].column("reason").to_pylist() == ["a", "b", "c"]


@pytest.mark.fault(49)
def test_a_parquet_file_is_read_under_its_name_even_with_a_quote_in_its_path(tmp_path):
    path = tmp_path / "it's.parquet"
    pq.write_table(table("staging.reason").of_rows(REASONS), path)
    with Engine({"staging.reason": path}) as engine:
        assert engine.rows("SELECT count(*) AS n FROM staging.reason") == [{"n": 3}]


@pytest.mark.fault(50)
def test_python_variables_are_no_tables():
    secret = pa.table({"a": [1]})
    assert secret.num_rows == 1
    with Engine({}) as engine, pytest.raises(Exception, match="secret"):
        engine.run("SELECT * FROM secret")


def test_a_table_is_there_for_whatever_sql_looks_at_it():
    """By name, quoted, through a view that was made before the table was replaced, and in the list of columns."""
    first, second = (table("staging.reason").of_rows(REASONS[:n]) for n in (1, 2))
    with Engine({"staging.reason": first}) as engine:
        columns = "SELECT count(*) AS n FROM duckdb_columns() WHERE table_name = 'reason'"
        assert engine.rows(columns) == [{"n": len(first.column_names)}]
    with Engine({"staging.reason": first}) as engine:
        engine.run('CREATE TEMP VIEW through AS SELECT * FROM "staging"."reason"')
        assert engine.rows("SELECT count(*) AS n FROM through") == [{"n": 1}]
        engine.keep("staging.reason", second)
        assert engine.rows("SELECT count(*) AS n FROM through") == [{"n": 2}]
        assert engine.rows("SELECT count(*) AS n FROM staging.reason") == [{"n": 2}]


def test_a_table_grows_past_what_is_copied_and_shrinks_again():
    def numbers(n):
        return pa.table({"n": pa.array(range(n), pa.int64())})

    with Engine({"staging.n": numbers(3)}) as engine:
        engine.run("CREATE TEMP VIEW through AS SELECT * FROM staging.n")
        for size in (3, CHUNK, CHUNK + 1, 2 * CHUNK, 0, CHUNK + 1, 5):
            engine.keep("staging.n", numbers(size))
            for name in ("staging.n", "through"):
                said = engine.rows(f"SELECT count(*) AS n, coalesce(sum(n), 0)::BIGINT AS sum FROM {name}")
                assert said == [{"n": size, "sum": size * (size - 1) // 2}], name


def test_columns_have_the_same_types_with_no_few_and_many_rows():
    """Of all types of the contract, and of one that it does not know."""
    schema = pa.schema([pa.field(sql, arrow) for sql, arrow in _ARROW.items()])
    for one in (schema, schema.append(pa.field("UINTEGER", pa.uint32()))):
        for size in (0, 1, CHUNK + 1):
            rows = pa.table([pa.nulls(size, field.type) for field in one], schema=one)
            with Engine({"staging.all": rows}) as engine:
                found = engine.rows("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'all'")
                assert {row["data_type"] for row in found if row["data_type"] != row["column_name"]} == set()
                assert len(found) == len(one)
                assert engine.run("FROM staging.all").schema.types == one.types


def test_no_lambda_is_written_with_the_arrow_that_duckdb_2_takes_for_none():
    stages = ("tasks", "warehouse", "expectations", "flows")
    assert [path for stage in stages for path in (ROOT / stage).rglob("*.sql") if " -> " in path.read_text()] == []
