-- What the baseline included and is included today, what of it is not, and what is included in all.
WITH earlier AS (
    SELECT study_id FROM before.study WHERE kind IS DISTINCT FROM 'ongoing'
),
study AS (
    SELECT study_id FROM marts.study WHERE state <> 'ongoing'
),
report AS (
    SELECT citation_id FROM staging.funnel WHERE position = 'included'
),
earlier_report AS (
    SELECT citation_id FROM before.citation WHERE position = 'included'
)
SELECT 'both' AS arm, 'previous_studies' AS box, count(*) AS n FROM study SEMI JOIN earlier USING (study_id)
UNION ALL
SELECT 'both', 'previous_reports', count(*) FROM report SEMI JOIN earlier_report USING (citation_id)
UNION ALL
SELECT 'both', 'previous_gone', count(*) FROM earlier ANTI JOIN study USING (study_id)
UNION ALL
SELECT 'both', 'total_studies', count(*) FROM study
UNION ALL
SELECT 'both', 'total_reports', count(*) FROM report
UNION ALL
SELECT arm, 'known_before', count(*) FILTER (first_seen <= $as_of)
FROM (SELECT arm, first_seen FROM since.record UNION ALL SELECT unnest(['databases', 'other']), NULL)
GROUP BY arm
