import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from flows.exchange import standing_of
from tests.flows import direct
from tests.flows.small import FEBRUARY, JANUARY, MARCH, SUBJECTS, agreeable, make_review, ris, work
from warehouse import lent
from warehouse.storage import Storage


def refresh(review, root, as_of=JANUARY):
    return direct.refresh(review, root, as_of)


def by_prefect(review, root, as_of=JANUARY):
    from flows.refresh import refresh as flow

    return flow(str(review), str(root), as_of)


def rebuild(review, root):
    from flows.refresh import rebuild as again

    return again(str(review), str(root))


def rows(done, name):
    schema, table = name.split(".")
    return pq.read_table(done.folder / schema / f"{table}.parquet").to_pylist()


def boxes(done):
    return {(row["arm"], row["box"]): row["n"] for row in rows(done, "marts.prisma_flow") if row["detail"] == ""}


def test_a_first_refresh_publishes_a_map_on_which_everything_awaits_screening(review, root, prefect):
    done = by_prefect(review, root)
    assert done.published
    assert boxes(done)["databases", "identified"] == len(SUBJECTS)
    assert boxes(done)["other", "identified"] == 3
    assert boxes(done)["databases", "awaiting_screening"] == len(SUBJECTS)
    assert rows(done, "marts.study") == []
    assert {"map.html", "prisma.svg", "warehouse.duckdb", "manifest.json"} <= {path.name for path in done.folder.iterdir()}


def test_the_whole_way_from_exports_to_the_map(screened, prefect):
    done = by_prefect(*screened, FEBRUARY)
    found = boxes(done)
    assert found["databases", "excluded"] == 1
    assert found["databases", "included"] == 11
    assert (found["other", "included"], found["other", "report_excluded"]) == (2, 1)
    assert (found["both", "studies"], found["both", "mapped"], found["both", "awaiting_coding"]) == (13, 13, 0)
    themes = {row["theme"]: (row["studies"], row["reviews"], row["all_kinds"]) for row in rows(done, "marts.theme")}
    assert themes == {"first": (12, 1, 13), "second": (1, 0, 1)}
    [suggested] = [row for row in rows(done, "staging.record") if row["box"] == "expert"]
    assert suggested["suggested_by"] == "x1"


@pytest.mark.fault(4)
@pytest.mark.usefixtures("direct")
def test_refresh_twice_changes_nothing(begun):
    review, root = begun
    first = Storage(root, "small").current()
    before = sorted(str(path) for path in root.rglob("*") if path.is_file())
    again = refresh(review, root, FEBRUARY)
    assert (again.release, again.published) == (first.id, False)
    assert sorted(str(path) for path in root.rglob("*") if path.is_file()) == before


@pytest.mark.fault(4)
@pytest.mark.usefixtures("direct")
def test_rebuild_is_identical_even_without_the_cache_and_the_imports(mapped, monkeypatch):
    review, root = mapped
    monkeypatch.setattr(lent, "THREADS", 2)  # it was made by one
    shutil.rmtree(root / "small" / "cache")
    for path in (review / "imports").glob("*.ris"):
        path.write_bytes(b"")
    assert rebuild(review, root) == (Storage(root, "small").live_id(), [])


@pytest.mark.usefixtures("direct")
def test_rebuild_says_what_differs(begun):
    review, root = begun
    done = Storage(root, "small").current()
    page = done.folder / "map.html"
    page.chmod(0o644)
    page.write_text(page.read_text() + "<!-- edited -->")
    assert rebuild(review, root) == (done.id, ["map.html: bytes differ"])


@pytest.mark.fault(4)
@pytest.mark.usefixtures("direct")
def test_two_clones_with_the_same_inputs_and_clock_give_the_same_release(mapped, tmp_path):
    review, root = make_review(tmp_path / "another" / "small"), tmp_path / "another" / "data"
    refresh(review, root)
    work(review, root)
    made = [Storage(mapped[1], "small").current(), refresh(review, root, FEBRUARY)]
    assert made[0].id == made[1].release
    manifests = [json.loads((one.folder / "manifest.json").read_text()) for one in made]
    for manifest in manifests:
        manifest["files"].pop("warehouse.duckdb")
        manifest.pop("sha256")  # its own, which covers that of the database
    assert manifests[0] == manifests[1]


@pytest.mark.usefixtures("direct")
def test_a_new_export_of_known_records_is_logged_and_publishes_nothing_new(begun):
    review, root = begun
    first = Storage(root, "small").current()
    (review / "imports" / "again.ris").write_bytes(ris()[:-2])  # other bytes, the same records
    searches = review / "imports" / "searches.yaml"
    searches.write_text(searches.read_text() + "  - {source: psycinfo, files: [again.ris], strategy: 1 foster care}\n")
    again = refresh(review, root, FEBRUARY)
    assert (again.release, again.published) == (first.id, False)
    assert Storage(root, "small").log.read("receipt").column("repeated").to_pylist()[-1] == len(SUBJECTS)


@pytest.mark.usefixtures("direct")
def test_a_new_record_is_a_new_release_and_old_decisions_stay(mapped):
    review, root = mapped
    before = Storage(root, "small").current()
    (review / "imports" / "more.ris").write_bytes(ris((*SUBJECTS, "A late arrival about step-families")))
    searches = review / "imports" / "searches.yaml"
    searches.write_text(searches.read_text() + "  - {source: psycinfo, files: [more.ris], strategy: 1 foster care}\n")
    after = refresh(review, root, MARCH)
    assert boxes(after)["databases", "identified"] == len(SUBJECTS) + 1
    assert boxes(after)["databases", "awaiting_screening"] == 1
    assert boxes(after)["both", "studies"] == boxes(before)["both", "studies"]
    ids = [{row["citation_id"] for row in rows(done, "staging.citation")} for done in (before, after)]
    assert ids[0] < ids[1]
    manifest = json.loads((after.folder / "manifest.json").read_text())
    assert manifest["predecessor"] == before.id


@pytest.mark.usefixtures("direct")
def test_a_retraction_of_an_included_paper_is_marked_and_queued_and_drops_nothing(mapped):
    review, root = mapped
    before = Storage(root, "small").current()
    later = b"TY  - JOUR\r\nM3  - Retracted Publication\r\n" + ris(SUBJECTS[:1]).partition(b"\r\n")[2]
    (review / "imports" / "later.ris").write_bytes(later)
    searches = review / "imports" / "searches.yaml"
    searches.write_text(searches.read_text() + "  - {source: psycinfo, files: [later.ris], strategy: 1 foster care}\n")
    after = refresh(review, root, MARCH)
    assert boxes(after)["both", "studies"] == boxes(before)["both", "studies"]
    [notice] = [row for row in rows(after, "marts.notice") if row["included"]]
    assert (notice["kind"], notice["title"]) == ("retracted", f"{SUBJECTS[0]}: an invented study")
    told = standing_of(review, root).notices
    assert told == [(notice["citation_id"], notice["title"], "retracted")]


@pytest.mark.usefixtures("direct")
def test_outcomes_without_votes_move_records_and_are_no_votes(review, root):
    searches = review / "imports" / "searches.yaml"
    outcome = "outcome: {stage: title_abstract, decision: include, tool: another tool}"
    searches.write_text(searches.read_text().replace("searcher: r1}", f"searcher: r1, {outcome}}}"))
    done = refresh(review, root)
    assert boxes(done)["databases", "sought"] == len(SUBJECTS)
    assert rows(done, "staging.vote") == []
    (agreement,) = rows(done, "marts.agreement")
    assert (agreement["n"], agreement["kappa"], agreement["undefined"]) == (0, None, "voters were not exported")
    assert agreement["voters_unknown"] == len(SUBJECTS)


def drop_first(tables, name):
    return {**tables, name: tables[name].slice(1)}


def edit(tables, name, column, value):
    data = tables[name]
    field = data.schema.field(column)
    return {
        **tables,
        name: data.set_column(data.schema.get_field_index(column), field, pa.array([value] * len(data), field.type)),
    }


def fewer(tables, name, box):
    """One number of the PRISMA mart made smaller by one."""
    data = tables[name]
    hit = pc.and_(pc.equal(data.column("box"), box), pc.equal(data.column("detail"), ""))
    n = pc.if_else(hit, pc.subtract(data.column("n"), 1), data.column("n")).cast(pa.int32())
    return {**tables, name: data.set_column(data.schema.get_field_index("n"), "n", n)}


PRISMA = "marts.prisma_flow"
VIOLATIONS = {
    "a record is lost": ("tasks.records.task.derive", lambda made: drop_first(made, "staging.record"), "search_new"),
    "a quarantined piece is lost": (
        "tasks.records.task.derive",
        lambda made: edit(made, "staging.search", "quarantined", 7),
        "quarantined",
    ),
    "a record is in no citation": (
        "tasks.dedup.task.deduplicate",
        lambda made: drop_first(made, "staging.citation_record"),
        "record",
    ),
    "a citation is nowhere": (
        "tasks.screening.task.stand",
        lambda made: drop_first(made, "staging.funnel"),
        "citation_has_one_position",
    ),
    "identified does not add up": ("tasks.marts.task.make_marts", lambda made: fewer(made, PRISMA, "screened"), "prisma"),
    "screened does not add up": (
        "tasks.marts.task.make_marts",
        lambda made: fewer(made, PRISMA, "excluded"),
        "prisma_screened",
    ),
    "sought does not add up": ("tasks.marts.task.make_marts", lambda made: fewer(made, PRISMA, "assessed"), "prisma_sought"),
    "assessed does not add up": (
        "tasks.marts.task.make_marts",
        lambda made: fewer(made, PRISMA, "report_excluded"),
        "prisma_assessed",
    ),
}


@pytest.mark.fault(14, 16)
@pytest.mark.parametrize("violation", VIOLATIONS)
def test_a_broken_law_stops_the_release_and_leaves_the_last_one(screened, monkeypatch, violation):
    from tasks.checked import Stopped

    review, root = screened
    first = Storage(root, "small").current()
    place, spoil, named = VIOLATIONS[violation]
    module, function = place.rsplit(".", 1)
    original = getattr(__import__(module, fromlist=[function]), function)
    monkeypatch.setattr(place, lambda *given: spoil(original(*given)))
    # found by the first stages: Great Expectations takes long for the later ones
    whole = violation == "a quarantined piece is lost"
    with direct.directly(gate=True, by_great_expectations=whole), pytest.raises(Stopped, match=named) as stopped:
        refresh(review, root, FEBRUARY)
    assert re.search(r"\(\d+ rows?: \w+=", str(stopped.value)), "the failing rows are named"
    assert Storage(root, "small").current().id == first.id
    assert Storage(root, "small").as_of(MARCH) == MARCH, "a run that was stopped is over"


@pytest.mark.fault(1)
def test_a_killed_run_ends_with_the_release_of_an_undisturbed_one(tmp_path, monkeypatch, prefect, ungated):
    undisturbed = by_prefect(make_review(tmp_path / "a" / "small"), tmp_path / "a" / "data")
    review, root = make_review(tmp_path / "b" / "small"), tmp_path / "b" / "data"
    for place in ("tasks.records.task.derive", "tasks.publish.task.go_live"):
        with monkeypatch.context() as killed:
            killed.setattr(place, lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(BaseException):  # noqa: B017, PT011  Prefect turns an interrupt into one of its own
                by_prefect(review, root)
        assert Storage(root, "small").current() is None
    assert by_prefect(review, root, None).release == undisturbed.release


@pytest.mark.usefixtures("direct")
def test_votes_move_with_people_and_disagreement_is_settled_by_a_third(review, root):
    def split(task, reviewer, row):
        if task == "title_abstract" and "Mentoring" in row["title"]:
            return {"decision": "include" if reviewer == "r1" else "exclude"}
        return agreeable(task, reviewer, row)

    refresh(review, root)
    work(review, root, split)
    done = refresh(review, root, FEBRUARY)
    agreement = {row["stage"]: row for row in rows(done, "marts.agreement")}
    assert agreement["title_abstract"]["split"] == 1
    assert boxes(done)["both", "studies"] == 13
    [settled] = rows(done, "staging.resolution")
    assert settled["by"] == ["a1"]


@pytest.mark.usefixtures("direct")
def test_the_release_names_no_path_and_its_only_clock_is_as_of(review, root):
    done = refresh(review, root, JANUARY)
    for name in ("map.html", "prisma.svg", "manifest.json"):
        text = (done.folder / name).read_text()
        assert str(Path(root)) not in text
        assert str(review) not in text
    assert {row["first_seen"] for row in rows(done, "staging.record")} == {JANUARY}
    assert {row["as_of"] for row in rows(done, "meta.release")} == {datetime(2026, 1, 1)}


def test_the_verdict_of_the_checks_is_plain_words_in_which_nothing_is_markup():
    from flows.artifacts import _verdict

    failed = [
        {
            "table": "marts.theme",
            "meaning": "A text fits.",
            "failing": 1,
            "examples": '[{"a": 1}]',
            "remedy": "Change <theme>.md.",
        }
    ]
    said = _verdict(SimpleNamespace(id="r"), [{"n": 2, "passed": True, "severity": "stop"}], failed)
    assert "- 2 passed that would stop a release" in said
    assert "A text fits. Not so in 1 row. Change &lt;theme&gt;.md." in said
