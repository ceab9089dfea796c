-- The present study of everything that was logged: that of the citation that it is of today.
WITH today AS (
    SELECT shown_as, record_ids, citation_id FROM staging.today
),
study_report AS (
    SELECT citation_id, study_id FROM staging.study_report
),
final AS (
    SELECT today.shown_as, today.record_ids, coalesce(study_report.study_id, today.citation_id) AS study_id
    FROM today
    LEFT JOIN study_report USING (citation_id)  -- n:1
)
SELECT * FROM final
