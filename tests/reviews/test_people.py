"""The simulated team: it answers every task legally, errs as people do, and settles on the truth."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from tasks.extraction.answers import read as read_coding
from tasks.extraction.form import columns
from tasks.formats.worklist import ENTRY, LEADING, REFERENCE, Row, Worklist, read, row, write
from tasks.screening import states
from tests.reviews.conftest import REVIEW, SCRIPTS
from warehouse.configuration.codebook import Codebook
from warehouse.yaml import read as read_yaml

CODEBOOK = read_yaml(REVIEW / "codebook.yaml", Codebook)


@pytest.fixture(scope="module")
def papers(script):
    return script["papers"].papers()


@pytest.fixture(scope="module")
def relevant(papers):
    return [paper for paper in papers if paper.fate != "irrelevant"]


def rows_of(task, person, some, **more):
    names = (*LEADING, *REFERENCE, *ENTRY[task]) if task in ENTRY else columns(task, CODEBOOK)
    name = f"{task}-{person}-20180710"
    shown = ({"citation_id": f"c{paper.number:05d}", "title": paper.title, "year": paper.year} for paper in some)
    return name, names, [{**dict.fromkeys(names, ""), **row(name, task, person, one), **more} for one in shown]


def answer(script, task, person, some, **more):
    return script["answers"].answered(rows_of(task, person, some, **more)[2], script["answers"].Team())


def kappa(one, two):
    n = len(one)
    agreed = sum(a == b for a, b in zip(one, two, strict=True)) / n
    first, second = Counter(one), Counter(two)
    chance = sum(first[value] * second[value] for value in first) / n**2
    return (agreed - chance) / (1 - chance)


@pytest.mark.parametrize("task", ["title_abstract", "title_abstract_conflict", "full_text", "full_text_conflict"])
def test_decisions_are_legal(script, relevant, task):
    person = "r5" if task.endswith("conflict") else "r1"
    for done in answer(script, task, person, relevant):
        stage = task.removesuffix("_conflict")
        assert states.refusal(stage, done["decision"], done.get("reason") or None) is None
        assert done["decided_on"] == "2018-07-10"


def test_retrieval_says_arrived_or_not(script, relevant):
    assert Counter(done["status"] for done in answer(script, "retrieval", "r7", relevant)) == {
        "arrived": 563,
        "not_retrieved": 139,
    }


@pytest.mark.parametrize(("stage", "low", "high"), [("title_abstract", 0.6, 0.8), ("full_text", 0.75, 0.92)])
def test_no_two_reviewers_err_about_one_paper_and_agreement_is_plausible(script, papers, stage, low, high):
    some = papers if stage == "title_abstract" else [one for one in papers if one.fate not in ("irrelevant", "not_retrieved")]
    minds = script["minds"]
    right = ["include" if one.fate != "irrelevant" else "exclude" for one in some]
    if stage == "full_text":
        right = [minds.settled(one)[0] for one in some]
    judge = getattr(minds, stage)
    votes = {person: [judge(one, person)[0].replace("maybe", "include") for one in some] for person in minds.REVIEWERS}
    wrong = [sum(votes[person][at] != true for person in votes) for at, true in enumerate(right)]
    assert max(wrong) == 1
    for one, two in combinations(votes, 2):
        assert low < kappa(votes[one], votes[two]) < high


def test_coders_fill_the_form_legally_and_err_in_some_cells(script, papers):
    studies = [paper for paper in papers if paper.study]
    cells = wrong = 0
    for paper in studies:
        done = answer(script, "coding", "r5", [paper])
        told = read_coding([Row(at, values) for at, values in enumerate(done, 2)], CODEBOOK)
        assert not told.faults
        assert len(done) == len(paper.study.groups)
        assert all(one.keys() == done[0].keys() == set(columns("coding", CODEBOOK)) for one in done)
        for (group, dimension), codes in told.values.items():
            if dimension != "summary":
                cells += 1
                wrong += codes != set(paper.study.codes(dimension, group))
    assert 0.05 < wrong / cells < 0.11


@pytest.mark.parametrize("task", ["verification", "reconciliation"])
def test_what_is_settled_is_the_truth(script, papers, task):
    verdicts = Counter()
    for paper in (paper for paper in papers if paper.study):
        coded = answer(script, "coding", "r6", [paper])
        names = columns(task, CODEBOOK)
        sheet = [{name: one.get(name, "") for name in names} | {"task": task, "reviewer": "r1"} for one in coded]
        before = [{**one} for one in sheet]
        done = script["answers"].answered(sheet, script["answers"].Team())
        for at, one in enumerate(done, 1):
            for dimension in (*script["frame"].GROUPED, *(script["frame"].WHOLE if at == 1 else ())):
                assert set(one[dimension].split("; ")) == set(paper.study.codes(dimension, at))
        if task == "verification":
            changed = any(
                old[dimension] != new[dimension]
                for old, new in zip(before, done, strict=True)
                for dimension in script["frame"].CODES
            )
            verdicts[done[0]["verdict"]] += 1
            assert (done[0]["verdict"] == "change") is changed is bool(done[0]["note"])
    assert task == "reconciliation" or min(verdicts.values()) > 30


def test_a_second_copy_of_a_paper_is_a_duplicate_report(script, papers):
    paper = next(paper for paper in papers if paper.fate == "included")
    first, second = (dict(rows_of("full_text", "r1", [paper])[2][0], citation_id=name) for name in ("c2", "c1"))
    second["worklist_id"] = "full_text-r1-20180801"
    answers = script["answers"]
    copies = answers.second_copies([second, first])
    assert copies == {"c1"}
    assert [one["decision"] for one in answers.answered([first, second], answers.Team(copies))] == ["include", "exclude"]


def test_files_are_answered_once_and_come_back_readable(tmp_path, papers):
    worklists, inbox = tmp_path / "worklists", tmp_path / "inbox"
    for person in ("r1", "r3"):
        name, names, rows = rows_of("title_abstract", person, papers[:300])
        (worklists / person).mkdir(parents=True)
        (worklists / person / f"{name}.csv").write_bytes(write(Worklist(name, "title_abstract", person, names, tuple(rows))))
    people = [sys.executable, SCRIPTS / "people.py", worklists, inbox, "9"]
    subprocess.run(people, check=True, capture_output=True)
    back = {path.name: path for path in inbox.iterdir()}
    assert sorted(back) == ["title_abstract-r1-20180710.csv", "title_abstract-r3-20180710.csv"]
    for path in back.values():
        sheet = read(path.read_bytes())
        assert len(sheet.rows) == 300
        assert {one.values["decision"] for one in sheet.rows} <= {"include", "maybe", "exclude"}
        assert {one.values["decided_on"][:7] for one in sheet.rows} == {"2018-07"}
    taken = inbox / "taken" / "0123456789ab-title_abstract-r1-20180710.csv"
    taken.parent.mkdir()
    back["title_abstract-r1-20180710.csv"].rename(taken)
    again = subprocess.run(people, check=True, capture_output=True, text=True)
    assert again.stdout.startswith("0 worklists")


def test_a_paper_that_nobody_made_up_is_left_open(script):
    name, names, _ = rows_of("title_abstract", "r1", [])
    unknown = {
        **dict.fromkeys(names, ""),
        "worklist_id": name,
        "task": "title_abstract",
        "reviewer": "r1",
        "citation_id": "x",
        "title": "A real paper",
    }
    assert script["answers"].answered([unknown], script["answers"].Team()) == [unknown]


def test_the_answer_file_has_the_columns_of_the_worklist(script, papers):
    _, names, rows = rows_of("full_text", "r2", papers[:3])
    text = script["people"].written(rows).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text))) == list(names)
    assert Path(script["people"].__file__).parent == SCRIPTS
