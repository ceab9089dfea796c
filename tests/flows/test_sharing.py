"""What a person sees of a store: every command that makes a release live puts it there, and none needs it."""

import re
import shlex
import shutil

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.doctor import examine
from flows.faults import BAD_INPUT, DONE, STOPPED, TRY_LATER
from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, ris
from tests.s3 import reached_at
from tests.shared import ROOT
from warehouse.shared.store import Store
from warehouse.storage import Storage


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The store that the environment names."""
    where = str(tmp_path / "mounted")
    monkeypatch.setenv("EVIMAP_STORE", where)
    return Store(where, "small")


def evimap(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def more(review):
    """Another search, which makes another release."""
    (review / "imports" / "more.ris").write_bytes(
        ris(("An invented late paper",), doi=False).replace(b"2026-00000", b"2026-77")
    )
    with (review / "imports" / "searches.yaml").open("a") as searches:
        searches.write("  - {source: psycinfo, files: [more.ris], strategy: 2 late, searched_on: 2026-01-20, searcher: r1}\n")


def test_a_refresh_puts_the_live_release_into_the_store_and_one_without_news_finishes_what_was_left(begun, direct, store):
    review, root = begun
    storage = Storage(root, "small")
    first = storage.live_id()
    done = refresh(review, root, FEBRUARY)  # nothing new, and nothing was ever shared
    assert (done.published, store.live().release) == (False, first)
    more(review)
    second = refresh(review, root, FEBRUARY).release
    assert store.live().release == second != first
    assert {"marts/theme.parquet", "warehouse.duckdb", "map.html"} <= store.current().sizes.keys()


@pytest.mark.fault(98)
def test_a_refresh_whose_store_is_away_has_made_its_release_live_and_says_try_later(begun, direct, monkeypatch):
    review, root = begun
    for name, value in reached_at("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EVIMAP_STORE", "s3://maps/x")
    storage, before = Storage(root, "small"), Storage(root, "small").live_id()
    more(review)
    with pytest.raises(Exception, match="cannot be used"):
        refresh(review, root, FEBRUARY)
    assert storage.live_id() not in (None, before)
    assert storage.unfinished() == {}, "the run itself is over"
    code, said = evimap("share", review, "--data", root)
    assert (code, "next run goes on" in said) == (TRY_LATER, True)
    [finding] = [one for one in examine(root, {"EVIMAP_STORE": "s3://maps/x"}, review) if "s3://maps" in one.what]
    assert "EVIMAP_STORE" in finding.mend
    code, said = evimap("verify", review, "--data", root)
    assert (code, f"release {storage.live_id()}: " in said) == (STOPPED, True), "the laws on the disk are told all the same"
    assert "run evimap verify again when it can be reached" in said


def test_going_back_and_cleaning_up_reach_the_store(begun, direct, store):
    review, root = begun
    first = Storage(root, "small").live_id()
    refresh(review, root, FEBRUARY)
    more(review)
    second = refresh(review, root, FEBRUARY).release
    assert evimap("releases", review, "--back-to", first, "--data", root)[0] == DONE
    assert store.live().release == first
    assert evimap("releases", review, "--back-to", second, "--data", root)[0] == DONE
    shutil.rmtree(root / "small" / "public", ignore_errors=True)
    (root / "small" / "public").unlink(missing_ok=True)
    assert evimap("releases", review, "--prune", "--keep", 1, "--data", root)[0] == DONE
    assert store.release_ids() == [second]


def test_verify_reads_the_copies_and_share_mends_them(begun, direct, store):
    review, root = begun
    assert evimap("share", review, "--data", root) == (
        DONE,
        f"release {Storage(root, 'small').live_id()} is now live there, {len(store.current().sizes) + 1} files were put\n",
    )
    code, said = evimap("verify", review, "--data", root)
    assert (code, "every file is as it was written" in said) == (DONE, True), said
    page = store.place.path(f"small/releases/{store.live().release}/map.html")
    store.place.system.pipe_file(page, store.place.system.cat_file(page)[:-1] + b"?")
    code, said = evimap("verify", review, "--data", root)
    assert (code, "map.html: is not what was put there; evimap share REVIEW --repair" in said) == (STOPPED, True), said
    assert "already live there, 1 files were put" in evimap("share", review, "--repair", "--data", root)[1]
    assert evimap("verify", review, "--data", root)[0] == DONE


def test_a_live_release_that_the_store_does_not_have_is_a_finding(begun, direct, store):
    review, root = begun
    said = [one for one in examine(root, {"EVIMAP_STORE": store.place.url}, review) if "in the store" in one.what]
    assert [one.mend for one in said] == ["evimap share REVIEW puts it there"]
    assert evimap("verify", review, "--data", root)[0] == STOPPED
    evimap("share", review, "--data", root)
    assert not [one for one in examine(root, {"EVIMAP_STORE": store.place.url}, review) if "in the store" in one.what]


def test_a_store_that_cannot_keep_writers_apart_is_said(begun, direct):
    review, root = begun
    code, said = evimap("share", review, "--store", "memory://told", "--data", root)
    assert (code, "let one machine alone write the review" in said) == (DONE, True)


def test_what_the_page_on_scale_shows_is_what_can_be_typed(begun, direct, store):
    """Its queries and its Python are run; commands that need servers are run by the soak of many reviews."""
    review, root = begun
    evimap("share", review, "--data", root)
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)\n```", page, re.DOTALL) for line in block.splitlines()]
    asked = [
        line.replace("s3://bucket/prefix", store.place.url).replace("my-review", "small")
        for line in lines
        if "evimap query" in line
    ]
    assert len(asked) == 2
    for line in asked:
        code, said = evimap(*shlex.split(line)[1:])
        assert code == DONE, said
    [shown] = re.findall(r"```python\n(.*?)\n```", page, re.DOTALL)
    exec(compile(shown.replace("s3://bucket/prefix", store.place.url), "docs/scale.md", "exec"), {})
    many = (ROOT / "tests" / "flows" / "test_many_reviews.py").read_text() + (ROOT / "tests" / "postgres.py").read_text()
    elsewhere = ("EVIMAP_LAKE", "PREFECT_SERVER_DATABASE_CONNECTION_URL", "pg_trgm", "ducklake:")
    assert all(name in page and name in many for name in elsewhere)


def test_without_a_store_or_a_release_there_is_nothing_to_share(begun, direct, store, monkeypatch, tmp_path):
    review, root = begun
    code, said = evimap("share", review, "--data", tmp_path / "empty")
    assert (code, "no release yet" in said) == (BAD_INPUT, True)
    monkeypatch.delenv("EVIMAP_STORE")
    code, said = evimap("share", review, "--data", root)
    assert (code, "no store: name one with --store, or set EVIMAP_STORE" in said) == (BAD_INPUT, True)
    code, said = evimap("share", review, "--data", root, "--store", "s3://key:canary-9@maps")
    assert (code, "canary-9" in said) == (BAD_INPUT, False)


def test_a_query_asks_the_store_and_needs_neither_review_nor_data(begun, direct, store, tmp_path, monkeypatch):
    review, root = begun
    evimap("share", review, "--data", root)
    shutil.rmtree(root)
    monkeypatch.chdir(tmp_path)
    code, said = evimap("query", "SELECT title, '[bold]x' AS y FROM meta.release")
    assert (code, "[bold]x" in said, "1 rows" in said) == (DONE, True, True), said
    code, said = evimap("query", "SELECT review, n FROM marts.prisma_flow WHERE n = 12 LIMIT 1", "--review", "small", "--json")
    assert (code, said) == (DONE, '{"review": "small", "n": 12}\n')
    code, said = evimap("query", "FROM marts.no_such_table")
    assert (code, "no_such_table" in said) == (BAD_INPUT, True)
    monkeypatch.delenv("EVIMAP_STORE")
    assert evimap("query", "SELECT 1")[0] == BAD_INPUT
