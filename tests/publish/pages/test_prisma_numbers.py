"""The numbers beside the diagram: for the R package PRISMA2020 as it reads them, and the rows behind each box."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from tasks.publish.pages.prisma import prisma_csv, prisma_svg
from tasks.publish.pages.prisma_rows import prisma_rows
from tasks.publish.pages.report_page import counts_of, report_page
from tasks.publish.signing import PAGES
from tests.publish.pages.reader import read
from tests.publish.pages.world import Tables, World
from warehouse.review import Review

SVG = "{http://www.w3.org/2000/svg}"
# The package looks for each of these in its first column as a pattern, so each has to be found once (its PRISMA_data).
PATTERNS = (
    "previous_studies", "previous_reports", "register_results", "database_results", "database_specific_results",
    "register_specific_results", "website_results", "organisation_results", "citations_results", "duplicates",
    "excluded_automatic", "excluded_other", "records_screened", "records_excluded", "dbr_sought_reports",
    "dbr_notretrieved_reports", "other_sought_reports", "other_notretrieved_reports", "dbr_assessed", "dbr_excluded",
    "other_assessed", "other_excluded", "new_studies", "new_reports", "total_studies$", "total_reports$", "identification",
    "screening", "included",
)  # fmt: skip


def as_the_package_reads(data: bytes) -> dict[str, str]:
    """The number of each name, by the rows that its pattern finds."""
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert list(rows[0]) == ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
    found = {}
    for pattern in PATTERNS:
        [row] = [row for row in rows if re.search(pattern, row["data"])]
        found[pattern.removesuffix("$")] = row["n"]
    for title in ("prevstud", "newstud", "othstud"):
        assert [row["data"] for row in rows if re.search(title, row["box"])] == ["NA"]
    return found | {row["data"]: row["n"] for row in rows if row["data"].startswith(("dbr_", "oth_", "on_", "waits_"))}


def total(cell: str) -> int:
    """The sum of ``Reason1, 3; Reason2, 4``, taken apart as the package does: by semicolons, then at the first comma."""
    return sum(int(part.partition(",")[2] or part.partition(",")[0]) for part in re.split("; ?", cell))


def test_every_law_of_the_vocabulary_holds(tables: Tables) -> None:
    given = as_the_package_reads(prisma_csv(tables))
    n = {name: total(cell) for name, cell in given.items() if cell != "NA"}
    identified = n["database_results"] + n["register_results"]
    assert identified == n["database_specific_results"] + n["register_specific_results"]
    removed = n["duplicates"] + n["excluded_automatic"] + n["excluded_other"]
    assert n["dbr_waits_for_votes"] > 0, "the invented review has work under way"
    assert identified - removed - n["dbr_waits_for_votes"] == n["records_screened"]
    assert n["records_screened"] - n["records_excluded"] == n["dbr_sought_reports"]
    assert n["dbr_sought_reports"] - n["dbr_notretrieved_reports"] - n["dbr_waits_for_full_text"] == n["dbr_assessed"]
    undecided = n["dbr_waits_for_decision"] + n["dbr_waits_for_class"] + n["dbr_under_way"]
    assert n["dbr_assessed"] - n["dbr_excluded"] - undecided == n["dbr_taken_in"]
    others = n["website_results"] + n["organisation_results"] + n["citations_results"]
    removed = n["oth_copies"] + n["oth_by_tool"] + n["oth_set_aside"]
    assert others - removed - n["oth_waits_for_votes"] == n["oth_looked_at"]
    assert n["oth_looked_at"] - n["oth_turned_down"] == n["other_sought_reports"]
    assert n["other_sought_reports"] - n["other_notretrieved_reports"] - n["oth_waits_for_full_text"] == n["other_assessed"]
    undecided = n["oth_waits_for_decision"] + n["oth_waits_for_class"] + n["oth_under_way"]
    assert n["other_assessed"] - n["other_excluded"] - undecided == n["oth_taken_in"]
    assert n["new_reports"] == n["dbr_taken_in"] + n["oth_taken_in"]
    assert n["new_studies"] == n["on_the_map"] + n["waits_for_coding"]
    assert n["total_studies"] == n["previous_studies"] + n["new_studies"]
    assert n["total_reports"] == n["previous_reports"] + n["new_reports"]


def test_its_numbers_are_those_of_the_mart_and_experts_are_among_organisations(tables: Tables) -> None:
    given = as_the_package_reads(prisma_csv(tables))
    flow = {(row["arm"], row["box"], row["detail"]): row for row in tables["marts.prisma_flow"].to_pylist()}
    for name, (arm, box) in {
        "duplicates": ("databases", "duplicates"), "records_screened": ("databases", "screened"),
        "records_excluded": ("databases", "excluded"), "dbr_sought_reports": ("databases", "sought"),
        "dbr_notretrieved_reports": ("databases", "not_retrieved"), "dbr_assessed": ("databases", "assessed"),
        "other_sought_reports": ("other", "sought"), "other_notretrieved_reports": ("other", "not_retrieved"),
        "other_assessed": ("other", "assessed"), "new_studies": ("both", "studies"), "new_reports": ("both", "reports"),
    }.items():  # fmt: skip
        assert int(given[name]) == flow[arm, box, ""]["n"], name
    reasons = [
        row for key, row in flow.items() if key[:2] == ("databases", "report_excluded") and row["detail"] and row["n"] > 0
    ]
    listed = [part.partition(", ") for part in given["dbr_excluded"].split("; ")]
    assert [(label, int(n)) for label, _, n in listed] == [(row["label"].replace(",", "/"), row["n"]) for row in reasons]
    trust, experts = (
        flow["other", "identified", name]["n"] for name in ("Northmoor Children's Trust", "Suggestions of experts")
    )
    assert experts > 0
    assert int(given["organisation_results"]) == trust + experts
    assert f"{experts} suggested by experts" in prisma_csv(tables).decode()


def test_what_waits_is_in_the_name_of_the_box_that_hides_it(tables: Tables, world: World) -> None:
    texts = {row["data"]: row["boxtext"] for row in csv.DictReader(io.StringIO(prisma_csv(tables).decode()))}
    assert re.fullmatch(r"Records screened \(\d+ more to be screened\)", texts["records_screened"])
    for row in world.rows["funnel"]:
        if row["position"].startswith("awaiting") or row["position"] == "ongoing":
            row["position"] = "excluded"
    done = {row["data"]: row["boxtext"] for row in csv.DictReader(io.StringIO(prisma_csv(world.tables()).decode()))}
    assert {done[name] for name in ("records_screened", "dbr_sought_reports", "dbr_assessed")} == {
        "Records screened", "Reports sought for retrieval", "Reports assessed for eligibility"
    }  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1; x, 4", 'a "b", c;d', "\u202eecruoS\x00", "<script>alert(1)</script>"])
def test_a_name_of_a_source_or_reason_stays_one_part(world: World, name: str) -> None:
    for table in ("record", "citation_record", "search"):
        for row in world.rows[table]:
            row["database"] = name if row["database"] == "PsycINFO" else row["database"]
    given = as_the_package_reads(prisma_csv(world.tables()))
    assert total(given["database_specific_results"]) == int(given["database_results"])
    assert given["database_specific_results"].count(";") == 1
    assert "\u202e" not in given["database_specific_results"]


def test_every_drawn_box_leads_to_its_number_on_the_report(tables: Tables, review: Review) -> None:
    page = read(report_page(tables, review))
    rows = {row.attributes["id"]: row for row in page.all("tr") if "id" in row.attributes}
    links = 0
    for link in ElementTree.fromstring(prisma_svg(tables, review, counts_of, alone=True)).iter(f"{SVG}a"):
        address, _, place = link.attrib["href"].partition("#")
        assert address == "report.html"
        drawn = re.search(r"\(n\u00a0=\u00a0([\d,]+)\)", link.attrib["aria-label"])
        assert drawn is not None
        assert rows[place].all("td")[0].text() == drawn[1]
        assert rows[place].all("th")[0].text().split(" (")[0] == link.attrib["aria-label"].split("\u00a0")[0][:-3]
        links += 1
    assert links > 20
    within = {link.attributes["href"] for link in page.all("svg", class_="prisma")[0].all("a")}
    assert within == {f"#{place}" for place in rows if place}


def test_every_box_has_its_rows_for_the_team(tables: Tables, review: Review) -> None:
    files = prisma_rows(tables, review)
    page = read(files["prisma/index.html"].decode())
    places = {section.attributes["id"]: section for section in page.all("section")}
    for link in page.all("svg")[0].all("a"):
        assert (link.attributes["href"] or "").removeprefix("#") in places
    for row in tables["marts.prisma_flow"].to_pylist():
        if row["detail"] or not row["n"]:
            continue
        section = places[f"{row['arm']}-{row['box']}"]
        assert f"(n\u00a0=\u00a0{row['n']:,})" in section.all("h3")[0].text()
        name = f"prisma/{row['arm']}-{row['box']}.csv"
        if row["box"] in ("screened", "sought", "assessed"):
            assert name not in files
            parts = [places[(link.attributes["href"] or "")[1:]].all("h3")[0].text() for link in section.all("a")]
            assert sum(int(re.findall(r"=\u00a0([\d,]+)", part)[0].replace(",", "")) for part in parts) == row["n"]
        else:
            assert section.all("a")[0].attributes["href"] == name.removeprefix("prisma/")
            assert len(list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))) == row["n"]


def test_rows_are_those_of_the_box_and_nothing_in_them_is_run(world: World, review: Review) -> None:
    world.rows["citation"][-1] |= {"title": "=cmd() <script>\u202ex", "url": "javascript:alert(1)", "doi": None}
    last = world.rows["citation"][-1]["citation_id"]
    files = prisma_rows(world.tables(), review)
    [row] = [
        row for row in csv.DictReader(io.StringIO(files["prisma/both-reports.csv"].decode("utf-8-sig"))) if row["id"] == last
    ]
    assert row["title"] == "'=cmd() <script>x"
    page = read(files["prisma/index.html"].decode())
    assert not page.all("script")
    assert not [link for link in page.all("a") if (link.attributes["href"] or "").startswith("javascript")]
    assert "=cmd() <script>x" in page.text()


def test_rows_are_not_shown_to_the_public(tables: Tables, review: Review) -> None:
    assert not [name for name in PAGES if name.startswith("prisma/")]
    for public in (report_page(tables, review), prisma_svg(tables, review, counts_of, alone=True)):
        assert "prisma/" not in public


def test_a_release_of_nothing_has_a_page_of_rows(world: World, review: Review) -> None:
    for rows in world.rows.values():
        rows.clear()
    assert list(prisma_rows(world.tables(), review)) == ["prisma/index.html"]


def test_the_same_rows_give_the_same_bytes(tables: Tables, review: Review) -> None:
    shuffled = {name: data.take(list(range(data.num_rows))[::-1]) if data.num_rows else data for name, data in tables.items()}
    assert prisma_rows(shuffled, review) == prisma_rows(tables, review)
    assert prisma_csv(shuffled) == prisma_csv(tables)


def test_previous_new_and_all_studies_are_given_to_the_package(world: World, review: Review) -> None:
    world.start_from()
    tables = world.tables()
    given = as_the_package_reads(prisma_csv(tables))
    n = {name: total(cell) for name, cell in given.items() if cell != "NA"}
    assert n["previous_studies"] > 0
    assert n["new_studies"] > 0
    assert n["total_studies"] == n["previous_studies"] + n["new_studies"] == n["on_the_map"] + n["waits_for_coding"]
    assert n["total_reports"] == n["previous_reports"] + n["new_reports"]
    identified = n["database_results"] + n["register_results"]
    assert identified == n["database_specific_results"] + n["register_specific_results"]
    removed = n["duplicates"] + n["excluded_automatic"] + n["excluded_other"]
    assert identified - removed - n["dbr_waits_for_votes"] == n["records_screened"] < 190
    drawn = re.findall(r'href="report.html#(n-[a-z_-]+)"', prisma_svg(tables, review, counts_of, alone=True))
    rows = {row.attributes.get("id") for row in read(report_page(tables, review)).all("tr")}
    assert {"n-previous", "n-total"} <= set(drawn) <= rows
