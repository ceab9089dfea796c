"""The example review, run as `make demo` runs it, held against the eleven published figures of the real review."""

import math
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter

import pyarrow.parquet as pq
import pytest

from flows.exchange import standing_of
from tests.publish.pages.reader import read
from tests.publish.pages.test_report_page import table_of
from tests.shared import ROOT

THEMES = [44, 43, 42, 42, 18, 16, 13, 10, 3]  # executive summary, What Works Centre for Children's Social Care, 2018
EXAMPLE = ROOT / "reviews" / "reducing-care-entry"


@pytest.fixture(scope="module")
def demo(tmp_path_factory, prefect_home):
    data = tmp_path_factory.mktemp("demo")
    shutil.copytree(prefect_home, data / ".prefect")
    env = os.environ | {"EVIMAP_DATA": str(data)}
    env.pop("PREFECT_HOME", None)
    done = subprocess.run([sys.executable, EXAMPLE / "demo.py"], env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return data / "reducing-care-entry", done.stdout


@pytest.mark.soak
@pytest.mark.parametrize("rounds", [0, 2, 5])
def test_a_demo_that_was_killed_goes_on_and_ends_as_one_that_was_not(demo, tmp_path, rounds):
    """Killed while the first release is made, while people work, and in the last round but one."""
    env = os.environ | {"EVIMAP_DATA": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    env.pop("PREFECT_HOME", None)
    command = [sys.executable, EXAMPLE / "demo.py"]
    seen = 0
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as killed:
        for line in killed.stdout:
            seen += "rows handed out" in line
            if line.startswith("records ") if rounds == 0 else seen == rounds:
                time.sleep(0.5)
                killed.kill()
                break
        killed.communicate(timeout=60)  # its Prefect server has it open until it has ended, too
    assert killed.returncode == -9
    again = subprocess.run(command, env=env, capture_output=True, text=True, timeout=900)
    assert again.returncode == 0, again.stdout + again.stderr
    assert (tmp_path / demo[0].name / "current").resolve().name == (demo[0] / "current").resolve().name


def rows(demo, name):
    schema, table = name.split(".")
    return pq.read_table(demo[0] / "current" / schema / f"{table}.parquet").to_pylist()


def test_the_published_figures_can_be_read_off_the_marts(demo):
    flow = {(row["arm"], row["box"]): row["n"] for row in rows(demo, "marts.prisma_flow") if row["detail"] == ""}
    assert flow["databases", "identified"] + flow["other", "identified"] > 17_000
    assert flow["both", "studies"] == flow["both", "mapped"] == 170
    themes = sorted(rows(demo, "marts.theme"), key=lambda row: row["position"])
    assert [row["all_kinds"] for row in themes] == THEMES
    ready = {row["label"]: row["ready"] for row in rows(demo, "marts.synthesis_readiness")}
    assert [label for label, is_ready in ready.items() if not is_ready] == ["Supervision of social workers"]


def test_the_conservation_laws_hold(demo):
    flow = {(row["arm"], row["box"]): row["n"] for row in rows(demo, "marts.prisma_flow") if row["detail"] == ""}
    for arm in ("databases", "other"):
        n = {box: number for (one, box), number in flow.items() if one == arm}
        removed = n["duplicates"] + n["automation"] + n["removed_other"]
        assert n["identified"] == removed + n["screened"] + n["awaiting_screening"]
        assert n["screened"] == n["excluded"] + n["sought"]
        assert n["sought"] == n["not_retrieved"] + n["assessed"] + n["awaiting_retrieval"]
        waiting = n["awaiting_decision"] + n["awaiting_classification"] + n["ongoing"]
        assert n["assessed"] == n["report_excluded"] + n["included"] + waiting
    assert all(row["passed"] for row in rows(demo, "meta.quality_check") if row["severity"] == "stop")


def test_the_map_page_shows_the_themes_with_their_counts_and_says_that_it_is_made_up(demo):
    page = (demo[0] / "current" / "map.html").read_text(encoding="utf-8")
    assert "Synthetic" in page
    for row in rows(demo, "marts.theme"):
        assert row["label"].replace("'", "&#39;") in page
    assert "Synthetic" in (demo[0] / "current" / "prisma.svg").read_text(encoding="utf-8")
    assert all(row["synthetic"] for row in rows(demo, "marts.study"))


def test_the_text_on_a_theme_stands_in_the_report_and_fits_its_studies(demo):
    [text] = rows(demo, "marts.synthesis_text")
    assert (text["theme"], text["up_to_date"]) == ("supervision", True)
    page = (demo[0] / "current" / "report.html").read_text(encoding="utf-8")
    assert "What the made-up studies say" in page
    assert "not in this release" not in page


def test_the_published_statement_can_be_read_off_the_report(demo):
    report = read((demo[0] / "current" / "report.html").read_text(encoding="utf-8"))
    said = " ".join(report.text().split())
    assert (
        "170 studies in 9 themes: all but one are ready to be synthesised. Not yet ready: Supervision of social workers."
        in said
    )
    shown = table_of(report, "Studies and readiness by theme")
    assert [int(cells[0]) for cells in shown.values()] == THEMES
    assert [label for label, cells in shown.items() if cells[-1] != "ready"] == ["Supervision of social workers"]
    planned = {
        section.all("h3")[0].text(): section.all("ul", class_="planned") for section in report.all("section", class_="theme")
    }
    assert {theme: lists[0].all("strong")[0].text() for theme, lists in planned.items() if lists} == {
        "Interventions that change a family's finances": "Devolved budgets",
        "Service integration or coordination": "Social workers in schools",
    }
    assert "once the money stops" not in said, "one of the two who said so has not agreed"
    assert len(report.all("figure")) >= 5
    assert (demo[0] / "current" / "report.html").stat().st_size < 600_000


def test_two_people_screened_and_their_agreement_is_plausible(demo):
    agreement = {row["stage"]: row for row in rows(demo, "marts.agreement")}
    assert 0.5 < agreement["title_abstract"]["kappa"] < agreement["full_text"]["kappa"] < 1
    assert agreement["title_abstract"]["n"] > 10_000


def test_a_tenth_of_the_studies_was_coded_twice_and_the_rest_verified(demo):
    studies = rows(demo, "staging.study_extraction")
    doubles = [row for row in studies if row["double"]]
    batches = Counter(row["batch"] for row in rows(demo, "staging.draw"))
    assert sum(batches.values()) == 170
    assert len(doubles) == sum(math.ceil(size / 10) for size in batches.values()), "a tenth of each batch, rounded up"
    assert {row["state"] for row in doubles} == {"reconciled"}
    assert {row["state"] for row in studies if not row["double"]} == {"verified"}


def test_nobody_is_owed_anything_in_the_end(demo):
    standing = standing_of(EXAMPLE, demo[0].parent)
    assert standing.owed == []
    assert all(number == 0 for _, number in standing.open)


def test_what_the_demo_prints(demo):
    for stage in ("sources", "records", "dedup", "screening", "extraction", "marts", "publish"):
        assert re.search(rf"(?m)^{stage} +\S", demo[1]), stage
    assert re.search(r"(?m)^marts +255 map cells, 170 studies, 2 ongoing$", demo[1]), "counted as the report counts them"
    assert re.search(r"Family or child skills training +\d+ +\d+ +44", demo[1])
    assert str(demo[0] / "current" / "map.html") in demo[1]
    assert str(demo[0] / "warehouse.duckdb") in demo[1]


@pytest.mark.fault(19)
def test_votes_that_came_late_or_were_changed_are_all_kept_and_agreement_is_of_the_first(demo):
    votes = rows(demo, "staging.vote")
    assert len(votes) == sum(pq.read_table(path).num_rows for path in (demo[0] / "log" / "vote").glob("*.parquet"))
    standing = {
        (row["citation_id"], row["stage"], row["round"], row["reviewer"]): row for row in votes if not row["superseded"]
    }
    includes = ("include", "maybe")
    changed = {
        (row["citation_id"], row["stage"]): row["decision"] in includes
        for row in votes
        if row["superseded"] and row["reviewer"] == "r2" and row["round"] == 1
        and (standing[row["citation_id"], row["stage"], 1, "r2"]["decision"] in includes) != (row["decision"] in includes)
    }  # fmt: skip
    assert len(changed) > 20
    pairs = {(row["citation_id"], row["stage"]): row for row in rows(demo, "staging.agreement_pair")}
    for place, first in changed.items():
        said = {pairs[place][f"reviewer_{side}"]: pairs[place][f"include_{side}"] for side in "ab"}
        assert said["r2"] is first
    r4 = [row for row in votes if row["reviewer"] == "r4" and row["stage"] == "title_abstract"]
    began = min(row["as_of"] for row in r4)
    late = {row["citation_id"] for row in r4} - {row["citation_id"] for row in r4 if row["as_of"] == began}
    assert len(late) > 50


def test_the_codebook_changed_half_way_and_every_coding_is_in_its_words_or_was_made_again(demo):
    given = rows(demo, "staging.coding")
    assert {row["codebook"] for row in given} == {"1.0", "1.1"}
    renamed = [row for row in given if row["code"] in ("finances", "england", "scotland-wales-northern-ireland")]
    assert {(row["code"], row["present_code"]) for row in renamed} == {
        ("finances", "family-finances"), ("england", "united-kingdom"), ("scotland-wales-northern-ireland", "united-kingdom")
    }  # fmt: skip
    split = [row for row in given if row["code"] == "elsewhere"]
    assert {row["present_code"] for row in split} == {None}
    again = {(row["citation_id"], row["reviewer"]) for row in split if row["role"] == "coder"}
    assert again <= {(row["citation_id"], row["reviewer"]) for row in given if row["codebook"] == "1.1"}
    assert len(again) > 5
    assert {row["code"] for row in rows(demo, "marts.study_code")}.isdisjoint({"finances", "england", "elsewhere"})
