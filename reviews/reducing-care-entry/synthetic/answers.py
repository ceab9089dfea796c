"""The cells that a simulated person fills in, task by task: worklist rows in, the same rows answered out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby

import frame
import minds
from papers import SEED, Paper, key, papers
from records import records

Row = dict[str, str]
CODED = (*frame.WHOLE, *frame.GROUPED)
_ISSUED = re.compile(r"-(\d{4})(\d\d)(\d\d)(?:-\d+)?$")


@dataclass(frozen=True, slots=True)
class Team:
    """What the people know together: citations that are a second copy of a paper, and how long they take to answer.

    ``earlier``: they code by the first version of the codebook.
    """

    second: frozenset[str] = frozenset()
    days: int = 0
    earlier: bool = False


@cache
def by_title() -> dict[str, Paper]:
    """Every title that any source gives a paper."""
    known = {key(record.title): record.paper for some in records(SEED).values() for record in some}
    return known | {key(title): paper for paper in papers(SEED) for title in (paper.title, paper.main_title) if title}


def paper_of(row: Mapping[str, str]) -> Paper | None:
    """The paper of a row; none if somebody added a real one, about which simulated people know nothing."""
    return by_title().get(key(row.get("title", "")))


def issued(worklist_id: str) -> date:
    """The day on which a worklist was handed out, as its id says."""
    found = _ISSUED.search(worklist_id)
    return date(*map(int, found.groups())) if found else date(2018, 7, 10)


def second_copies(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Of each paper that stands on full-text worklists under several ids, all ids but the one that was handed out first."""
    seen: dict[int, set[tuple[date, str]]] = {}
    for row in rows:
        paper = paper_of(row) if row.get("task") in ("full_text", "full_text_conflict") else None
        if paper:
            seen.setdefault(paper.number, set()).add((issued(row["worklist_id"]), row["citation_id"]))
    return frozenset(citation for copies in seen.values() for citation in {one for _, one in copies} - {min(copies)[1]})


def answered(rows: list[Row], team: Team) -> list[Row]:
    """All rows of one worklist, answered; rows on papers that nobody knows stay empty."""
    if rows and rows[0]["task"] in ("duplicates", "same_study"):
        return [_compared(row) for row in rows]
    done: list[Row] = []
    for _, group in groupby(rows, key=lambda row: row["citation_id"]):
        its = list(group)
        paper = paper_of(its[0])
        if paper is None:
            done += its
        elif its[0]["task"] in ("coding", "reconciliation", "verification"):
            done += _coded(its, paper, team)
        else:
            done += [{**row, **_decided(row, paper, team)} for row in its]
    return [_dated(row, team) for row in done]


def in_part(filled: list[Row]) -> list[Row]:
    """The answered rows, some of them left open."""
    empty = dict.fromkeys(("decision", "reason", "note", "decided_on"), "")
    return [{**row, **{name: empty[name] for name in row if name in empty}} if _draw(row) < 0.05 else row for row in filled]


def reconsidered(rows: list[Row], team: Team) -> list[Row]:
    """Of the rows on which the person went wrong some, decided anew."""
    wrong = []
    for row in rows:
        paper = paper_of(row)
        if paper is None or row["citation_id"] in team.second or _draw(row) > 0.4:
            continue
        first, right = _decided(row, paper, team), _decided({**row, "reviewer": ""}, paper, team)
        if (first["decision"] == "exclude") != (right["decision"] == "exclude"):
            wrong.append(_dated({**row, **right, "note": "thought again"}, team))
    return wrong


def _draw(row: Row) -> float:
    return random.Random(row["citation_id"]).random()


def _compared(row: Row) -> Row:
    """Whether two records are of one paper, or two reports of one study, as those know who made them up."""
    one, other = paper_of(row), paper_of({"title": row["other_title"]})
    if one is None or other is None:
        return row
    return {**row, "answer": "same" if one.number == other.number else "different", "note": "compared side by side"}


def _decided(row: Row, paper: Paper, team: Team) -> Row:
    task, person = row["task"], row["reviewer"]
    if task == "retrieval":
        if paper.fate == "not_retrieved":
            return {"status": "not_retrieved", "note": "not in any library; no reply from the authors"}
        return {"status": "arrived", "note": ""}
    if task == "title_abstract":
        return dict(zip(("decision", "note"), minds.title_abstract(paper, person), strict=True))
    if task == "title_abstract_conflict":
        decision = "exclude" if paper.fate == "irrelevant" else "include"
        return {"decision": decision, "note": "read again, with the rules beside it"}
    if row["citation_id"] in team.second:
        verdict = ("exclude", "duplicate-report", "the same paper came a second time")
    else:
        verdict = minds.full_text(paper, person) if task == "full_text" else minds.settled(paper)
    return dict(zip(("decision", "reason", "note"), verdict, strict=True))


def _coded(rows: list[Row], paper: Paper, team: Team) -> list[Row]:
    """The rows of one study: one for each group of its true coding, in which only coders err."""
    study, task = paper.study, rows[0]["task"]
    if study is None:
        return rows
    sent = {int(row["group"] or 1): row for row in rows}
    done, wrong = [], []
    for group in range(1, len(study.groups) + 1):
        row = sent.get(group) or {**rows[0], **dict.fromkeys((*CODED, frame.TEXT, "differs", "quote", "page"), ""), "check": ""}
        entry: Row = {"group": str(group)}
        for dimension in frame.GROUPED if group > 1 else CODED:
            codes = study.codes(dimension, group)
            if task == "coding":
                codes = minds.cell(paper, study, dimension, group, row["reviewer"])
            if team.earlier:
                codes = tuple(_former(dimension, code, paper) for code in codes)
            if set(codes) != {code.strip() for code in row[dimension].split(";")}:
                wrong.append(dimension)
                entry[dimension] = "; ".join(codes)
        if group == 1:
            entry[frame.TEXT] = minds.summary(paper)
        if not row["quote"]:
            entry["quote"], entry["page"] = minds.quote(paper, group)
        done.append({name: value for name, value in {**row, **entry}.items() if name in rows[0]})
    if task == "verification":
        note = f"corrected: {', '.join(dict.fromkeys(wrong))}" if wrong else ""
        done = [{**row, "verdict": "change" if wrong else "agree", "note": note} for row in done]
    return done


def _former(dimension: str, code: str, paper: Paper) -> str:
    names = frame.FORMER.get((dimension, code), (code,))
    return names[paper.number % len(names)]


def _dated(row: Row, team: Team) -> Row:
    """The row with the day of the decision, if one was taken: some time after it was handed out."""
    if not any(row.get(name) for name in ("decision", "status", "verdict", "theme")):
        return row
    after = sum(map(ord, row["citation_id"] + row["reviewer"])) % (team.days + 1)
    return {**row, "decided_on": (issued(row["worklist_id"]) + timedelta(days=after)).isoformat()}
