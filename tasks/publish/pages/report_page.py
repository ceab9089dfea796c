"""The report of a release: its numbers in words and tables, how far people agreed, and what they wrote on each theme."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from tasks.publish.pages.figures.figure import STAGES
from tasks.publish.pages.figures.people import of_agreement
from tasks.publish.pages.figures.releases import of_releases
from tasks.publish.pages.figures.sources import of_overlap
from tasks.publish.pages.figures.studies import of_themes, of_years
from tasks.publish.pages.flow_boxes import groups
from tasks.publish.pages.flow_numbers import flow as balanced
from tasks.publish.pages.overview import box
from tasks.publish.pages.plain import paragraphs, web_address
from tasks.publish.pages.prisma import prisma_svg
from tasks.publish.pages.prose import prose
from tasks.publish.pages.reading import FLOW, RELEASE, drawn_rows
from tasks.publish.pages.rendering import csp_hash, render, source
from warehouse.engine import Engine, Tables
from warehouse.review import Review

_NEEDED = ("marts.study", "marts.study_code", "marts.prisma_flow", "marts.agreement", "marts.decision_basis",
           "marts.coding_agreement", "marts.verification", "marts.synthesis_readiness", "marts.theme", "marts.synthesis_text",
           "marts.source_yield", "marts.notice", "marts.source_overlap", "marts.consultation",
           "marts.next_step",
           "staging.ranking_model", "staging.recall",
           "staging.study_report", "staging.citation_alias", "staging.code", "staging.dimension", "meta.release")  # fmt: skip
# each code of the frame, those that no study has too
CODES = """
    WITH counted AS (
        SELECT study_code.dimension, study_code.code,
            count(DISTINCT study.study_id) FILTER (study.kind = 'primary') AS studies,
            count(DISTINCT study.study_id) FILTER (study.kind = 'review') AS reviews,
            count(DISTINCT study.study_id) FILTER (study.kind = 'ongoing') AS ongoing
        FROM marts.study_code AS study_code
        JOIN marts.study AS study USING (study_id)
        WHERE study.mapped
        GROUP BY ALL
    )
    SELECT dimension.label AS dimension, dimension.multiple, repeat('– ', len(code.within)) || code.label AS label,
        coalesce(counted.studies, 0) AS studies,
        coalesce(counted.reviews, 0) AS reviews, coalesce(counted.ongoing, 0) AS ongoing
    FROM (
        SELECT dimension, code, label, within, position FROM staging.code
        UNION ALL
        SELECT dimension, 'not reported', 'Not reported', [], 1000000 FROM staging.dimension WHERE not_reported AND NOT text
    ) AS code
    JOIN staging.dimension AS dimension USING (dimension)
    LEFT JOIN counted USING (dimension, code)
    ORDER BY dimension.position, code.position, code.code
"""
YEARS = """
    SELECT year, count(*) FILTER (kind = 'primary') AS studies, count(*) FILTER (kind = 'review') AS reviews,
        count(*) FILTER (kind = 'ongoing') AS ongoing
    FROM marts.study WHERE mapped GROUP BY year ORDER BY year NULLS LAST
"""
YIELD = "SELECT * FROM marts.source_yield ORDER BY arm, citations DESC, database"
NOTICED = """
    SELECT study.study_id, study.reference, study.title, string_agg(notice.notice, '; ' ORDER BY notice.notice) AS notices
    FROM marts.study AS study
    JOIN staging.study_report AS report USING (study_id)
    JOIN marts.notice AS notice USING (citation_id)
    GROUP BY ALL ORDER BY study.reference, study.study_id
"""
AGREEMENT = "SELECT * FROM marts.agreement ORDER BY stage DESC, round"
WAYS = "SELECT stage, label, n FROM marts.decision_basis WHERE n > 0 ORDER BY stage DESC, position"
# one row where the protocol says prioritised; none else. The words of the model are of abstracts, which are not for everybody
RANKED = """
    SELECT model.*, recall.* EXCLUDE (review, included), recall.included AS found
    FROM staging.ranking_model AS model JOIN staging.recall AS recall USING (review)
"""
CODING = """
    SELECT coalesce(verification.dimension_label, agreement.dimension_label) AS dimension,
        verification.dimension IS NOT DISTINCT FROM '' AS of_any, agreement.studies, agreement.same,
        agreement.alpha, verification.studies AS verified, verification.changed
    FROM marts.verification AS verification
    FULL JOIN marts.coding_agreement AS agreement USING (dimension)
    ORDER BY coalesce(verification.position, agreement.position)
"""
THEMES = """
    SELECT theme.theme, theme.label, theme.all_kinds, theme.studies, theme.reviews, theme.ongoing,
        readiness.ready, readiness.reason,
        written.text, written.written, written.up_to_date,
        len(written.uncited) AS uncited, len(written.gone) AS gone, len(written.recoded) AS recoded
    FROM marts.theme AS theme
    LEFT JOIN marts.synthesis_readiness AS readiness USING (theme)
    LEFT JOIN marts.synthesis_text AS written USING (theme)
    ORDER BY theme.position, theme.theme
"""
# the columns for the public alone: who they were and what they said stays with the team
ASKED = """
    SELECT theme, asked_on, how, people, question, changed, public_words
    FROM marts.consultation ORDER BY position, consultation_id
"""
PLANNED = "SELECT theme, kind_label, title, description, url, state_label FROM marts.next_step ORDER BY position, step_id"
# whatever id of a study a text cites
NAMES = """
    WITH report AS (SELECT citation_id AS id, study_id FROM staging.study_report)
    SELECT report.id, study.reference FROM report JOIN marts.study AS study USING (study_id)
    UNION
    SELECT alias.alias, study.reference
    FROM staging.citation_alias AS alias JOIN report ON report.id = alias.citation_id JOIN marts.study AS study USING (study_id)
"""
# of the dimension that the map has first in its columns; each code has a row for each year in which a study has it
YEARS_OF = """
    SELECT dimension.label AS dimension, code.label, study.year,
        count(DISTINCT study.study_id) FILTER (study.kind = 'primary') AS studies,
        count(DISTINCT study.study_id) FILTER (study.kind = 'review') AS reviews,
        count(DISTINCT study.study_id) FILTER (study.kind = 'ongoing') AS ongoing
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (dimension)
    JOIN marts.study_code AS study_code USING (dimension, code)
    JOIN marts.study AS study USING (study_id)
    WHERE dimension.dimension = $dimension AND study.mapped
    GROUP BY dimension.label, code.label, code.position, code.code, study.year
    ORDER BY code.position, code.code, study.year NULLS LAST
"""
OVERLAP = "SELECT * FROM marts.source_overlap ORDER BY position"
HISTORY = """
    SELECT number, as_of, box, sum(n)::BIGINT AS n FROM marts.flow_history
    GROUP BY number, as_of, box ORDER BY number, box
"""


def report_page(tables: Tables, review: Review) -> str:
    """The report as HTML: the same tables and review give the same bytes. Raises KeyError where a table is missing."""
    [axis, *_] = review.protocol.map.views[0].columns
    needed = (*_NEEDED, "marts.flow_history") if "marts.flow_history" in tables else _NEEDED
    with Engine({name: tables[name] for name in needed}) as engine:
        [release] = engine.rows(RELEASE)
        flow, codes, years, sources, agreement, ways, coding, themes = (
            engine.rows(sql) for sql in (FLOW, CODES, YEARS, YIELD, AGREEMENT, WAYS, CODING, THEMES)
        )
        years_of = engine.rows(YEARS_OF, dimension=axis)
        overlap = engine.rows(OVERLAP)
        asked, planned = engine.rows(ASKED), engine.rows(PLANNED)
        history = engine.rows(HISTORY) if "marts.flow_history" in tables else []
        noticed = engine.rows(NOTICED)
        ranked = engine.rows(RANKED)
        names = {str(row["id"]): str(row["reference"]) for row in engine.rows(NAMES)}
    styles = source("base.css", "flow.css", "figures.css", "report.css", *(["synthetic.css"] if release["synthetic"] else []))
    return render(
        "report.html.j2",
        review=review,
        release=release,
        diagram=prisma_svg(tables, review, lambda box: f"#n-{box}", named=False),
        boxes=groups(balanced(drawn_rows(tables))),
        mapped=box(flow, "mapped"),
        included=box(flow, "studies"),
        pictures={
            "themes": of_themes(themes),
            "years": of_years(years_of, str(years_of[0]["dimension"]) if years_of else ""),
            "overlap": [of_overlap(overlap, sources, what) for what in ("studies", "citations")],
            "agreement": of_agreement(agreement),
            "releases": of_releases(history),
        },
        dimensions=[(label, list(rows)) for label, rows in groupby(codes, itemgetter("dimension"))],
        years=years,
        sources=sources,
        noticed=noticed,
        agreement=agreement,
        ways=[(STAGES[str(stage)], list(rows)) for stage, rows in groupby(ways, itemgetter("stage"))],
        ranked=ranked[0] if ranked else None,
        coding=coding,
        stages=STAGES,
        themes=[
            row
            | {"prose": prose(str(row["text"]), names) if row["text"] else None}
            | {"planned": [one for one in planned if one["theme"] == row["theme"]]}
            | {"asked": [one for one in asked if one["theme"] == row["theme"]]}
            for row in themes
        ],
        asked_of_all=[one for one in asked if not one["theme"]],
        web_address=web_address,
        paragraphs=paragraphs,
        styles=styles,
        style_hash=csp_hash(styles),
    )


def counts_of(box: str) -> str:
    """Where on the report page the number of a box of the diagram stands, for pages beside it."""
    return f"report.html#n-{box}"
