-- Studies of today of which the baseline included a report. Not by their ids: a study is called after the first of its reports, which may
-- be another one by now.
SELECT DISTINCT report.study_id
FROM staging.study_report AS report
JOIN since.earlier AS earlier USING (citation_id)  -- 1:1, of each position
WHERE earlier.position = 'included'
