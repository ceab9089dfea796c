-- One row per report of an included or ongoing study, the one that the study is called after first, the others by year.
WITH study_report AS (
    SELECT citation_id, study_id FROM staging.study_report
),
citation AS (
    SELECT citation_id, title, authors, year, journal, doi, pmid, url, synthetic FROM staging.citation
),
final AS (
    SELECT
        $review AS review,
        study_report.study_id,
        row_number() OVER (
            PARTITION BY study_report.study_id
            ORDER BY study_report.citation_id <> study_report.study_id, citation.year NULLS LAST, study_report.citation_id
        ) AS position,
        study_report.citation_id,
        citation.* EXCLUDE (citation_id)
    FROM study_report
    LEFT JOIN citation USING (citation_id)  -- one to one
)
SELECT * FROM final ORDER BY study_id, position;
