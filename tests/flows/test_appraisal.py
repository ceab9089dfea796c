"""A review with a risk of bias that two people judge: from the first coding to a release, in workbooks, by every law."""

from __future__ import annotations

from datetime import datetime

import pyarrow.parquet as pq
import pytest

from flows.exchange import issue, standing_of, take_in
from flows.week import week
from tests.flows.direct import broken_laws, directly, refresh
from tests.flows.small import MARCH, agreeable, fill
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


@pytest.fixture
def begun(begun):
    """A review after its first release that asks for a risk of bias, and whose work goes out as workbooks."""
    review, root = begun
    codebook, protocol = review / "codebook.yaml", review / "protocol.yaml"
    codebook.write_text(codebook.read_text().replace('version: "1.0"', 'version: "1.1"') + BIAS)
    text = protocol.read_text().replace("worklists: csv", "worklists: xlsx").replace("double_share: 0.10", "double_share: 0.25")
    protocol.write_text(text.replace('version: "1.0"', 'version: "1.1"', 1))
    return review, root


def judging(task, reviewer, row):
    """Two people judge alike, but for the papers on mentoring and courts; what differs is settled between the two."""
    if task == "appraisal_reconciliation":
        return {"bias": "some", "bias-why": "Agreed on."}
    if task in ("coding", "appraisal"):
        differs = reviewer == "r2" and any(word in row["title"] for word in ("Mentoring", "courts"))
        said = {
            "bias": "high" if differs else "low",
            "bias-why": f"{reviewer} of it",
            "quote": f"Seen by {reviewer}.",
            "page": "3",
        }
        return said if task == "appraisal" else agreeable(task, reviewer, row) | said
    return agreeable(task, reviewer, row)


def rounds(review, root, days, left=()):
    """Work out and in on each of these days of February, but for the tasks ``left``; who was sent something, by task."""
    sent = {}
    for day in days:
        as_of = datetime(2026, 2, day)
        if not (issued := issue(review, root, as_of)):
            break
        for path, _ in issued:
            task = path.name.split("-")[0]
            sent.setdefault(task, []).append(path.parent.name)
            if task not in left:
                fill(path, root / review.name / "inbox" / path.name, judging)
        assert [one.line for one in take_in(review, root, as_of) if one.refused] == []
    return sent


def test_no_study_is_on_the_map_before_two_people_have_judged_it(begun):
    review, root = begun
    sent = rounds(review, root, range(1, 9), left=["appraisal"])
    assert set(sent["appraisal"]) <= {"r1", "r2"}
    storage = Storage(root, review.name)
    owes = [row for row in standing_of(review, root).owed if row[1] == "appraisal"]
    steps = {step.what: step for step in week(review, root, datetime(2026, 2, 9))}
    assert owes
    assert [row for row in steps["Work that is out"].rows if row[1] == "appraisal"] == owes
    waiting = sum(int(row[3]) for row in owes)
    assert ("studies to appraise by two people", waiting) in steps["To be settled"].rows

    with directly():
        assert refresh(review, root, datetime(2026, 2, 10)).published
    live = storage.current()
    assert broken_laws(live) == []
    studies = pq.read_table(live.path("marts.study")).to_pylist()
    assert {row["state"] for row in studies if not row["double"]} == {"awaiting_appraisal"}
    assert not any(row["mapped"] for row in studies if row["state"] == "awaiting_appraisal")
    queue = [row for row in pq.read_table(live.path("marts.work_queue")).to_pylist() if row["task"] == "appraisal"]
    assert sum(row["owed"] for row in queue) == waiting
    assert {row["reviewer"] for row in queue} == {who for who, *_ in owes}

    for path in (root / review.name / "worklists").glob("*/appraisal-*.xlsx"):
        fill(path, storage.inbox / path.name, judging)
    assert [one.refused for one in take_in(review, root, datetime(2026, 2, 11))] == [0] * len(owes)
    sent = rounds(review, root, range(12, 18))
    assert set(sent) >= {"appraisal_reconciliation", "verification"}
    with directly():
        assert refresh(review, root, MARCH).published
    live = storage.current()
    assert broken_laws(live) == []
    studies = pq.read_table(live.path("marts.study")).to_pylist()
    assert all(row["mapped"] for row in studies)
    bias = {row["study_id"]: row["code"] for row in pq.read_table(live.path("marts.study_code")).to_pylist()
            if row["dimension"] == "bias"}  # fmt: skip
    differed = {row["study_id"] for row in studies if any(word in row["title"] for word in ("Mentoring", "courts"))}
    assert bias == {row["study_id"]: "some" if row["study_id"] in differed else "low" for row in studies}

    said = storage.log.read("coding").to_pylist()
    judges = {}
    for row in said:
        if row["dimension"] == "bias" and row["role"] in ("coder", "appraiser"):
            judges.setdefault(row["citation_id"], set()).add(row["reviewer"])
    assert judges == {row["study_id"]: {"r1", "r2"} for row in studies}
    why = [row for row in said if row["dimension"] == "bias-why" and row["role"] in ("coder", "appraiser")]
    assert len(why) == 2 * len(studies), "no reason is lost"
    assert all(row["code"] == f"{row['reviewer']} of it" and row["quote"] == f"Seen by {row['reviewer']}." for row in why)

    agreement = {row["dimension"]: row for row in pq.read_table(live.path("marts.coding_agreement")).to_pylist()}
    doubled = sum(row["double"] for row in studies)
    assert (agreement["bias"]["studies"], agreement["bias"]["same"]) == (len(studies), len(studies) - len(differed))
    assert agreement["topic"]["studies"] == doubled
    report = (live.folder / "report.html").read_text()
    assert "judged by two people in every study" in report
