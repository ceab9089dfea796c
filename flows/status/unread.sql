-- Reports of coded studies that were no part of what any of its coders was shown: they came, or were tied to the study, later.
WITH report AS (
    SELECT study_report.citation_id, study_report.study_id, record.record_id
    FROM staging.study_report AS study_report
    JOIN staging.study_extraction AS study USING (study_id)  -- n:1
    JOIN staging.citation_record AS record USING (citation_id)  -- 1:n
    WHERE study.settled
),
shown AS (
    SELECT DISTINCT unnest(record_ids) AS record_id FROM log.coding
),
unread AS (
    SELECT report.study_id, report.citation_id
    FROM report
    LEFT JOIN shown USING (record_id)  -- n:1
    GROUP BY report.study_id, report.citation_id
    HAVING count(shown.record_id) = 0
),
final AS (
    SELECT unread.study_id AS study, unread.citation_id AS report, citation.title
    FROM unread
    JOIN staging.citation AS citation USING (citation_id)  -- 1:1
)
SELECT * FROM final ORDER BY study, report
