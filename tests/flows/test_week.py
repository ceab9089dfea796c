"""The coordinator's week: what is listed, in which order, and how it goes away when it is done."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest

from flows.exchange import issue, standing_of, take_in
from flows.faults import BadInput
from flows.week import _tuples, sign_off, week
from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, MARCH, agreeable, fill, work
from warehouse.edition import UNNUMBERED, Version
from warehouse.engine import Engine
from warehouse.integrity import page_faults
from warehouse.storage import Storage
from warehouse.tables.catalogue import table


def steps(review, root, as_of=FEBRUARY):
    return {step.what: step for step in week(review, root, as_of)}


def people_of(issued):
    return sorted({path.parent.name for path, _ in issued})


def test_a_week_goes_from_files_to_the_public_map(begun, direct):
    review, root = begun
    storage = Storage(root, review.name)
    first = steps(review, root)
    assert list(first) == ["Work that nobody has been sent", "The public map"]
    sent = first["Work that nobody has been sent"]
    assert (sent.action, sent.rows) == (
        f"evimap worklists {review}", [("r1", "title abstract", 15), ("r2", "title abstract", 15)]
    )  # fmt: skip

    for path, _ in issue(review, root, datetime(2026, 1, 2)):
        fill(path, storage.inbox / path.name, agreeable)
    (storage.inbox / "wrong.csv").write_text("citation_id,reviewer,stage,decision\nc0,r1,title_abstract,include\n")
    out = steps(review, root)
    assert list(out) == ["Files that came back", "Work that is out", "The public map"]
    assert [row[0] for row in out["Files that came back"].rows] == sorted(path.name for path in storage.inbox.glob("*.csv"))
    assert [(who, str(since), n) for who, _, since, n in out["Work that is out"].rows] == [
        ("r1", "2026-01-02", 15), ("r2", "2026-01-02", 15)
    ]  # fmt: skip

    take_in(review, root, datetime(2026, 1, 3))
    back = steps(review, root)
    assert next(iter(back)) == "Files with rows that were refused"
    [wrong] = (storage.worklists / "refused").glob("wrong-????????.csv")
    assert back["Files with rows that were refused"].rows == [(str(wrong),)]
    assert back["Full texts"].rows == [("not asked for yet", None, 14)]
    assert list(back[f"What release {storage.current().id} does not have yet"].rows) == [("vote", 30), ("worklist", 30)]
    wrong.unlink()

    work(review, root)
    refresh(review, root, FEBRUARY)
    assert list(steps(review, root)) == ["The public map"]
    live = storage.current()
    assert storage.shown() is None
    first = Version("1.0", live.id, MARCH)
    assert sign_off(review, root, "a1", "looked at with the commissioners", MARCH) == (first, storage.folder / "public")
    looked_at, shown = (folder / "map.html" for folder in (live.folder, storage.folder / "public"))
    assert UNNUMBERED in looked_at.read_text()
    assert shown.read_text() == looked_at.read_text().replace(UNNUMBERED, "Version 1.0, 1 March 2026")
    assert page_faults(storage) == []
    assert [(row["release_id"], row["by"]) for row in storage.log.read("sign_off").to_pylist()] == [(live.id, "a1")]
    assert week(review, root, MARCH) == []
    sign_off(review, root, "a1", None, MARCH)
    assert storage.log.read("sign_off").num_rows == 1


def test_the_public_map_stays_until_somebody_signs_off_and_the_changes_are_told(screened, direct):
    review, root = screened
    storage = Storage(root, review.name)
    refresh(review, root, FEBRUARY)
    public = storage.current().id
    sign_off(review, root, "r1", None, FEBRUARY)
    included = storage.current().path("marts.study")
    import pyarrow.parquet as pq

    one = pq.read_table(included).to_pylist()[0]["study_id"]
    (storage.inbox / "later.csv").write_text(
        f"citation_id,reviewer,stage,decision,reason\n{one},r1,full_text,exclude,design\n{one},r2,full_text,exclude,design\n"
    )
    assert [taken.refused for taken in take_in(review, root, datetime(2026, 2, 2))] == [0]
    refresh(review, root, MARCH)
    assert storage.shown() == public != storage.current().id
    assert steps(review, root, MARCH)["The public map"].rows == [("studies no longer on the map", 1)]


def test_without_sign_off_the_live_map_is_public(begun, direct):
    review, root = begun
    storage = Storage(root, review.name)
    protocol = review / "protocol.yaml"
    text = protocol.read_text().replace("sign_off: required", "sign_off: none")
    protocol.write_text(text.replace('version: "1.0"', 'version: "1.1"', 1))
    refresh(review, root, FEBRUARY)
    assert storage.shown() == storage.current().id
    assert "The public map" not in steps(review, root)
    assert "Version" not in (storage.folder / "public" / "report.html").read_text()
    sign_off(review, root, "a1", None, MARCH, major=True)
    assert "Version 1.0, 1 March 2026" in (storage.folder / "public" / "report.html").read_text()


def test_who_is_no_coordinator_cannot_sign_off_where_there_is_one(begun):
    review, root = begun
    protocol = review / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("  - {id: a1,", "  - {id: lead, roles: [coordinator]}\n  - {id: a1,"))
    for who in ("a1", "nobody"):
        with pytest.raises(BadInput, match=rf"--by {who}: may not sign off; protocol.yaml has lead for that"):
            sign_off(review, root, who, None, FEBRUARY)
    assert sign_off(review, root, "lead", None, FEBRUARY)[0].release_id == Storage(root, review.name).live_id()


def test_an_open_pilot_is_told_and_its_lists_do_not_wait_for_more(begun, direct):
    review, root = begun
    protocol = review / "protocol.yaml"
    text = protocol.read_text().replace("title_abstract: {reviewers: 2,", "title_abstract: {reviewers: 2, pilot: 4,")
    text = text.replace("worklists: csv", "worklists: csv\n  minimum: 10").replace('version: "1.0"', 'version: "1.1"', 1)
    protocol.write_text(text.replace("  - {id: a1,", "  - {id: r3, roles: [reviewer]}\n  - {id: a1,"))
    before = steps(review, root)
    assert before["Work that nobody has been sent"].rows == [(who, "title abstract", 4) for who in ("r1", "r2", "r3")]
    issued = issue(review, root, datetime(2026, 1, 2))
    assert [(path.parent.name, n) for path, n in issued] == [("r1", 4), ("r2", 4), ("r3", 4)]
    told = "A pilot is open: nothing else of its stage goes out"
    assert steps(review, root)[told].rows == [("title abstract", who, 4) for who in ("r1", "r2", "r3")]
    for path, _ in issued[:2]:
        fill(path, root / review.name / "inbox" / path.name, agreeable)
    take_in(review, root, datetime(2026, 1, 3))
    assert steps(review, root)[told].rows == [("title abstract", "r3", 4)]
    assert standing_of(review, root).pilot == [("title_abstract", "r3", 4)]
    fill(issued[2][0], root / review.name / "inbox" / issued[2][0].name, agreeable)
    take_in(review, root, datetime(2026, 1, 4))
    assert told not in steps(review, root)
    assert sum(n for path, n in issue(review, root, datetime(2026, 1, 5), whole=True) if "title_abstract" in path.name) == 22
    refresh(review, root, FEBRUARY)
    live = Storage(root, review.name).current()
    import pyarrow.parquet as pq

    assert [(row["round"], row["n"]) for row in pq.read_table(live.path("marts.agreement")).to_pylist()] == [(0, 4)]
    assert '<td class="n">pilot</td>' in (live.folder / "report.html").read_text()


def test_who_is_away_gets_nothing_and_what_they_have_goes_to_others(begun):
    review, root = begun
    protocol = review / "protocol.yaml"
    before = protocol.read_text().replace(
        "  - {id: a1,", "  - {id: r3, roles: [reviewer]}\n  - {id: r4, roles: [reviewer]}\n  - {id: a1,"
    )
    protocol.write_text(before)
    first = issue(review, root, datetime(2026, 1, 2))
    assert people_of(first) == ["r1", "r2", "r3", "r4"]
    owed = sum(rows for path, rows in first if path.parent.name == "r1")
    (review / "leave.yaml").write_text("leave: [{person: r1, since: 2026-01-05, until: 2026-01-20}]")
    assert issue(review, root, datetime(2026, 1, 4)) == []
    during = issue(review, root, datetime(2026, 1, 5))
    assert "r1" not in people_of(during)
    assert (
        sum(row["as_of"] == datetime(2026, 1, 5) for row in Storage(root, review.name).log.read("worklist").to_pylist()) == owed
    )
    assert {
        str(path.relative_to(root / review.name / "worklists" / "r1")) for path, _ in first if path.parent.name == "r1"
    } == {
        str(path.relative_to(root / review.name / "worklists" / "r1" / "earlier"))
        for path in (root / review.name / "worklists" / "r1").rglob("*.csv")
    }, "who is away has no current file"
    for path, _ in first:
        if path.parent.name == "r1":
            fill(path.parent / "earlier" / path.name, root / review.name / "inbox" / path.name, agreeable)
    (taken,) = take_in(review, root, datetime(2026, 1, 6))
    assert (taken.rows, taken.refused) == (owed, 0)  # an answer that comes all the same counts
    assert issue(review, root, datetime(2026, 1, 21)) == []


def test_the_week_tells_of_the_work_that_handing_out_sends(begun):
    """Of studies too that nobody has drawn for the double-coded sample yet."""
    review, root = begun
    work(review, root, rounds=3)
    told = steps(review, root)["Work that nobody has been sent"].rows
    sent = [(path.parent.name, path.name.partition("-")[0].replace("_", " "), n) for path, n in issue(review, root, MARCH)]
    assert sorted(sent) == sorted(told)
    assert [task for _, task, _ in told] == ["coding", "coding"]
    assert sum(n for *_, n in told) > 13, "some studies are coded by two"


def test_the_double_sample_grows_where_two_coders_differ_and_the_week_says_on_what(begun):
    review, root = begun
    protocol = review / "protocol.yaml"
    before = protocol.read_text()
    assert "  agreement: {least: 0.80}" in before, "the template shows the rule"
    protocol.write_text(before.replace("  agreement: {least: 0.80}", "  agreement: {least: 0.9, studies: 1, adds: 0.3}"))

    def differing(task, reviewer, row):
        one = agreeable(task, reviewer, row)
        return one | {"topic": {"r1": "first", "r2": "second"}[reviewer]} if task == "coding" else one

    work(review, root, differing)
    drawn = Storage(root, review.name).log.read("draw").to_pylist()
    sample = {batch: sum(row["double"] for row in drawn if row["batch"] == batch) for batch in {row["batch"] for row in drawn}}
    assert (sample[1], sample[2]) == (2, 4)  # of 13 studies a tenth, then three tenths
    (low,) = steps(review, root)["Dimensions on which two coders agree too little (extraction.agreement)"].rows
    assert (low[0], low[2]) == ("Topic", 0)


def test_what_coders_propose_is_listed_with_its_studies_the_most_frequent_first():
    words = (("outcome", "other", "time in care", ("c2", "c1")), ("theme", "else", "befriending", ("c3", "c1", "c2")))
    rows = [
        {"review": "r", "dimension": dimension, "code": code, "words": said, "study_id": study}
        for dimension, code, said, studies in words
        for study in studies
    ]
    with Engine({"staging.proposed_code": table("staging.proposed_code").of_rows(rows)}) as engine:
        assert _tuples(engine, "proposed") == [
            ("theme", "else: befriending", "c1 c2 c3", 3), ("outcome", "other: time in care", "c1 c2", 2)
        ]  # fmt: skip


def test_short_lists_wait_until_there_is_more_or_they_are_asked_for(begun):
    review, root = begun
    protocol = review / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("  worklists: csv", "  worklists: csv\n  minimum: 16"))
    assert issue(review, root, datetime(2026, 1, 2)) == []
    assert Storage(root, review.name).log.read("worklist").num_rows == 0
    held = steps(review, root)["Too little for a file (exchange.minimum)"]
    assert held.rows == [("r1", "title abstract", 15), ("r2", "title abstract", 15)]
    assert held.action == f"evimap worklists {review} --whole sends it all the same"
    sent = issue(review, root, datetime(2026, 1, 2), whole=True)
    assert people_of(sent) == ["r1", "r2"]
    rows = [list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))) for path, _ in sent]
    assert [len(one) for one in rows] == [15, 15]
