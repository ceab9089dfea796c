-- Studies of today that the baseline had, by the records of their reports: a study is called after the first of its reports, which may be
-- another one by now.
WITH record AS (
    SELECT unnest(record_ids) AS record_id FROM before.study WHERE kind IS DISTINCT FROM 'ongoing'
)
SELECT DISTINCT report.study_id
FROM staging.study_report AS report
JOIN staging.citation_record AS member USING (citation_id)  -- 1:n
SEMI JOIN record USING (record_id)
