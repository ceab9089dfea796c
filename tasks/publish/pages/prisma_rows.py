"""For the team: what each box of the PRISMA diagram consists of, as a page that its boxes lead to and a table for each."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from tasks.formats.worklist import neutral
from tasks.publish.pages.flow_boxes import groups
from tasks.publish.pages.flow_numbers import LAWS, Flow, flow
from tasks.publish.pages.plain import plain, web_address
from tasks.publish.pages.prisma import prisma_svg
from tasks.publish.pages.reading import FLOW, RELEASE, Row
from tasks.publish.pages.rendering import csp_hash, render, source
from warehouse.engine import Engine, Tables
from warehouse.review import Review

FOLDER = "prisma"
SHOWN = 100
"""Rows that the page itself shows of a box; all of them are in the box's table."""

# boxes that are made of further boxes have no rows of their own
WHOLES = {whole: parts for whole, parts in LAWS if whole != "identified"}
COLUMNS = ("id", "title", "authors", "year", "journal", "doi", "url", "detail")
ROWS = """
    WITH paper AS (
        SELECT record_id AS id, title, authors, year, journal, doi, url FROM staging.record
        UNION ALL
        SELECT citation_id, title, authors, year, journal, doi, url FROM staging.citation
    )
    SELECT listed.arm, listed.box, listed.id, coalesce(paper.title, pair.both) AS title,
        array_to_string(paper.authors, '; ') AS authors, paper.year, paper.journal, paper.doi, paper.url, listed.detail
    FROM marts.prisma_row AS listed
    LEFT JOIN paper ON paper.id = listed.id  -- n:1
    LEFT JOIN (
        SELECT study_pair.citation_a || '+' || study_pair.citation_b AS id, a.title || ' / ' || b.title AS both
        FROM staging.study_pair AS study_pair
        JOIN staging.citation AS a ON a.citation_id = study_pair.citation_a
        JOIN staging.citation AS b ON b.citation_id = study_pair.citation_b
    ) AS pair ON pair.id = listed.id  -- n:1
    WHERE NOT list_contains($wholes, listed.box)
    ORDER BY listed.arm, listed.box, listed.detail, listed.id
"""
NEEDED = ("marts.prisma_flow", "marts.prisma_row", "staging.record", "staging.citation", "staging.study_pair", "meta.release")


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands in one box: how to ask for it, its table, the first rows; or the boxes that it is made of."""

    id: str
    label: str
    n: int
    query: str
    file: str
    rows: list[Row]
    made_of: tuple[tuple[str, str], ...] = ()


def prisma_rows(tables: Tables, review: Review) -> dict[str, bytes]:
    """The page and the tables of rows by the names of their files, for the team alone: they have every record.

    The same tables and review give the same bytes. Raises KeyError where a table is missing.
    """
    with Engine({name: tables[name] for name in NEEDED}) as engine:
        rows: list[Row] = engine.rows(ROWS, wholes=sorted(WHOLES))
        numbers = flow(engine.rows(FLOW))
        labels = {(str(row["arm"]), str(row["box"])): str(row["label"]) for row in engine.rows(FLOW) if not row["detail"]}
        [release] = engine.rows(RELEASE)
    by_box = {key: list(found) for key, found in groupby(rows, itemgetter("arm", "box"))}
    grouped = groups(numbers)
    drawn = {_place(box.id) for group in grouped for box in group.boxes}
    listed = [_listed(arm, box, numbers, labels, by_box) for arm, box in labels]
    styles = source("base.css", "flow.css", "prisma.css", *(["synthetic.css"] if release["synthetic"] else []))
    page = render(
        "prisma.html.j2",
        review=review,
        release=release,
        diagram=prisma_svg(tables, review, lambda box: f"#{_place(box)}", named=False, cumulative=True),
        groups=[
            (group, [one for one in listed if one.id.startswith(f"{group.id}-") and (one.n or one.id in drawn)])
            for group in grouped
        ],
        shown=SHOWN,
        web_address=web_address,
        styles=styles,
        style_hash=csp_hash(styles),
    )
    return {f"{FOLDER}/index.html": page.encode()} | {
        f"{FOLDER}/{arm}-{box}.csv": _table(found) for (arm, box), found in by_box.items()
    }


def _place(drawn: str) -> str:
    """Where on the page a drawn box leads to: three numbers share the box of what was removed, and two that of the included."""
    arm, _, name = drawn.partition("-")
    if name == "removed":
        return f"{arm}-duplicates"
    if name:
        return drawn
    return {"included": "both-studies"}.get(drawn, f"both-{drawn}")


def _listed(
    arm: str, box: str, flow: Flow, labels: dict[tuple[str, str], str], rows: dict[tuple[str, str], list[Row]]
) -> Listed:
    parts = tuple((f"{arm}-{part}", labels[arm, part]) for part in WHOLES.get(box, ()) if flow.n(arm, part))
    found = rows.get((arm, box), [])
    return Listed(
        f"{arm}-{box}",
        labels[arm, box],
        flow.n(arm, box),
        f"FROM marts.prisma_row WHERE arm = '{arm}' AND box = '{box}';",
        f"{arm}-{box}.csv" if found else "",
        found[:SHOWN],
        parts,
    )


def _table(rows: list[Row]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow("" if (cell := row[name]) is None else neutral(_legible(str(cell))) for name in COLUMNS)
    return buffer.getvalue().encode("utf-8-sig", "replace")


def _legible(cell: str) -> str:
    return cell if cell.isprintable() else plain(cell, 20_000)  # there are many thousands, and few have anything to clean
