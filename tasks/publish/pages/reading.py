"""The rows that the pages show, read from a release's tables in a total order, so that shuffled rows give the same page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from warehouse.engine import Engine, Tables

Row: TypeAlias = dict[str, Any]

# An allow-list: subject headings and people are never read, so no template can show them; nor are abstracts, which databases
# license, unless the protocol says that they may be shown.
STUDIES = """
    SELECT study_id, reference, kind, type, title, authors, year, journal, volume, issue, pages, doi, pmid, publisher, url,
        notice_label, synthetic, CASE WHEN $abstracts THEN abstract END AS abstract
    FROM marts.study WHERE mapped ORDER BY year DESC NULLS LAST, reference, study_id
"""
CODES = 'SELECT study_id, "group", dimension, code FROM marts.study_code ORDER BY study_id, "group", dimension, code'
CELLS = "SELECT * FROM marts.evidence_map ORDER BY view, cell"
GAPS = "SELECT view, kind, count(*) AS n FROM marts.gap GROUP BY view, kind ORDER BY view, kind"
THEMES = """
    SELECT theme.*, readiness.ready, readiness.reason
    FROM marts.theme AS theme
    LEFT JOIN marts.synthesis_readiness AS readiness USING (theme)  -- one to one
    ORDER BY theme.position, theme.theme
"""
FLOW = "SELECT arm, box, detail, n, label, position FROM marts.prisma_flow ORDER BY position, arm, box, detail"
# what the diagram draws: of an updated review what has come since its baseline
DRAWN = """
    SELECT arm, box, detail, n, label, position FROM marts.prisma_since
    UNION ALL
    SELECT arm, box, detail, n, label, position FROM marts.prisma_flow WHERE NOT EXISTS (FROM marts.prisma_since)
    ORDER BY position, arm, box, detail
"""
SEARCHES = """
    SELECT source_id, database, platform, max(searched_on) AS searched_on, count(*) AS searches
    FROM staging.search GROUP BY source_id, database, platform ORDER BY source_id, database, platform NULLS FIRST
"""
RELEASE = "SELECT release_id, title, pipeline, protocol, codebook, as_of, synthetic FROM meta.release ORDER BY release_id"
CHECKS = """
    SELECT check_id, stage, "table", meaning, severity, passed, failing, examples, remedy
    FROM meta.quality_check ORDER BY check_id
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that the map page shows of the tables."""

    studies: list[Row]
    codes: list[Row]
    cells: list[Row]
    gaps: list[Row]
    themes: list[Row]
    flow: list[Row]
    searches: list[Row]
    release: Row


def map_rows(tables: Tables, abstracts: bool = False) -> Rows:
    """The rows of the map page. Raises KeyError naming a table that is not among ``tables``."""
    needed = ("marts.study", "marts.study_code", "marts.evidence_map", "marts.gap", "marts.theme", "marts.synthesis_readiness",
              "marts.prisma_flow", "staging.search", "meta.release")  # fmt: skip
    with Engine({name: tables[name] for name in needed}) as engine:
        [release] = engine.rows(RELEASE)
        return Rows(
            studies=engine.rows(STUDIES, abstracts=abstracts), codes=engine.rows(CODES), cells=engine.rows(CELLS),
            gaps=engine.rows(GAPS),
            themes=engine.rows(THEMES), flow=engine.rows(FLOW), searches=engine.rows(SEARCHES), release=release,
        )  # fmt: skip


def drawn_rows(tables: Tables, cumulative: bool = False) -> list[Row]:
    """The numbers that the PRISMA diagram draws; ``cumulative``: those of the whole review, whatever its baseline."""
    with Engine({name: tables[name] for name in ("marts.prisma_flow", "marts.prisma_since")}) as engine:
        return engine.rows(FLOW if cumulative else DRAWN)


def some_rows(tables: Tables, name: str, sql: str) -> list[Row]:
    """The rows of one query on the one table ``name``."""
    with Engine({name: tables[name]}) as engine:
        return engine.rows(sql)
