-- What a worklist shows of some studies, and the records of all their reports, for which this stands.
WITH wanted AS (
    SELECT unnest($studies::VARCHAR[]) AS citation_id
),
record AS (
    SELECT study_report.study_id AS citation_id, list(citation_record.record_id ORDER BY citation_record.record_id) AS record_ids
    FROM staging.study_report AS study_report
    JOIN staging.citation_record AS citation_record USING (citation_id)  -- 1:n
    GROUP BY study_report.study_id
),
final AS (
    SELECT citation.citation_id, title, authors, year, journal, doi, abstract, record.record_ids
    FROM wanted
    JOIN staging.citation AS citation USING (citation_id)
    JOIN record USING (citation_id)
)
SELECT * FROM final
