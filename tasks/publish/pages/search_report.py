"""The search report: every search as PRISMA-S (Rethlefsen et al. 2021) asks it to be reported, as a page and as a table."""

from __future__ import annotations

import csv
import io
from itertools import groupby

from tasks.formats.worklist import neutral
from tasks.publish.pages.plain import paragraphs, plain
from tasks.publish.pages.reading import RELEASE, Row, some_rows
from tasks.publish.pages.rendering import csp_hash, render, source
from warehouse.engine import Engine, Tables
from warehouse.review import Review

# No searcher and no peer reviewer by name: the page is for everybody, and only whether there was one is shown.
SEARCHES = """
    SELECT search_id, source_id, database, platform, box, coalesce(strategy, '') AS strategy, coalesce(limits, '') AS limits,
        coverage, searched_on, since, connector, translated_from, peer_reviewer IS NOT NULL AS peer_reviewed,
        searcher IS NOT NULL AS searcher_known, hits, delivered, got, new, changed, repeated, quarantined, notes
    FROM staging.search
    ORDER BY source_id, strategy, limits, searched_on NULLS LAST, search_id
"""
LINES = "SELECT search_id, line, text, hits FROM staging.search_line ORDER BY search_id, line"
ASKED = """
    SELECT search_id, count(DISTINCT person) AS asked, count(DISTINCT person) FILTER (replied) AS replied,
        min(asked_on) AS first, max(asked_on) AS last, string_agg(DISTINCT how, '; ' ORDER BY how) AS how
    FROM staging.asked GROUP BY search_id ORDER BY search_id
"""
KNOWN = """
    SELECT source_id, strategy, count(*) AS papers, count(*) FILTER (found) AS found,
        list(coalesce(title, doi, 'line ' || position) ORDER BY position) FILTER (NOT found) AS missed
    FROM staging.known_paper GROUP BY source_id, strategy ORDER BY source_id, strategy
"""
COLUMNS = (
    "source", "database", "platform", "searched_on", "changed_since", "strategy", "limits", "coverage", "translated_from",
    "peer_reviewed", "hits_reported", "records_received", "new", "changed", "repeated", "not_readable", "notes",
)  # fmt: skip
_NEEDED = ("staging.search", "staging.search_line", "staging.asked", "staging.known_paper")


def search_report(tables: Tables, review: Review) -> str:
    """The report as HTML: an overview by source, what is not reported, then each strategy with its runs."""
    with Engine({name: tables[name] for name in _NEEDED}) as engine:
        searches, lines, asked, known = (engine.rows(sql) for sql in (SEARCHES, LINES, ASKED, KNOWN))
    [release] = some_rows(tables, "meta.release", RELEASE)
    by_search = {search_id: list(rows) for search_id, rows in groupby(lines, key=lambda row: str(row["search_id"]))}
    styles = source("base.css", "search_report.css", *(["synthetic.css"] if release["synthetic"] else []))
    return render(
        "search_report.html.j2",
        review=review,
        release=release,
        searches=searches,
        sources=[_source(list(rows)) for _, rows in groupby(searches, key=lambda row: row["source_id"])],
        strategies=[
            _strategy(list(runs), by_search)
            for _, runs in groupby(searches, key=lambda row: (row["source_id"], row["strategy"], row["limits"]))
        ],
        missing=[(row, absent) for row in searches if (absent := unreported(row))],
        asked={row["search_id"]: row for row in asked},
        known=known,
        styles=styles,
        style_hash=csp_hash(styles),
    )


def search_table(tables: Tables) -> bytes:
    """The report as CSV with a row a search, for the supplement of a paper."""
    with Engine({"staging.search": tables["staging.search"]}) as engine:
        searches: list[Row] = engine.rows(SEARCHES)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in searches:
        reviewed = "yes" if row["peer_reviewed"] else "not reported"
        notes = "; ".join(row["notes"] or ())
        cells: tuple[object, ...] = (
            row["source_id"], row["database"], row["platform"], row["searched_on"], row["since"], row["strategy"],
            row["limits"], row["coverage"], row["translated_from"], reviewed, row["hits"], row["got"], row["new"],
            row["changed"], row["repeated"], row["quarantined"], notes,
        )  # fmt: skip
        writer.writerow([neutral("" if cell is None else str(cell)) for cell in cells])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def unreported(search: Row) -> list[str]:
    """What PRISMA-S asks for and the search does not say, in words; only for databases and registers."""
    if search["box"] not in ("database", "register"):
        return []
    asked = {
        "the search string": not search["strategy"], "the platform": not search["platform"],
        "the day": search["searched_on"] is None, "the number of hits": search["hits"] is None,
        "who searched": not search["searcher_known"] and not search["connector"],
    }  # fmt: skip
    return [what for what, absent in asked.items() if absent]


def _source(rows: list[Row]) -> Row:
    """One row of the overview: a source with all its searches."""
    days = [row["searched_on"] for row in rows if row["searched_on"]]
    sums = {name: sum(row[name] for row in rows) for name in ("got", "new", "quarantined")}
    return rows[0] | sums | {"first": min(days, default=None), "last": max(days, default=None), "searches": len(rows)}


def _strategy(runs: list[Row], lines: dict[str, list[Row]]) -> Row:
    """A strategy as it was last reported, with its runs in the order of their days."""
    told = next((lines[str(run["search_id"])] for run in reversed(runs) if str(run["search_id"]) in lines), [])
    notes = list(dict.fromkeys(plain(note) for run in runs for note in run["notes"] or ()))
    return runs[-1] | {"runs": runs, "lines": told, "text": paragraphs(runs[-1]["strategy"]), "notes": notes}
