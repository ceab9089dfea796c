"""The badge of a retracted study, and what the map says of the release before."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.publish.pages.changes import SHOWN
from tasks.publish.pages.map_page import map_page
from tasks.publish.pages.report_page import report_page
from tests.publish.pages.world import Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table


def some_study(tables: Tables) -> dict[str, Any]:
    return next(row for row in tables["marts.study"].to_pylist() if row["mapped"])  # type: ignore[union-attr]


@pytest.fixture
def retracted(tables: Tables) -> Tables:
    study = some_study(tables)
    rows = [row | ({"notice": "retracted", "notice_label": "Retracted"} if row == study else {})
            for row in tables["marts.study"].to_pylist()]  # type: ignore[union-attr]  # fmt: skip
    notice = {"review": "care", "citation_id": study["study_id"], "notice": "retracted: 10.1/<b>n", "kind": "retracted",
              "included": True, "position": "included", "told_by": "search"}  # fmt: skip
    return tables | {
        "marts.study": table("marts.study").of_rows(rows),
        "marts.notice": table("marts.notice").of_rows([notice]),
    }


def test_a_retracted_study_carries_a_badge_on_the_map_and_stands_on_the_report(
    tables: Tables, retracted: Tables, review: Review
) -> None:
    badge = '<span class="badge notice">Retracted</span>'
    assert badge not in map_page(tables, review)
    page = map_page(retracted, review)
    assert page.count(badge) == 1
    assert f'<li id="{some_study(tables)["study_id"]}">{badge}' in page
    assert 'id="notices"' not in report_page(tables, review)
    report = report_page(retracted, review)
    assert "<td>retracted: 10.1/&lt;b&gt;n</td>" in report
    assert some_study(tables)["reference"].replace("&", "&amp;") in report.partition('id="notices"')[2].partition("</table>")[0]


def test_the_first_release_says_that_there_is_none_to_compare_with(tables: Tables, review: Review) -> None:
    section = map_page(tables, review).partition('<section id="changes">')[2].partition("</section>")[0]
    assert "This is the first release: there is none to compare it with." in section
    assert "<dl>" not in section


def test_changes_are_told_with_their_numbers_and_the_first_of_them(tables: Tables, review: Review) -> None:
    study = some_study(tables)
    change = {
        "review": "care",
        "study_id": None,
        "before": None,
        "after": None,
        "n_before": None,
        "n_after": None,
        "studies": [],
    }
    rows = [
        *({"what": "on_the_map", "id": f"s{n}", "label": f"Study {n} <i>", "after": "primary"} for n in range(SHOWN + 3)),
        {"what": "joined", "id": "j", "label": "Joined (2000)", "after": study["reference"], "studies": [study["study_id"]]},
        {
            "what": "joined",
            "id": "g",
            "label": "Was mapped (1997)",
            "before": "primary",
            "after": "Waits (1996)",
            "studies": ["w"],
        },
        {"what": "divided", "id": "d", "study_id": study["study_id"], "label": study["reference"], "before": "Whole (1999)"},
        {
            "what": "divided",
            "id": "u",
            "study_id": "u",
            "label": "Off the map (1998)",
            "before": "Uncoded (1998)",
            "studies": ["v"],
        },
        {"what": "recoded", "id": "r", "label": "Recoded (2001)", "before": "Level: Child", "after": "Level: Family"},
        {"what": "notice", "id": "n", "label": "Noticed (2002)", "after": "retracted"},
        {"what": "not_applicable", "id": "n", "label": "Child; Economic evaluation", "before": "absolute"},
        {"what": "applicable", "id": "a", "label": "Child; Entry", "after": "synthesis"},
        {"what": "applicable", "id": "b", "label": "Child; Re-entry"},
        {"what": "gap_closed", "id": "g", "label": "Family; Entry", "before": "absolute", "studies": [study["study_id"]]},
        {"what": "box", "id": "both.mapped", "label": "Included studies on the map", "n_before": 1200, "n_after": 1215},
    ]
    told = tables | {
        "marts.change": table("marts.change").of_rows(change | {"position": n} | row for n, row in enumerate(rows, 1))
    }
    section = map_page(told, review).partition('<section id="changes">')[2].partition("</section>")[0]
    assert f"<dt>Studies that came onto the map ({SHOWN + 3})</dt>" in section
    assert section.count("&lt;i&gt;</dd>") == SHOWN
    assert "and 3 more" in section
    assert "<dd>Recoded (2001): Level: Child → Level: Family</dd>" in section
    assert "<dd>Noticed (2002): retracted</dd>" in section
    assert f"<dd>Family; Entry (no study): {study['reference'].replace('&', '&amp;')}</dd>" in section
    assert "no study closed a gap there (1)</dt>\n<dd>Child; Economic evaluation</dd>" in section
    assert "<dd>Child; Entry (no review)</dd><dd>Child; Re-entry</dd>" in section
    assert f"<dd>Joined (2000): now part of {study['reference'].replace('&', '&amp;')}</dd>" in section
    assert "Studies that were part of another (1)</dt>" in section
    assert "<dd>Was mapped (1997): now part of Waits (1996)</dd>" in section, "it is told nowhere else that it left the map"
    assert "(1998)" not in section
    assert "<dd>Included studies on the map: 1,200 → 1,215</dd>" in section
