"""The living map: what a release says of the one before it, and what stays when old releases are pruned."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.diff import diff
from flows.exchange import issue, take_in
from flows.faults import BadInput
from flows.week import sign_off
from tests.flows.direct import directly, refresh
from tests.flows.small import FEBRUARY, JANUARY, MARCH, agreeable, fill, ris
from tests.flows.test_cli import run
from warehouse.edition import Version
from warehouse.storage import Storage
from warehouse.yaml import ConfigurationError


def rebuild(review, root):
    from flows.refresh import rebuild as again

    return again(str(review), str(root))


def rows(folder: Path, name: str) -> list[dict[str, object]]:
    schema, plain = name.split(".")
    return pq.read_table(folder / schema / f"{plain}.parquet").to_pylist()


@pytest.mark.fault(21)
def test_a_release_says_what_has_changed_even_when_the_one_before_is_pruned(mapped):
    review, root = mapped
    storage = Storage(root, "small")
    done = storage.current()
    first = storage.release(str(done.manifest["predecessor"]))
    assert rows(first.folder, "marts.change") == []
    assert rows(first.folder, "meta.release")[0]["compared"] == "This is the first release: there is none to compare it with."

    (release,) = rows(done.folder, "meta.release")
    assert release["predecessor"] == first.id
    assert release["compared"] == f"Compared with release {first.id}, as of 2026-01-01."
    changes = rows(done.folder, "marts.change")
    whats = [row["what"] for row in changes]
    assert (whats.count("included"), whats.count("on_the_map"), whats.count("recoded")) == (13, 13, 0)
    [mapped] = [row for row in changes if row["id"] == "both.mapped"]
    assert (mapped["n_before"], mapped["n_after"]) == (0, 13)
    closed = [row for row in changes if row["what"] == "gap_closed"]
    on_the_map = {row["study_id"] for row in changes if row["what"] == "on_the_map"}
    assert closed
    assert all(set(row["studies"]) <= on_the_map and row["studies"] for row in closed)
    moved = {(row["what"], row["before"], row["after"]) for row in rows(done.folder, "marts.citation_change")}
    assert ("moved", "awaiting_screening", "included") in moved
    history = {(row["number"], row["release_id"], row["all_kinds"]) for row in rows(done.folder, "marts.release_history")
               if row["theme"] == ""}  # fmt: skip
    assert history == {(1, first.id, 0), (2, done.id, 13)}

    shutil.rmtree(first.folder)
    with directly():
        again = rebuild(review, root)
    assert again == (done.id, [])

    compared = diff(review, root, first.id, "current")
    assert (compared.changes, compared.citations) == (changes, rows(done.folder, "marts.citation_change"))
    same = run("diff", review, done.id[:7], "current", "--data", root)
    assert (same.exit_code, same.output.splitlines()[-1]) == (0, "nothing is different")
    shown = run("diff", review, first.id, "current", "--data", root)
    assert "Studies that came onto the map" in shown.output
    assert "Included studies on the map" in shown.output
    as_json = json.loads(run("diff", review, "current", first.id, "--data", root, "--json").output)
    assert {row["what"] for row in as_json["changes"]} >= {"no_longer_included", "off_the_map", "gap_opened"}
    unknown = run("diff", review, "yesterday", "current", "--data", root)
    assert unknown.exit_code == 2
    assert first.id in unknown.output
    assert done.id in unknown.output
    with pytest.raises(BadInput, match="public: is no release"):
        diff(review, root, "public", "current")


def test_a_release_that_follows_another_one_is_another_release(review, root, direct):
    first = refresh(review, root, JANUARY)
    protocol = review / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace('version: "1.0"', 'version: "1.1"', 1))
    second = refresh(review, root, FEBRUARY)
    shutil.rmtree(second.folder)
    Storage(root, "small")._point("current", Path("releases") / first.release)  # as if the second were not there
    again = refresh(review, root, MARCH)
    assert again.release == second.release, "the same inputs, and the same release before it"
    assert rows(again.folder, "marts.change") == [], "nothing but the protocol's version was changed"
    published = Storage(root, "small").log.read("published_box").column("release_id").to_pylist()
    assert sorted(set(published)) == sorted({first.release, second.release})
    assert published.count(second.release) == published.count(first.release), "what it said is in the log once"


def test_a_version_is_a_name_of_its_release(begun):
    review, root = begun
    version, _ = sign_off(review, root, "a1", None, FEBRUARY)
    assert version == Version("1.0", Storage(root, review.name).live_id(), FEBRUARY)
    same = diff(review, root, "1.0", "public")
    assert (same.before, same.after, same.changes) == (version.release_id, version.release_id, [])
    assert "1.0" in run("releases", review, "--data", root).output
    unknown = run("diff", review, "1.1", "current", "--data", root)
    assert (unknown.exit_code, "version 1.0" in unknown.output) == (2, True)


def owed(folder: Path) -> dict[tuple[object, object], int]:
    """How many pieces of each task a person owes, by the work queue of a release."""
    return Counter((row["task"], row["reviewer"]) for row in rows(folder, "marts.work_queue"))


def test_work_that_is_sent_out_makes_no_release_and_the_next_one_tells_who_owes_it(begun):
    review, root = begun
    first = Storage(root, "small").current()
    assert owed(first.folder) == {("title_abstract", ""): 15}
    sent = issue(review, root, datetime(2026, 1, 2))
    with directly(gate=True):
        assert not refresh(review, root, datetime(2026, 1, 3)).published
        (one,) = (path for path, _ in sent if path.parent.name == "r1")
        fill(one, root / "small" / "inbox" / one.name, agreeable)
        take_in(review, root, datetime(2026, 1, 4))
        second = refresh(review, root, datetime(2026, 1, 5))
    assert second.published
    assert owed(second.folder) == {("title_abstract", "r2"): 15}
    assert {row["since"] for row in rows(second.folder, "marts.work_queue")} == {date(2026, 1, 4)}
    assert {row["asked_on"] for row in rows(second.folder, "marts.work_queue")} == {date(2026, 1, 2)}
    with directly():
        assert rebuild(review, root) == (second.release, [])


def test_the_diagram_starts_from_the_version_that_the_protocol_names(mapped):
    review, root = mapped
    first = Storage(root, "small").current()
    with directly(gate=True):
        sign_off(review, root, "a1", None, FEBRUARY)
        exported = review / "imports" / "psycinfo.ris"
        exported.write_bytes(exported.read_bytes() + ris(("An invented newcomer",), doi=False))
        protocol = review / "protocol.yaml"
        text = protocol.read_text().replace('version: "1.0"', 'version: "1.1"', 1)
        protocol.write_text(f"{text}\nprisma: {{baseline: '7.3'}}\n")
        missing = f"prisma.baseline: '7.3' is no version or release that left its numbers; there are 1.0 (release {first.id})"
        with pytest.raises(ConfigurationError, match=re.escape(missing)):
            refresh(review, root, MARCH)
        assert run("check", str(review), "--data", str(root)).exit_code == 2
        protocol.write_text(f"{text}\nprisma: {{baseline: '1.0'}}\n")
        second = refresh(review, root, MARCH)
    assert rows(first.folder, "marts.prisma_since") == []
    n = {(row["arm"], row["box"]): row["n"] for row in rows(second.folder, "marts.prisma_since") if not row["detail"]}
    included = {row["box"]: row["n"] for row in rows(first.folder, "marts.prisma_flow")}["studies"]
    assert n["both", "previous_studies"] == n["both", "total_studies"] == included > 0
    assert (n["both", "studies"], n["both", "previous_gone"], n["databases", "known_before"]) == (0, 0, 0)
    assert (n["databases", "identified"], n["databases", "awaiting_screening"], n["other", "identified"]) == (1, 1, 0)
    with directly():
        assert rebuild(review, root) == (second.release, [])
