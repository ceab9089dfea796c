"""A review whose titles and abstracts go out by rank ends as it would without: other order, same decisions, same numbers."""

import csv
import shutil
from datetime import datetime, timedelta

import pyarrow.parquet as pq
import pytest

from flows.exchange import issue, standing_tables, take_in
from flows.refresh import rebuild
from flows.week import week
from tasks.screening.ranking import READS, WRITES, rank
from tests.flows.direct import broken_laws, directly, refresh
from tests.flows.small import agreeable, fill
from warehouse.engine import Engine
from warehouse.release import inputs_named
from warehouse.review import load
from warehouse.storage import Storage

FIRST, SECOND = datetime(2026, 1, 2), datetime(2026, 1, 9)
SCREENING = ("title_abstract", "retrieval", "full_text")
STANDS = {
    "staging.vote": "citation_id, reviewer, stage, round, decision, reason, superseded",
    **dict.fromkeys(("staging.screening", "staging.funnel", "staging.agreement_pair"), "*"),
}


def rows(root, name):
    return pq.read_table(Storage(root, "small").current().path(name)).to_pylist()


def hand_round(review, root, day):
    """Everybody answers what they are sent to screen, and codes nothing: the titles of each file of titles and abstracts."""
    batches = []
    issued = [path for path, _ in issue(review, root, day) if path.name.startswith(SCREENING)]
    for path in issued:
        if path.name.startswith("title_abstract-"):
            with path.open(encoding="utf-8-sig", newline="") as handle:
                batches.append([row["title"] for row in csv.DictReader(handle)])
        fill(path, root / review.name / "inbox" / path.name, agreeable)
    assert [one.line for one in take_in(review, root, day) if one.refused] == []
    return batches


@pytest.fixture(scope="module")
def ranked(released_once, tmp_path_factory):
    """(review, root, batches): most papers were screened as they came, then it was refreshed, and all screening done."""
    folder = tmp_path_factory.mktemp("ranked") / "at"
    shutil.copytree(released_once, folder, symlinks=True)
    review, root = folder / "small", folder / "data"
    protocol = review / "protocol.yaml"
    text = protocol.read_text().replace('version: "1.0"', 'version: "1.1"', 1)
    protocol.write_text(text.replace("{reviewers: 2, conflicts: third}", "{reviewers: 2, prioritised: {batch: 12}}"))
    batches = hand_round(review, root, FIRST)
    with directly():
        refresh(review, root, FIRST)
    assert broken_laws(Storage(root, review.name).current()) == []
    for number in range(3):  # titles and abstracts, full texts of the first, full texts of the others: more would find nothing
        batches += hand_round(review, root, SECOND + timedelta(days=number))
    return review, root, batches


def test_votes_outcomes_and_counts_are_those_of_the_review_without(ranked, screened_once):
    review, root, _ = ranked
    plain = standing_tables(load(screened_once / "small"), Storage(screened_once / "data", "small"))
    mine = standing_tables(load(review), Storage(root, "small"))
    with Engine(plain) as without, Engine(mine) as by_rank:
        for name, columns in STANDS.items():
            sql = f"SELECT {columns} FROM {name} ORDER BY ALL"
            assert by_rank.rows(sql) == without.rows(sql)
            assert without.rows(sql)


def test_who_was_asked_for_what_is_the_same(ranked, screened_once):
    def asked(root):
        log = Storage(root, "small").log.read("worklist").to_pylist()
        return {
            (row["task"], row["reviewer"], row["citation_id"]) for row in log if row["task"] in ("title_abstract", "full_text")
        }

    assert asked(ranked[1]) == asked(screened_once / "data")


def test_files_have_a_batch_at_most_and_later_ones_the_order_of_the_release(ranked):
    _, root, batches = ranked
    assert sorted(len(one) for one in batches) == [3, 3, 12, 12]
    [model] = rows(root, "staging.ranking_model")
    assert (model["ranked"], model["included"], model["excluded"], model["unranked"]) == (3, 11, 1, None)
    title = {row["citation_id"]: row["title"] for row in rows(root, "staging.citation")}
    order = [title[row["citation_id"]] for row in sorted(rows(root, "staging.ranking"), key=lambda row: row["position"])]
    assert batches[2:] == [order, order]
    logged = Storage(root, "small").log.read("worklist").to_pylist()
    assert [row["rank"] for row in logged if row["task"] == "title_abstract"] == [None] * 24 + [1, 2, 3] * 2
    assert {row["rank"] for row in logged if row["task"] in ("full_text", "coding")} == {None}


def test_the_week_tells_what_the_ranking_says_and_that_it_decides_nothing(ranked):
    review, root, _ = ranked
    [step] = [step for step in week(review, root, SECOND) if step.what.startswith("Screening by rank")]
    assert step.what.endswith("it informs, and decides nothing")
    assert step.rows[0] == ("await screening, ranked", "3")
    assert step.rows[2] == (
        "p of the hypothesis that less than 95 % of the relevant papers are found",
        "not told: no paper that was sent by rank is decided, with all that was sent before it",
    )


def test_the_ranking_of_a_release_is_made_again_of_what_it_was_made_of(ranked):
    review, root, _ = ranked
    storage = Storage(root, "small")
    live = storage.current()
    tables = {name: live.path(name) for name in READS if not name.startswith("log.")}
    sent = [storage.log.file("worklist", batch) for batch in inputs_named(live).batches["worklist"]]
    again = rank(tables | {"log.worklist": storage.log.read("worklist", sent)}, load(review))
    assert {name: made.to_pylist() for name, made in again.items()} == {name: rows(root, name) for name in WRITES}


def test_its_release_is_rebuilt_without_a_difference(ranked):
    review, root, _ = ranked
    with directly():
        assert rebuild(str(review), str(root)) == (Storage(root, "small").live_id(), [])


def test_without_it_the_tables_are_there_and_empty(released_once):
    assert [rows(released_once / "data", name) for name in WRITES] == [[], [], [], []]


def test_where_the_live_release_is_of_an_earlier_version_nothing_is_ranked(begun):
    review, root = begun
    live = Storage(root, "small").current()
    for name in WRITES:
        live.path(name).parent.chmod(0o755)
        live.path(name).unlink()
    tables = standing_tables(load(review), Storage(root, "small"))
    assert [tables[name].num_rows for name in WRITES] == [0, 0, 0, 0]
