"""The PRISMA diagram draws numbers that balance, and refuses those that do not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from tasks.publish.pages.flow_layout import layout
from tasks.publish.pages.flow_numbers import DoesNotBalance, flow
from tasks.publish.pages.lettering import width, wrapped
from tasks.publish.pages.prisma import prisma_svg
from tests.publish.pages.frame import SYNTHETIC
from tests.publish.pages.world import Tables, World
from warehouse.review import Review
from warehouse.tables.catalogue import table

SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> dict[str, str]:
    root = ElementTree.fromstring(svg)
    return {
        group.attrib["id"].removeprefix("prisma-"): " ".join(text.text or "" for text in group.iter(f"{SVG}text"))
        for group in root.iter(f"{SVG}g")
        if "id" in group.attrib
    }


def test_every_number_is_in_its_box_and_in_the_description(tables: Tables, review: Review) -> None:
    svg = prisma_svg(tables, review)
    drawn = boxes(svg)
    description = ElementTree.fromstring(svg).findtext(f"{SVG}desc") or ""
    removed = {"duplicates", "automation", "removed_other"}
    elsewhere = {"included": "included", "studies": "included", "reports": "included", "mapped": "mapped"}
    for row in tables["marts.prisma_flow"].to_pylist():
        if row["box"] in removed or (row["n"] == 0 and (row["detail"] or row["box"] not in ("screened", "excluded"))):
            continue
        name = row["box"] if row["arm"] == "both" else f"{row['arm']}-{row['box']}"
        if row["box"] in elsewhere:
            name = elsewhere[row["box"]]
        assert f"(n\u00a0=\u00a0{row['n']:,})" in drawn[name], row
        assert f"(n\u00a0=\u00a0{row['n']:,})" in description
    assert {"databases-screened", "other-screened", "databases-excluded", "other-excluded"} <= drawn.keys()


def test_work_under_way_is_drawn_dashed_and_only_where_there_is_any(world: World, review: Review) -> None:
    svg = prisma_svg(world.tables(), review)
    assert "databases-awaiting_screening" in boxes(svg)
    groups = {group.get("id", ""): group for group in ElementTree.fromstring(svg).iter(f"{SVG}g")}
    rect = groups["prisma-databases-awaiting_screening"].find(f"{SVG}rect")
    assert rect is not None
    assert "stroke-dasharray" in rect.attrib
    for row in world.rows["funnel"]:
        if row["position"].startswith("awaiting"):
            row["position"] = "excluded"
    assert not [name for name in boxes(prisma_svg(world.tables(), review)) if "-awaiting" in name]


def test_who_excluded_is_told_where_it_was_not_always_two_people(world: World, review: Review) -> None:
    assert "by" not in boxes(prisma_svg(world.tables(), review))["databases-excluded"].split()
    databases = [
        row["citation_id"] for row in world.rows["funnel"] if (row["arm"], row["position"]) == ("databases", "excluded")
    ]
    stands = {"stage": "title_abstract", "round": 1, "state": "decided", "decision": "exclude"}
    world.rows["screening"] = [
        {"citation_id": citation, **stands, "basis": "tool" if n < 3 else "votes", "votes": 0 if n < 3 else 1 if n < 8 else 2}
        for n, citation in enumerate(databases)
    ]
    svg = prisma_svg(world.tables(), review)
    drawn = boxes(svg)["databases-excluded"]
    said = ElementTree.fromstring(svg).findtext(f"{SVG}desc") or ""
    for words in (
        f"a conflict settled (n\u00a0=\u00a0{len(databases) - 8})",
        "by one person (n\u00a0=\u00a05)",
        "by a tool alone (n\u00a0=\u00a03)",
    ):
        assert words in drawn
        assert words in said
    assert "and a tool" not in drawn  # nothing was excluded in that way


@pytest.mark.parametrize(
    "box", ["identified", "screened", "excluded", "sought", "assessed", "included", "awaiting_retrieval", "mapped"]
)
def test_numbers_that_contradict_each_other_are_not_drawn(altered: Callable[..., Tables], review: Review, box: str) -> None:
    def one_more(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"n": row["n"] + (row["box"] == box and not row["detail"] and row["arm"] != "other")}

    with pytest.raises(DoesNotBalance, match=box):
        prisma_svg(altered("marts.prisma_flow", one_more), review)


def test_the_message_gives_the_numbers(altered: Callable[..., Tables], review: Review) -> None:
    broken = altered("marts.prisma_flow", lambda row: row | {"n": row["n"] + 5000 * (row["box"] == "excluded")})
    with pytest.raises(DoesNotBalance, match=r"databases: screened \d+ is not excluded 5,\d+ \+ sought \d+ = 5,\d+"):
        prisma_svg(broken, review)


def test_a_review_of_databases_alone_has_one_arm(world: World, review: Review) -> None:
    for name in ("record", "citation_record", "funnel", "search"):
        for row in world.rows[name]:
            row["arm"] = "databases"
    assert not [name for name in boxes(prisma_svg(world.tables(), review)) if name.startswith("other-")]


def test_a_release_of_nothing_is_drawn(world: World, review: Review) -> None:
    for rows in world.rows.values():
        rows.clear()
    assert "(n\u00a0=\u00a00)" in boxes(prisma_svg(world.tables(), review))["databases-screened"]


def test_large_numbers_have_separators_and_synthetic_data_says_so(altered: Callable[..., Tables], review: Review) -> None:
    thousand = altered("marts.prisma_flow", lambda row: row | {"n": 1000 * row["n"]})
    svg = prisma_svg(thousand, review)
    assert "(n\u00a0=\u00a041,000)" in boxes(svg)["included"]
    assert SYNTHETIC in "".join(ElementTree.fromstring(svg).itertext())
    assert "Synthetic: " + SYNTHETIC in svg


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script> & co", "\x00\x1b\u202eecruoS\ufffe", "source" * 1600, "資料庫" * 30]
)
def test_names_of_sources_stay_in_their_box_and_well_formed(altered: Callable[..., Tables], review: Review, name: str) -> None:
    tables = altered("marts.prisma_flow", lambda row: row | ({"label": name} if row["detail"] else {}))
    svg = prisma_svg(tables, review)
    assert not list(ElementTree.fromstring(svg).iter(f"{SVG}script"))
    drawn = layout(flow(tables["marts.prisma_flow"].to_pylist()), 0)
    for box in drawn.boxes:
        for line in box.lines:
            assert line.x + width(line.text, 13, line.bold) <= box.right
            assert box.y < line.y < box.bottom


def test_boxes_do_not_overlap(tables: Tables) -> None:
    drawn = layout(flow(tables["marts.prisma_flow"].to_pylist()), 0).boxes
    for n, one in enumerate(drawn):
        for other in drawn[n + 1 :]:
            apart = one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
            assert apart, (one.id, other.id)


def test_wrapping_loses_no_letter() -> None:
    text = "Applied Social Sciences Index & Abstracts " + "x" * 90
    lines = wrapped(text, 120, 13)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, 13) <= 120 for line in lines)


def test_the_diagram_is_a_pure_function_of_its_rows(tables: Tables, review: Review) -> None:
    data = tables["marts.prisma_flow"]
    turned = tables | {"marts.prisma_flow": data.take(list(range(data.num_rows))[::-1])}
    assert prisma_svg(turned, review) == prisma_svg(tables, review)


def test_an_updated_review_has_a_column_of_its_previous_version(world: World, review: Review) -> None:
    world.start_from()
    tables = world.tables()
    n = {(row["arm"], row["box"]): row["n"] for row in tables["marts.prisma_since"].to_pylist() if not row["detail"]}
    svg = prisma_svg(tables, review)
    drawn = boxes(svg)
    before, new, total = (n["both", name] for name in ("previous_studies", "studies", "total_studies"))
    assert 0 < before < total == before + new == world_studies(tables)
    assert drawn["previous"].startswith(
        f"Studies included in the previous version of the review (1.0) (n\u00a0=\u00a0{before})"
    )
    assert "no longer included, or one with another (n\u00a0=\u00a01)" in drawn["previous"]
    assert drawn["included"].startswith(f"New studies included in the review (n\u00a0=\u00a0{new})")
    assert drawn["total"].startswith(f"Total studies included in the review (n\u00a0=\u00a0{total})")
    described = svg.partition("<desc")[2].partition("</desc>")[0]
    assert described.index("Previous studies. ") < described.index("Identification of new studies via databases and registers")
    assert f"Total studies included in the review (n\u00a0=\u00a0{total})" in described
    placed = layout(flow(tables["marts.prisma_since"].to_pylist()), 0).boxes
    for box, other in combinations(placed, 2):
        apart = box.right < other.x or other.right < box.x or box.bottom < other.y or other.bottom < box.y
        assert apart, (box.id, other.id)


def test_the_team_sees_the_rows_of_the_whole_review_whatever_its_baseline(world: World, review: Review) -> None:
    whole = prisma_svg(world.tables(), review)
    world.start_from()
    assert prisma_svg(world.tables(), review, cumulative=True) == whole != prisma_svg(world.tables(), review)


def test_previous_and_new_studies_that_are_not_all_are_not_drawn(world: World, review: Review) -> None:
    world.start_from()
    tables = world.tables()
    rows = [
        row | {"n": row["n"] + 1} if row["box"] == "previous_studies" else row
        for row in tables["marts.prisma_since"].to_pylist()
    ]
    tables["marts.prisma_since"] = table("marts.prisma_since").of_rows(rows)
    with pytest.raises(DoesNotBalance, match=r"total_studies \d+ is not previous_studies \d+ \+ studies \d+"):
        prisma_svg(tables, review)


def world_studies(tables: Tables) -> int:
    [n] = [row["n"] for row in tables["marts.prisma_flow"].to_pylist() if (row["arm"], row["box"]) == ("both", "studies")]
    return int(n)
