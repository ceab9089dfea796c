"""What lies in the folder of a person: one current file a task, nothing deleted, and what a tool has not got yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import pytest

from flows.outbox import Outbox
from tasks.formats import library
from tasks.formats.worklist import Owed, Worklist
from warehouse.tables.catalogue import table

DAY = datetime(2026, 1, 5)
REVIEW = SimpleNamespace(protocol=SimpleNamespace(exchange=SimpleNamespace(worklists="csv")))
OLD, NEW = "title_abstract-r1-20260105", "title_abstract-r1-20260112"


def a_list(name, papers, task="title_abstract"):
    """``papers``: id of each with the list on which it went out."""
    rows = tuple(
        {"worklist_id": sent, "task": task, "reviewer": "r1", "citation_id": paper, "title": paper}
        for paper, sent in papers.items()
    )
    return Worklist(name, task, "r1", ("worklist_id", "task", "reviewer", "citation_id", "title"), rows)


@pytest.fixture
def outbox(tmp_path):
    """An outbox of the lists that were logged, in a folder that stays."""

    def make(*names, task="title_abstract", **tools):
        rows = [
            {"review": "small", "worklist_id": name, "task": task, "reviewer": "r1", "round": 1,
             "citation_id": f"c{at}", "record_ids": ["r"], "position": 1, "as_of": DAY}
            for at, name in enumerate(names)
        ]  # fmt: skip
        return Outbox(tmp_path, table("log.worklist").of_rows(rows), tools)

    return make


def sent(box, one):
    """Writes the files of a list."""
    return [box.put(one.reviewer, name, data) for name, data in box.files(one, REVIEW, DAY)]


def there(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_newest_file_is_the_current_one_and_others_are_put_away_never_written_over(outbox, tmp_path):
    box = outbox(OLD)
    sent(box, a_list(OLD, {"c1": OLD}))
    (tmp_path / "r1" / "my notes.csv").write_text("mine")
    assert not box.may_lack(Owed("title_abstract", "r1", 0, 1, DAY))
    box = outbox(OLD, NEW)
    assert box.may_lack(Owed("title_abstract", "r1", 0, 2, DAY))
    sent(box, a_list(NEW, {"c1": OLD, "c2": NEW}))
    box.tidy({("title_abstract", "r1")})
    assert there(tmp_path) == [f"r1/earlier/{OLD}.csv", "r1/my notes.csv", f"r1/{NEW}.csv"]
    (tmp_path / "r1" / f"{OLD}.csv").write_text("saved once more by a program that had it open")
    box.tidy({("title_abstract", "r1")})
    box.tidy(set())
    assert there(tmp_path) == [f"r1/earlier/{OLD} (2).csv", f"r1/earlier/{OLD}.csv", f"r1/earlier/{NEW}.csv", "r1/my notes.csv"]


def test_a_row_that_is_owed_again_comes_back_into_the_current_file(outbox, tmp_path):
    """It was not owed when that file was made: it had been decided otherwise, or was somebody else's."""
    box = outbox(OLD, NEW)
    sent(box, a_list(NEW, {"c2": NEW}))
    assert sent(box, a_list(NEW, {"c2": NEW})) == []
    assert box.may_lack(Owed("title_abstract", "r1", 0, 2, DAY))
    [path] = sent(box, a_list(NEW, {"c1": OLD, "c2": NEW}))
    assert "c1" in path.read_text(encoding="utf-8-sig")
    assert there(tmp_path) == [f"r1/earlier/{NEW}.csv", f"r1/{NEW}.csv"]


def test_numbers_of_lists_of_one_day_are_counted_and_not_read_as_text(outbox):
    box = outbox(OLD, f"{OLD}-10", f"{OLD}-9")
    assert box.again(a_list("x", {"c1": OLD, "c2": "x"})) == a_list(f"{OLD}-10", {"c1": OLD})


@pytest.mark.parametrize("tool", ["rayyan", "covidence", "eppi-reviewer"])
def test_a_tool_that_adds_papers_gets_those_that_it_has_not(outbox, tmp_path, tool):
    box = outbox(OLD, r1=tool)
    [_, ris] = sent(box, a_list(OLD, {"c1": OLD, "c2": OLD}))
    assert "TI  - c1" in ris.read_text()
    without = outbox(OLD, f"{OLD}-2")
    sent(without, a_list(f"{OLD}-2", {"c1": OLD, "c2": OLD, "c3": f"{OLD}-2"}))
    without.tidy({("title_abstract", "r1")})
    assert ris.exists(), "it may not have been imported yet"
    later = outbox(OLD, f"{OLD}-2", r1=tool)
    assert later.may_lack(Owed("title_abstract", "r1", 0, 3, DAY)), "c3 went out without a file for the tool"
    [ris] = sent(later, a_list(f"{OLD}-2", {"c1": OLD, "c3": f"{OLD}-2"}))
    assert [line for line in ris.read_text().splitlines() if line.startswith("TI")] == ["TI  - c3"]
    assert outbox(OLD, f"{OLD}-2", r1=tool).files(a_list(f"{OLD}-2", {"c1": OLD, "c3": f"{OLD}-2"}), REVIEW, DAY) == []


def test_asreview_gets_all_in_one_file(outbox, tmp_path):
    sent(outbox(OLD, r1="asreview"), a_list(OLD, {"c1": OLD, "c2": OLD}))
    box = outbox(OLD, NEW, r1="asreview")
    [_, project] = sent(box, a_list(NEW, {"c2": OLD, "c3": NEW}))
    box.tidy({("title_abstract", "r1")})
    assert ["c1" in project.read_text(), "c2" in project.read_text(), "c3" in project.read_text()] == [False, True, True]
    assert f"r1/earlier/{OLD}.asreview.csv" in there(tmp_path)


def test_the_file_for_a_reference_manager_is_made_again_where_it_is_lost(outbox, tmp_path):
    """It has all that is to be got, so it is made where it is not there, and not again where it is."""
    first, second = "retrieval-r1-20260105", "retrieval-r1-20260112"
    blank = dict.fromkeys(("volume", "issue", "pages", "pmid", "doi", "authors", "year", "journal", "type", *library.LINKS), "")
    both = a_list(second, {"c1": first, "c2": second}, "retrieval")
    both = replace(both, rows=tuple(blank | cells for cells in both.rows))
    owed = Owed("retrieval", "r1", 0, 2, DAY)
    box = outbox(second, task="retrieval")
    [_, ris] = sent(box, both)
    assert not box.may_lack(owed)
    ris.unlink()
    assert box.may_lack(owed)
    assert sent(box, both) == [ris]
    assert sent(outbox(first, second, task="retrieval"), both) == []
    left = replace(both, rows=both.rows[1:])
    assert sent(box, left) == [], "one text has come, and the file has the other"
    ris.write_bytes(library.ris(left))
    assert sent(box, both) == [ris]
