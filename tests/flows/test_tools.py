"""Screening in another tool: our export goes there, and what it gives back becomes votes or decisions."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from flows import exchange
from flows.faults import BadInput
from tasks.formats.handed_back import _records
from tasks.formats.marker import found
from tests.shared import absent
from warehouse.storage import Storage

DAY, NEXT = datetime(2026, 1, 5), datetime(2026, 1, 8)


def name_people(review: Path, **more: str) -> None:
    protocol = review / "protocol.yaml"
    text = protocol.read_text().replace("{id: r1,", "{id: r1, known_as: [Ann Example],")
    text = text.replace("{id: r2,", "{id: r2, known_as: [BOB@x.example, Bob],")
    for old, new in more.items():
        text = text.replace(old, new)
    protocol.write_text(text)


def handed(review: Path, root: Path, tool: str) -> list[dict[str, str]]:
    """The records that r1 gets to import."""
    issued = [path for path, _ in exchange.issue(review, root, DAY, tools={"": tool})]
    (path,) = [path for path in issued if path.parent.name == "r1" and path.name.endswith(".ris")]
    assert path.name == f"title_abstract-r1-20260105.{tool}.ris"
    assert path.with_name("title_abstract-r1-20260105.csv") in issued
    return list(_records(path.read_text()))


def rayyan(records: list[dict[str, str]], votes: dict[str, str]) -> bytes:
    """What Rayyan exports of these records: its own keys, ours among the keywords, votes in the notes."""
    said = ", ".join(f"{json.dumps(name)}=>{json.dumps(vote)}" for name, vote in votes.items())
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("key", "title", "notes", "doi", "keywords", "pubmed_id"))
    for number, one in enumerate(records):
        writer.writerow((f"rayyan-{number}", one["TI"], f"RAYYAN-INCLUSION: {{{said}}}", one.get("DO", ""), one["KW"], ""))
    return out.getvalue().encode()


def put(root: Path, name: str, data: bytes, as_of: datetime = NEXT) -> exchange.Taken:
    review = root.parent / "small"
    Storage(root, "small").inbox.mkdir(parents=True, exist_ok=True)
    (Storage(root, "small").inbox / name).write_bytes(data)
    (taken,) = exchange.take_in(review, root, as_of)
    return taken


def log(root: Path, name: str) -> list[dict[str, object]]:
    return Storage(root, "small").log.read(name).to_pylist()


@pytest.mark.fault(58)
def test_rayyan_gives_two_votes_under_the_ids_of_the_protocol_and_no_name_is_kept(begun):
    review, root = begun
    name_people(review)
    records = handed(review, root, "rayyan")
    data = rayyan(records, {"Ann Example": "Included", "bob@x.example": "Excluded"})
    taken = put(root, "articles.csv", data)
    assert (taken.rows, taken.refused) == (30, 0), taken.line
    votes = {(row["citation_id"], row["reviewer"]): (row["stage"], row["decision"]) for row in log(root, "vote")}
    assert votes == {
        (found(one["KW"]).citation_id, who): ("title_abstract", decision)
        for one in records
        for who, decision in (("r1", "include"), ("r2", "exclude"))
    }
    assert "example" not in json.dumps(log(root, "vote"), default=str).casefold()
    assert put(root, "again.csv", data).line == "again.csv: taken before, nothing changed"
    assert exchange.standing_of(review, root).owed == []


def test_a_name_that_nobody_has_and_a_title_of_another_paper_come_back_with_the_reason(begun):
    review, root = begun
    name_people(review)
    records = handed(review, root, "rayyan")
    records[1]["TI"] = "Something else altogether"
    taken = put(root, "articles.csv", rayyan(records[:2], {"Ann Example": "Included", "Zoe": "Excluded"}))
    assert (taken.rows, taken.refused) == (1, 3)
    [marked] = (Storage(root, "small").worklists / "refused").glob("articles.csv-????????.csv")
    back = marked.read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(back, newline="")))
    assert rows[0]["refused_because"] == (
        "reviewer 'Zoe' is not in the protocol; a name of another tool belongs into known_as of a person"
    )
    assert all(row["refused_because"].startswith("the title is not that of the paper") for row in rows[1:])
    name_people(review, Bob="Zoe")
    assert put(root, "articles.csv.csv", back.encode()).rows == 1, "the marked copy is taken once the name is known"


def test_a_list_of_covidence_moves_papers_and_is_nobodys_vote(begun):
    review, root = begun
    records = handed(review, root, "covidence")
    text = "".join(f"TY  - JOUR\nTI  - {one['TI']}\nAN  - {one['AN']}\nER  - \n" for one in records[:4])
    assert put(root, "review_9_irrelevant.ris", text.encode()).rows == 4
    assert log(root, "vote") == []
    assert {(row["stage"], row["decision"], row["tool"]) for row in log(root, "outcome")} == {
        ("title_abstract", "exclude", "Covidence")
    }
    assert dict(exchange.standing_of(review, root).funnel)["excluded at title and abstract"] == 4


def test_without_an_id_a_paper_is_known_by_its_title_if_it_is_the_only_one(begun):
    review, root = begun
    name_people(review)
    titles = [one["TI"] for one in handed(review, root, "eppi-reviewer")]
    attributes = [{"attId": 1, "attName": "INCLUDE on title and abstract", "fullPath": "Screening"}]
    items = [{"itemId": 5, "title": title, "codingsList": [{"key": 1, "value": [{"contactName": "Bob"}]}]}
             for title in (titles[0].upper(), "A title that no paper has")]  # fmt: skip
    taken = put(root, "all.json", json.dumps({"attributes": attributes, "items": items}).encode())
    assert (taken.rows, taken.refused) == (1, 1)
    assert "no paper, or more than one, has the title 'A title that no paper has'" in taken.line
    assert [(row["reviewer"], row["decision"]) for row in log(root, "vote")] == [("r2", "include")]


def test_the_vote_of_somebody_who_was_not_asked_is_refused_where_the_protocol_says_so(begun):
    review, root = begun
    strangers = "  - {id: r3, roles: [reviewer], known_as: [Cy]}\n  - {id: a1,"
    records = handed(review, root, "rayyan")
    name_people(review, **{"  - {id: a1,": strangers})
    one = put(root, "one.csv", rayyan(records[:1], {"Cy": "Included"}))
    assert (one.rows, one.line) == (1, "one.csv: 1 decisions taken, 1 of them votes of people who were not asked")
    assert "not asked" not in put(root, "asked.csv", rayyan(records[:1], {"Ann Example": "Included"})).line
    name_people(review, **{"  worklists: csv": "  worklists: csv\n  unasked: refused"})
    assert "r3 was not asked to decide on this paper" in put(root, "two.csv", rayyan(records[1:2], {"Cy": "Included"})).line
    coded = [{"key": 1, "value": [{"contactName": "Cy"}]}]
    everything = {
        "attributes": [{"attId": 1, "attName": "INCLUDE"}],
        "items": [{"title": records[2]["TI"], "codingsList": coded}],
    }
    assert "r3 was not asked" in put(root, "three.json", json.dumps(everything).encode()).line, (
        "nor where its title alone tells"
    )


def test_a_tool_that_does_not_exist_is_told(begun):
    review, _ = begun
    assert exchange.tools_of(review, ["rayyan", "r1=asreview"]) == {"": "rayyan", "r1": "asreview"}
    for wanted, reason in (("excel", "there is no tool 'excel'"), ("zoe=rayyan", "'zoe' is not in protocol.people")):
        with pytest.raises(BadInput, match=reason):
            exchange.tools_of(review, [wanted])


def test_asreview_itself_reads_our_export_and_we_read_its_project_and_its_table(begun, tmp_path):
    python = os.environ.get("EVIMAP_ASREVIEW")
    if not python:
        absent("asreview", "EVIMAP_ASREVIEW names no interpreter that has ASReview")
    review, root = begun
    name_people(review, **{"known_as: [Ann Example]": "known_as: [Somebody Else]"})
    exchange.issue(review, root, DAY, tools={"r1": "asreview"})
    source = Storage(root, "small").worklists / "r1" / "title_abstract-r1-20260105.asreview.csv"
    script = Path(__file__).with_name("asreview_by_itself.py")
    # ASReview leaves a cache of its own in the folder it runs in
    done = subprocess.run([python, script, source, tmp_path], capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.stdout.strip() == "15", done.stderr
    for name in ("export.asreview", "export.csv"):
        taken = put(root, name, (tmp_path / name).read_bytes(), datetime(2999, 1, 1))  # ASReview goes by the clock on the wall
        assert (taken.rows, taken.refused) == (14, 0), taken.line
    votes = log(root, "vote")
    assert {row["reviewer"] for row in votes} == {"r1"}
    assert sorted(row["decision"] for row in votes) == ["exclude"] * 2 + ["include"] * 26
    assert all('"quoted", größer | x' in row["note"] for row in votes)
