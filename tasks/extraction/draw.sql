-- Included studies that no draw has named yet, each with its stratum, in an order that only the seed and the founding record decide.
WITH citation AS (
    SELECT * FROM staging.citation
),
included AS (
    SELECT DISTINCT study_id AS citation_id FROM staging.study_report WHERE NOT ongoing
),
record AS (
    SELECT study_report.study_id AS citation_id, list(citation_record.record_id ORDER BY citation_record.record_id) AS record_ids
    FROM staging.study_report AS study_report
    JOIN staging.citation_record AS citation_record USING (citation_id)  -- 1:n
    GROUP BY study_report.study_id
),
drawn AS (
    SELECT belongs.study_id AS citation_id
    FROM log.draw AS draw
    JOIN staging.belongs AS belongs ON belongs.shown_as = draw.citation_id AND belongs.record_ids = draw.record_ids
),
final AS (
    SELECT
        citation.citation_id,
        record.record_ids,
        CASE $stratify_by
            WHEN 'year' THEN coalesce((citation.year // 5 * 5) || '-' || (citation.year // 5 * 5 + 4), 'no year')
            WHEN 'type' THEN coalesce(citation.type, 'no type')
            ELSE 'all'
        END AS stratum,
        sha256($seed::BIGINT::VARCHAR || citation.founder) AS lot
    FROM included
    JOIN citation USING (citation_id)
    JOIN record USING (citation_id)
    ANTI JOIN drawn USING (citation_id)
)
SELECT * FROM final ORDER BY stratum, lot, citation_id
