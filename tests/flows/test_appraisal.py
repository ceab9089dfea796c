"""A review that asks for a risk of bias, which two people judge: from the codebook to a release, by every law."""

from __future__ import annotations

from datetime import datetime

import pyarrow.parquet as pq
import pytest

from flows.exchange import issue, standing_of, take_in
from flows.week import week
from tests.flows.direct import broken_laws, directly, refresh
from tests.flows.small import MARCH, fill
from warehouse.storage import Storage

BIAS = """
  - id: bias
    label: Risk of bias
    appraisers: 2
    codes:
      - {id: low, label: Low}
      - {id: some, label: Some concerns}
      - {id: high, label: High}
  - {id: bias-why, label: Why, text: true, required: false, appraisers: 2}
"""
LEFT = "Kinship"


@pytest.fixture
def coded(screened):
    """A review that is coded and verified, and asks for a risk of bias now."""
    review, root = screened
    codebook = review / "codebook.yaml"
    codebook.write_text(codebook.read_text().replace('version: "1.0"', 'version: "1.1"') + BIAS)
    return review, root


def judging(task, reviewer, row):
    """Two people judge alike, but for the papers on mentoring and courts; what differs is settled between the two."""
    if task == "appraisal_reconciliation":
        return {"bias": "some", "bias-why": "Agreed on."}
    return {
        "bias": "high" if reviewer == "r2" and differ(row["title"]) else "low",
        "bias-why": f"{reviewer} of it",
        "quote": f"Seen by {reviewer}.",
        "page": "3",
    }


def differ(title):
    return any(word in title for word in ("Mentoring", "courts"))


def out_and_in(review, root, as_of):
    """Work out and in, but for one paper that the second person leaves; who was sent something, by task."""
    sent = {}
    for path, _ in issue(review, root, as_of):
        sent.setdefault(path.name.split("-")[0], []).append(path.parent.name)
        target = root / review.name / "inbox" / path.name
        fill(path, target, judging)
        if path.parent.name == "r2":
            target.write_text("".join(line for line in target.open() if LEFT not in line))
    assert [one.line for one in take_in(review, root, as_of) if one.refused] == []
    return sent


def test_no_study_is_on_the_map_before_two_people_have_judged_it(coded):
    review, root = coded
    assert out_and_in(review, root, datetime(2026, 2, 1)) == {"appraisal": ["r1", "r2"]}
    assert out_and_in(review, root, datetime(2026, 2, 2)) == {"appraisal_reconciliation": ["a1"]}
    owes = [row for row in standing_of(review, root).owed if row[1] == "appraisal"]
    assert [(who, left) for who, _, _, left in owes] == [("r2", 1)]
    steps = {step.what: step for step in week(review, root, datetime(2026, 2, 9))}
    assert [row for row in steps["Work that is out"].rows if row[1] == "appraisal"] == owes
    assert ("studies to appraise by two people", 1) in steps["To be settled"].rows

    with directly():
        assert refresh(review, root, MARCH).published
    storage = Storage(root, review.name)
    live = storage.current()
    assert broken_laws(live) == []
    studies = pq.read_table(live.path("marts.study")).to_pylist()
    (waits,) = [row for row in studies if row["state"] == "awaiting_appraisal"]
    assert LEFT in waits["title"]
    assert [row["study_id"] for row in studies if not row["mapped"]] == [waits["study_id"]]
    queue = pq.read_table(live.path("marts.work_queue")).to_pylist()
    assert [(row["task"], row["id"], row["reviewer"], row["owed"]) for row in queue] == [
        ("appraisal", waits["study_id"], "r2", 1)]  # fmt: skip

    judged = [row for row in studies if row["mapped"]]
    bias = {row["study_id"]: row["code"] for row in pq.read_table(live.path("marts.study_code")).to_pylist()
            if row["dimension"] == "bias"}  # fmt: skip
    differed = {row["study_id"] for row in judged if differ(row["title"])}
    assert bias == {row["study_id"]: "some" if row["study_id"] in differed else "low" for row in judged}

    said = [row for row in storage.log.read("coding").to_pylist() if row["role"] == "appraiser"]
    assert {(row["citation_id"], row["reviewer"]) for row in said if row["dimension"] == "bias"} == (
        {(row["study_id"], "r1") for row in studies} | {(row["study_id"], "r2") for row in judged})  # fmt: skip
    why = [row for row in said if row["dimension"] == "bias-why"]
    assert len(why) == len(studies) + len(judged), "no reason is lost"
    assert all(row["code"] == f"{row['reviewer']} of it" and row["quote"] == f"Seen by {row['reviewer']}." for row in why)

    agreement = {row["dimension"]: row for row in pq.read_table(live.path("marts.coding_agreement")).to_pylist()}
    assert (agreement["bias"]["studies"], agreement["bias"]["same"]) == (len(judged), len(judged) - len(differed))
    assert agreement["topic"]["studies"] == sum(row["double"] for row in studies)
    report = (live.folder / "report.html").read_text()
    assert "judged by two people in every study" in report
