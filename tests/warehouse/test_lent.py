"""A DuckDB goes from one engine to the next, and takes nothing along."""

import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import lent
from warehouse.engine import CHUNK, Engine, EngineError
from warehouse.tables.catalogue import table

REASONS = [{"review": "r", "reason": name, "label": name.upper(), "position": place} for place, name in enumerate("cab")]


@pytest.fixture(autouse=True)
def none_idle(monkeypatch):
    monkeypatch.setattr(lent, "_idle", idle := type(lent._idle)(list))
    return idle


def waiting():
    return lent._idle[os.getpid(), lent.THREADS]


def test_the_next_engine_sees_nothing_of_the_last():
    things = "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
    with Engine({"staging.reason": table("staging.reason").of_rows(REASONS)}) as engine:
        engine.run("CREATE TEMP TABLE held AS FROM staging.reason; CREATE TABLE staging.made AS FROM held")
        engine.run("CREATE VIEW look AS FROM staging.made")
        assert len(engine.rows(things)) == 4
        database = engine._lent._instance
    assert waiting() == [database]
    with Engine({}) as engine:
        assert engine._lent._instance is database
        assert engine.rows(things) == []
        with pytest.raises(EngineError, match="held"):
            engine.run("FROM held")


def test_two_at_a_time_have_one_each():
    with Engine({}) as one, Engine({}) as other:
        one.run("CREATE TABLE mine AS SELECT 1 AS n")
        with pytest.raises(EngineError, match="mine"):
            other.run("FROM mine")
    assert len(waiting()) == 2


def test_what_another_thread_takes_first_is_made_anew(monkeypatch):
    class Seen(list):
        def __bool__(self):
            return True  # it was there a moment ago

    monkeypatch.setattr(lent, "_idle", {(os.getpid(), lent.THREADS): Seen()})
    with Engine({}) as engine:
        assert engine.rows("SELECT 1 AS n") == [{"n": 1}]


def test_a_file_that_was_changed_is_read_anew(tmp_path):
    path = tmp_path / "reason.parquet"
    for n in (1, 2, 3):
        pq.write_table(table("staging.reason").of_rows(REASONS[:n]), path)
        os.utime(path, (0, 0))
        with Engine({"staging.reason": path}) as engine:
            assert engine.rows("SELECT count(*) AS n FROM staging.reason") == [{"n": n}]
    assert len(waiting()) == 1


def test_what_had_a_file_open_or_came_to_grief_is_not_lent_again(tmp_path):
    with Engine({}) as engine:
        engine.attach(tmp_path / "kept.duckdb", "kept")
        engine.run("CREATE TABLE kept.kept AS SELECT 1 AS n")
    assert waiting() == []
    with pytest.raises(EngineError), Engine({}) as engine:
        engine.run("FROM nowhere")
    assert waiting() == []
    with Engine({}) as engine:
        engine.attach(tmp_path / "kept.duckdb", "kept")
        assert engine.rows("FROM kept.kept") == [{"n": 1}]


@pytest.mark.parametrize("threads", [1, 4])
def test_the_same_rows_on_any_number_of_threads(threads, monkeypatch):
    monkeypatch.setattr(lent, "THREADS", threads)
    size = 5 * CHUNK
    rows = pa.table({"review": ["r"] * size, "reason": [f"{n * 7919 % size:06}" for n in range(size)]})
    rows = rows.append_column("label", rows["reason"]).append_column("position", pa.array(range(size), pa.int32()))
    with Engine({"staging.reason": table("staging.reason").conform(rows)}) as engine:
        assert engine.rows("SELECT current_setting('threads') AS n") == [{"n": threads}]
        made = engine.produce("staging.reason", "FROM staging.reason")
    assert made.column("reason").to_pylist() == [f"{n:06}" for n in range(size)]
