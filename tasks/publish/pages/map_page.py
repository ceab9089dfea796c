"""The map page: one file that a browser opens from anywhere, asks nobody for anything, and can be read without its script."""

from __future__ import annotations

from tasks.publish.pages.changes import changes
from tasks.publish.pages.counting import groups_of
from tasks.publish.pages.grid import HEATS, grid
from tasks.publish.pages.listing import items
from tasks.publish.pages.overview import bars, box, searched, searched_between, searched_to, waiting
from tasks.publish.pages.payload import payload
from tasks.publish.pages.plain import day, plain
from tasks.publish.pages.prisma import prisma_svg
from tasks.publish.pages.reading import map_rows
from tasks.publish.pages.rendering import csp_hash, render, source
from warehouse.configuration.codebook import NOT_REPORTED
from warehouse.engine import Tables
from warehouse.review import Review

SCRIPTS = ("map/data.js", "map/count.js", "map/state.js", "map/form.js", "map/marks.js", "map/table.js", "map/list.js",
           "map/download.js", "map/page.js")  # fmt: skip


def map_page(tables: Tables, review: Review) -> str:
    """The evidence map of a release as HTML: the same tables and review give the same bytes.

    Raises KeyError where a table is missing, and `DoesNotBalance` where the numbers of the PRISMA diagram do not add up.
    """
    rows = map_rows(tables, review.protocol.release.abstracts)
    kinds = {row["study_id"]: row["kind"] for row in rows.studies}
    groups = groups_of(row for row in rows.codes if row["study_id"] in kinds and row["code"] != NOT_REPORTED)
    never = review.protocol.map.not_applicable
    grids = [grid(view, review.codebook, rows.cells, rows.gaps, groups, kinds, never) for view in review.protocol.map.views]
    styles = source("base.css", "map.css", "flow.css", *(["synthetic.css"] if rows.release["synthetic"] else []))
    script = source(*SCRIPTS)
    sources = searched(rows.searches, review, rows.release["as_of"].date())
    to = searched_to(sources)
    uncoded = box(rows.flow, "awaiting_coding")
    return render(
        "map.html.j2",
        review=review,
        release=rows.release,
        grids=grids,
        heats=HEATS,
        studies=items(rows.studies, rows.codes, review.codebook),
        tally={kind: sum(one == kind for one in kinds.values()) for kind in ("primary", "review", "ongoing", None)},
        included=box(rows.flow, "studies"),
        mapped=box(rows.flow, "mapped"),
        waiting=waiting(rows.flow),
        awaiting_coding=uncoded,
        awaiting_screening=box(rows.flow, "awaiting_screening"),
        empties=empties(uncoded, day(to)),
        sources=sources,
        searched_between=searched_between(sources),
        searched_to=to,
        overdue=[plain(source["database"]) for source in sources if source["overdue"]],
        themes=bars(rows.themes),
        changes=changes(tables),
        diagram=prisma_svg(tables, review, named=False),
        data=payload(rows, review, uncoded, day(to)),
        styles=styles,
        script=script,
        style_hash=csp_hash(styles),
        script_hash=csp_hash(script),
    )


def empties(uncoded: int, to: str) -> list[tuple[str, str]]:
    """What the words in cells without a study mean, by the reason that marts.evidence_map gives."""
    wait = f"{uncoded:,} included {'study still waits' if uncoded == 1 else 'studies still wait'}"
    return [
        ("none_found", f"none: no study found by {to}, and every included study is coded"),
        ("not_yet_coded", f"none yet: none so far: {wait} to be coded"),
        ("not_specified", "none known: studies whose coding says no more than the wider code may belong here"),
        ("not_applicable", "n/a: not applicable, and no gap: the protocol says that these codes do not go together"),
    ]
