"""DuckDB over releases in a store of each kind: whole releases, resolved once, of one review or of many."""

import importlib.metadata
import importlib.util
import json
import threading

import duckdb
import pytest

from tests.s3 import reached_at
from tests.warehouse.stored import AS_OF, receive, release
from warehouse import files
from warehouse.archive import Damaged
from warehouse.build import inputs_of
from warehouse.release import MANIFEST, seal, write_manifest, written
from warehouse.shared import reading
from warehouse.shared.place import StoreAway
from warehouse.shared.reading import DISK, FSSPEC, HTTPFS, Unanswered, ask, opened
from warehouse.shared.store import Store
from warehouse.storage import Storage
from warehouse.tables.catalogue import table

PAGES = "SELECT count(*), min(number), max(number) FROM marts.study"
BOTH = "SELECT count(DISTINCT number) FROM (FROM marts.study UNION ALL FROM marts.theme)"


@pytest.fixture
def shared(store, storage):
    store.share(storage)
    return storage


def publish(storage, store, number):
    receive(storage, number)
    with storage.writing():
        made_live = release(storage, number).id
    store.share(storage)
    return made_live


def published(storage, rows, pipeline=None):
    """A live release of declared tables with these rows, made by a version of the pipeline."""
    review = storage.folder.name
    receive(storage, 1)
    inputs = inputs_of(storage.log, None)
    with storage.building() as folder:
        for name, given in rows.items():
            schema, _, one = name.partition(".")
            (folder / "release" / schema).mkdir(parents=True, exist_ok=True)
            if "release_id" in given.column_names:
                given = given.set_column(given.column_names.index("release_id"), "release_id", [[inputs.release_id]])
            (folder / "release" / schema / f"{one}.parquet").write_bytes(files.parquet_bytes(given))
        write_manifest(folder / "release", review, inputs, AS_OF)
        if pipeline:
            text = (folder / "release" / MANIFEST).read_text().replace(inputs.pipeline, pipeline)
            said = json.loads(text)
            said["sha256"] = seal(said)
            (folder / "release" / MANIFEST).write_bytes(written(said))
        placed = storage.place(folder / "release", inputs.release_id)
    row = {
        "review": review, "release_id": placed.id, "predecessor": None, "records": 1, "citations": 1, "studies": 1, "mapped": 1,
        "as_of": AS_OF,
    }  # fmt: skip
    storage.log.append("publication", table("log.publication").of_rows([row]))
    storage.swap(None, placed.id)


def of_review(review):
    release_row = {
        "review": review, "release_id": "0" * 16, "title": f"Of {review}", "pipeline": "1", "protocol": "1", "codebook": "1",
        "as_of": AS_OF, "predecessor": None, "compared": "none", "synthetic": None,
    }  # fmt: skip
    code = {"table": "marts.study", "column": "kind", "code": "primary", "label": "Primary study", "position": 1}
    return {"meta.release": table("meta.release").of_rows([release_row]), "meta.code": table("meta.code").of_rows([code])}


def test_a_query_is_answered_straight_from_the_store(shared, url):
    assert ask(url, PAGES, ["r"]) == (["count_star()", "min(number)", "max(number)"], [(50, 2, 2)])
    assert ask(url, PAGES) == ask(url, PAGES, ["r"])
    assert ask(url, 'SELECT count(*) FROM "marts" . "STUDY" AS s JOIN marts.theme USING (number)')[1] == [(2500,)]


@pytest.mark.fault(101)
def test_a_connection_names_the_release_that_it_resolved_and_stays_with_it(shared, store, url):
    first = shared.live_id()
    with opened(url, ["r"]) as warehouse:
        second = publish(shared, store, 3)
        assert warehouse.connection.execute(PAGES).fetchall() == [(50, 2, 2)], "whatever goes live meanwhile"
        assert warehouse.connection.execute("SELECT review, release_id, as_of FROM meta.shared").fetchall() == [
            ("r", first, AS_OF.replace(day=3))
        ]
    assert ask(url, PAGES)[1] == [(50, 3, 3)]
    assert ask(url, "SELECT release_id FROM meta.shared")[1] == [(second,)]


@pytest.mark.fault(101)
def test_readers_see_whole_releases_only_while_others_go_live(shared, store, url):
    seen, wrong, done = [], [], threading.Event()

    def read():
        while not done.is_set():
            try:
                [(numbers,)] = ask(url, BOTH)[1]
                (wrong if numbers != 1 else seen).append(numbers)
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(3, 9):
        publish(shared, store, number)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert seen


def test_views_of_many_reviews_have_the_rows_of_all(url, tmp_path):
    for review in ("care", "play"):
        storage = Storage(tmp_path, review)
        published(storage, of_review(review))
        Store(url, review).share(storage)
    rows = ask(url, "SELECT review, title FROM meta.release ORDER BY review")[1]
    assert rows == [("care", "Of care"), ("play", "Of play")]
    codes = ask(url, "SELECT review, label FROM meta.code ORDER BY review")[1]
    assert codes == [("care", "Primary study"), ("play", "Primary study")], (
        "a table that does not name its review is told apart"
    )
    assert ask(url, "SELECT count(*) FROM meta.release", ["play"])[1] == [(1,)]


def test_a_column_that_an_earlier_version_did_not_have_is_null(url, tmp_path):
    for review, pipeline in (("care", None), ("play", "0.0.1")):
        rows = of_review(review)
        if pipeline:
            rows["meta.release"] = rows["meta.release"].drop_columns(["compared"])
        storage = Storage(tmp_path, review)
        published(storage, rows, pipeline)
        Store(url, review).share(storage)
    assert ask(url, "SELECT review, compared FROM meta.release ORDER BY 1")[1] == [("care", "none"), ("play", None)]


def test_only_the_tables_that_a_query_names_are_looked_at(shared, url):
    with opened(url, ["r"], ["marts.theme"]) as warehouse:
        views = warehouse.connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert views == [("theme",)]


def test_a_question_that_makes_no_sense_is_told_in_the_words_of_duckdb(shared, url):
    with pytest.raises(Unanswered, match="nosuch"):
        ask(url, "FROM marts.nosuch")
    with pytest.raises(Unanswered, match="no review has a release there"):
        ask(f"{url}/elsewhere", "SELECT 1")
    with pytest.raises(Unanswered, match="review x has no release there; there are: r"):
        ask(url, "SELECT 1", ["x"])


def test_a_release_in_the_folder_of_another_review_is_refused(shared, store, url):
    system, where = store.place.system, store.place
    for name in store._found("releases"):
        system.makedirs(where.path(f"other/releases/{name}").rpartition("/")[0], exist_ok=True)
        system.pipe_file(where.path(f"other/releases/{name}"), system.cat_file(where.path(f"r/releases/{name}")))
    system.pipe_file(where.path("other/current.json"), system.cat_file(where.path("r/current.json")))
    with pytest.raises(Damaged, match="is a release of review r, in the folder of other"):
        ask(url, PAGES)


def test_each_kind_of_store_is_read_by_the_means_that_are_there(shared, url, monkeypatch):
    package = importlib.util.find_spec("duckdb_extension_httpfs")
    fits = package is not None and importlib.metadata.version("duckdb_extension_httpfs") == duckdb.__version__
    means = HTTPFS if fits else FSSPEC
    expected = means if url.startswith("s3") else FSSPEC if url.startswith("memory") else DISK
    with opened(url) as warehouse:
        assert warehouse.means == expected
    monkeypatch.setattr(reading.extensions, "load", lambda connection, name: False)
    with opened(url) as warehouse:
        assert warehouse.means == (DISK if expected == DISK else FSSPEC)
        assert warehouse.connection.execute(PAGES).fetchall() == [(50, 2, 2)]


def test_a_store_that_is_away_is_said_and_no_key_with_it(monkeypatch):
    for name, value in reached_at("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreAway) as told:
        ask("s3://maps/x", "SELECT 1", ["r"])
    assert "an-invented" not in str(told.value)


def test_a_file_that_went_missing_while_it_was_read_is_no_empty_answer(shared, store, url):
    with opened(url, ["r"]) as warehouse:
        store.place.system.rm_file(store.place.path(f"r/releases/{shared.live_id()}/marts/study.parquet"))
        with pytest.raises((duckdb.Error, OSError)):
            warehouse.connection.execute("SELECT sum(number) FROM marts.study").fetchall()


def test_a_key_that_duckdb_does_not_take_is_not_in_the_message(s3, monkeypatch):
    from warehouse.shared.place import place

    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reading.extensions, "load", lambda connection, name: True)  # it is not: no secret of its type is known
    with duckdb.connect(config={"autoload_known_extensions": False, "autoinstall_known_extensions": False}) as connection:
        with pytest.raises(StoreAway) as told:
            reading.reach(connection, place("s3://maps/x"), {**s3, "AWS_SECRET_ACCESS_KEY": "canary-5"})
        assert "canary" not in str(told.value)
