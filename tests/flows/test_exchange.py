import csv
import io
from datetime import date, datetime

import pyarrow.parquet as pq
import pytest

from flows import exchange
from tests.flows.direct import directly, refresh
from tests.flows.small import SUBJECTS, agreeable, fill, ris, work
from warehouse.storage import Storage

DAY = datetime(2026, 1, 5)


def returned(review, root, answer=agreeable, as_of=DAY):
    """Hands out work and puts the answers into the inbox."""
    inbox = root / "small" / "inbox"
    for path, _ in exchange.issue(review, root, as_of):
        fill(path, inbox / path.name, answer)
    return inbox


def votes(root):
    return Storage(root, "small").log.read("vote").to_pylist()


def test_each_paper_goes_to_two_people_and_nobody_sees_the_other(begun):
    review, root = begun
    issued = exchange.issue(review, root, DAY)
    assert [rows for _, rows in issued] == [15, 15]
    for path, _ in issued:
        assert "votes" not in path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert exchange.issue(review, root, DAY) == [], "what is out is not handed out again"


def test_a_file_that_was_lost_is_made_again_and_nobody_is_asked_twice(begun):
    review, root = begun
    (mine, _), (other, _) = exchange.issue(review, root, DAY)
    before, asked = mine.read_bytes(), Storage(root, "small").log.read("worklist")
    fill(other, root / "small" / "inbox" / other.name, agreeable)
    exchange.take_in(review, root, DAY)
    mine.unlink()
    assert exchange.issue(review, root, datetime(2026, 1, 8)) == [(mine, 15)]
    assert mine.read_bytes() == before
    assert Storage(root, "small").log.read("worklist").equals(asked)
    assert [path.name for path in other.parent.rglob("*.csv")] == [other.name]
    assert (other.parent / "earlier" / other.name).exists(), "r2 owes nothing more"


@pytest.mark.fault(18)
def test_the_same_file_twice_changes_nothing(begun):
    review, root = begun
    inbox = returned(review, root)
    saved = {path.name: path.read_bytes() for path in inbox.glob("*.csv")}
    exchange.take_in(review, root, DAY)
    before = votes(root)
    for name, data in saved.items():
        (inbox / f"again-{name}").write_bytes(data)
    assert all(one.line.endswith("taken before, nothing changed") for one in exchange.take_in(review, root, DAY))
    assert votes(root) == before


@pytest.mark.fault(18)
def test_an_ingest_that_was_killed_before_the_file_was_moved_doubles_no_vote(begun):
    review, root = begun
    inbox = returned(review, root)
    saved = {path.name: path.read_bytes() for path in inbox.glob("*.csv")}
    exchange.take_in(review, root, DAY)
    before = votes(root)
    for path in (inbox / "taken").iterdir():
        path.unlink()
    for name, data in saved.items():
        (inbox / name).write_bytes(data)
    exchange.take_in(review, root, DAY)
    assert votes(root) == before


def test_an_ingest_that_was_killed_after_its_last_file_leaves_its_moment_to_no_other(begun):
    review, root = begun
    storage = Storage(root, "small")
    storage.as_of(DAY, "ingest")
    assert exchange.take_in(review, root, None) == []
    assert "ingest" not in storage.unfinished()


@pytest.mark.fault(18)
@pytest.mark.parametrize("logged", [False, True])
def test_files_that_came_after_a_killed_ingest_have_a_moment_of_their_own(begun, monkeypatch, logged):
    """One that it had logged and not moved is of its moment still, so that its decisions are the same ones."""
    review, root = begun
    inbox = returned(review, root)
    storage = Storage(root, "small")
    if logged:
        exchange.take_in(review, root, DAY)
        next(inbox.glob("taken/*")).rename(inbox / "again.csv")
    storage.as_of(DAY, "ingest")
    moments = []
    monkeypatch.setattr(exchange, "_file", lambda came, tables, review, storage, as_of: moments.append(as_of == DAY))
    exchange.take_in(review, root, None)
    assert set(moments) == {logged}


def test_a_bad_row_comes_back_with_its_reason_and_the_good_ones_are_taken(begun):
    review, root = begun

    def careless(task, reviewer, row):
        return {"decision": "perhaps"} if "Kinship" in row["title"] else agreeable(task, reviewer, row)

    returned(review, root, careless)
    taken = exchange.take_in(review, root, DAY)
    assert [(one.rows, one.refused) for one in taken] == [(14, 1), (14, 1)]
    text = (root / "small" / "worklists" / "refused" / taken[0].name).read_text(encoding="utf-8-sig")
    [back] = csv.DictReader(io.StringIO(text, newline=""))
    assert "perhaps" in back["refused_because"]
    assert "Kinship" in back["title"]


def test_a_file_that_is_no_worklist_is_refused_whole_and_kept(begun):
    review, root = begun
    inbox = root / "small" / "inbox"
    inbox.mkdir()
    (inbox / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0 no table")
    [one] = exchange.take_in(review, root, DAY)
    assert (one.rows, one.refused) == (0, 1)
    assert [path.read_bytes() for path in (inbox / "taken").iterdir()] == [b"\xff\xd8\xff\xe0 no table"]


@pytest.mark.fault(47)
def test_files_of_one_name_from_two_people_both_come_back_marked(begun):
    review, root = begun
    inbox, refused = root / "small" / "inbox", root / "small" / "worklists" / "refused"
    inbox.mkdir()
    for who in ("r1", "r2"):
        (inbox / "votes.csv").write_text(f"citation_id,reviewer,stage,decision\nc0,{who},title_abstract,include\n")
        exchange.take_in(review, root, DAY)
    marked = sorted(refused.glob("votes*.csv"))
    assert sorted("r1" in path.read_text("utf-8-sig") for path in marked) == [False, True]


def test_status_says_who_owes_what(begun):
    review, root = begun
    exchange.issue(review, root, DAY)
    day = date(2026, 1, 5)
    assert exchange.standing_of(review, root).owed == [("r1", "title abstract", day, 15), ("r2", "title abstract", day, 15)]
    [path] = (root / "small" / "worklists" / "r1").glob("*.csv")
    fill(path, root / "small" / "inbox" / path.name, agreeable)
    exchange.take_in(review, root, DAY)
    standing = exchange.standing_of(review, root)
    assert standing.owed == [("r2", "title abstract", day, 15)]
    assert dict(standing.funnel)["awaiting screening"] == 15


def test_a_resolution_by_somebody_whose_vote_arrives_with_it_is_refused(begun):
    review, root = begun
    inbox = root / "small" / "inbox"

    def split(task, reviewer, row):
        return {"decision": "include" if reviewer == "r1" else "exclude"}

    returned(review, root, split)
    exchange.take_in(review, root, DAY)
    [(path, _)] = exchange.issue(review, root, datetime(2026, 1, 6))
    fill(path, inbox / path.name, lambda *_: {"decision": "include"})
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    late = "citation_id,reviewer,stage,decision\r\n" + f"{rows[0]['citation_id']},a1,title_abstract,exclude\r\n"
    (inbox / "zz-late-vote.csv").write_text(late)
    taken = {one.name: one for one in exchange.take_in(review, root, datetime(2026, 1, 7))}
    assert taken[path.name].refused == 1
    assert taken[path.name].rows == 14


def test_a_pair_that_may_be_one_paper_goes_out_comes_back_and_stays_as_it_was_said(begun, direct):
    review, root = begun
    with_twin(review)
    before = refresh(review, root, DAY)
    assert dict(exchange.standing_of(review, root).open)["pairs that may be the same paper"] == 1
    exchange.issue(review, root, DAY)
    assert ("a1", "duplicates", date(2026, 1, 5), 1) in exchange.standing_of(review, root).owed
    [path] = (root / "small" / "worklists" / "a1").glob("duplicates*.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert {rows[0]["record_id"], rows[0]["other_record_id"]} == {"psycinfo@ovid:2026-00000", "psycinfo@ovid:T1"}
    fill(path, root / "small" / "inbox" / path.name, lambda _task, _reviewer, _row: {"answer": "same"})
    [taken] = exchange.take_in(review, root, DAY)
    assert (taken.rows, taken.refused) == (1, 0)
    standing = exchange.standing_of(review, root)
    assert [row for row in standing.owed if row[0] == "a1"] == []
    assert dict(standing.open)["pairs that may be the same paper"] == 0
    after = refresh(review, root, datetime(2026, 1, 6))
    assert count(before) == count(after) + 1
    assert [path for path, _ in exchange.issue(review, root, datetime(2026, 1, 7)) if "duplicates" in path.name] == []


def test_reports_of_one_study_count_once_from_the_inbox_to_the_release(screened, direct):
    from flows.refresh import rebuild

    review, root = screened
    before = refresh(review, root, datetime(2026, 2, 1))
    one, other = [row for row in studies(before) if row["kind"] == "primary"][:2]
    table = [
        {"citation_id": pair[0]["study_id"], "other_citation_id": pair[1]["study_id"], "reviewer": "a1", "answer": "same"}
        for pair in ((one, other), (one, {"study_id": "nobody"}))
    ]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    (root / "small" / "inbox" / "companions.csv").write_text(out.getvalue())
    [taken] = exchange.take_in(review, root, datetime(2026, 2, 2))
    assert (taken.rows, taken.refused) == (1, 1)
    [back] = (root / "small" / "worklists" / "refused").glob("companions*")
    assert "no report 'nobody' in this review" in back.read_text(encoding="utf-8-sig")
    # both were coded: somebody has to bring the two codings together before the study is on the map again
    assert ("double codings to reconcile", 1) in exchange.standing_of(review, root).open
    middle = refresh(review, root, datetime(2026, 2, 3))
    assert boxes(middle)["studies"] == boxes(before)["studies"] - 1 == boxes(middle)["mapped"] + 1
    [(path, _)] = exchange.issue(review, root, datetime(2026, 2, 4))
    fill(path, root / "small" / "inbox" / path.name, agreeable)
    exchange.take_in(review, root, datetime(2026, 2, 4))
    after = refresh(review, root, datetime(2026, 2, 5))
    assert boxes(after)["studies"] == boxes(after)["mapped"] == boxes(before)["studies"] - 1
    assert boxes(after)["reports"] == boxes(before)["reports"]
    assert [row["reports"] for row in studies(after) if row["study_id"] in (one["study_id"], other["study_id"])] == [2]
    assert rebuild(str(review), str(root)) == (after.release, [])


def test_two_papers_that_may_be_one_are_not_counted_as_two_studies(begun):
    from tasks.checked import Stopped

    review, root = begun
    with_twin(review)
    with directly():
        refresh(review, root, DAY)

    def all_but_the_pair(task, reviewer, row):
        return {} if task in ("duplicates", "same_study") else agreeable(task, reviewer, row)

    work(review, root, all_but_the_pair)
    with directly(gate=True), pytest.raises(Stopped, match="unsure_pair_is_not_counted_twice"):
        refresh(review, root, datetime(2026, 2, 1))
    assert ("a1", "same study", 1) in {(who, what, n) for who, what, _, n in exchange.standing_of(review, root).owed}
    [path] = (root / "small" / "worklists" / "a1").glob("same_study*.csv")
    fill(path, root / "small" / "inbox" / path.name, lambda _task, _reviewer, _row: {"answer": "different"})
    exchange.take_in(review, root, datetime(2026, 2, 2))
    assert "same study" not in {what for _, what, _, _ in exchange.standing_of(review, root).owed}
    with directly(gate=True):
        assert boxes(refresh(review, root, datetime(2026, 2, 3)))["untied"] == 0


def studies(done):
    return pq.read_table(done.folder / "marts" / "study.parquet").to_pylist()


def boxes(done):
    rows = pq.read_table(done.folder / "marts" / "prisma_flow.parquet").to_pylist()
    return {row["box"]: row["n"] for row in rows if row["arm"] == "both"}


def with_twin(review):
    """Adds a paper that may be the first one once more: the same title and authors elsewhere."""
    twin = ris(SUBJECTS[:1], doi=False).decode()
    for old, new in (("Journal of Invented Care", "Proceedings of Nowhere"), ("VL  - 3", "VL  - 40"), ("SP  - 100", "SP  - 7"),
                     ("EP  - 108", "EP  - 9"), ("AN  - 2026-00000", "AN  - T1"), ("PY  - 2001", "PY  - 2003")):  # fmt: skip
        assert old in twin
        twin = twin.replace(old, new)
    (review / "imports" / "twin.ris").write_text(twin)
    with (review / "imports" / "searches.yaml").open("a") as searches:
        searches.write("  - {source: psycinfo, files: [twin.ris], strategy: 1 foster care}\n")


def count(done):
    return pq.read_table(done.folder / "staging" / "citation.parquet").num_rows
