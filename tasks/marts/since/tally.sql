-- What the baseline included and is included today, what of it is not, and what is included in all. Which reports a study of the baseline
-- had was not kept, so how many are gone is a difference: two that are one study by now are one fewer, too.
WITH study AS (
    SELECT study_id FROM marts.study WHERE state <> 'ongoing'
),
previous AS (
    SELECT count(*) AS n FROM study SEMI JOIN since.previous USING (study_id)
),
included AS (
    SELECT count(*) AS n FROM before.study WHERE kind IS DISTINCT FROM 'ongoing'
),
report AS (
    SELECT citation_id FROM staging.funnel WHERE position = 'included'
),
earlier_report AS (
    SELECT citation_id FROM since.earlier WHERE position = 'included'
)
SELECT 'both' AS arm, 'previous_studies' AS box, n FROM previous
UNION ALL
SELECT 'both', 'previous_reports', count(*) FROM report SEMI JOIN earlier_report USING (citation_id)
UNION ALL
SELECT 'both', 'previous_gone', greatest(0, included.n - previous.n) FROM included CROSS JOIN previous
UNION ALL
SELECT 'both', 'total_studies', count(*) FROM study
UNION ALL
SELECT 'both', 'total_reports', count(*) FROM report
UNION ALL
SELECT arm, 'known_before', count(*) FILTER (first_seen <= $as_of)
FROM (SELECT arm, first_seen FROM since.record UNION ALL SELECT unnest(['databases', 'other']), NULL)
GROUP BY arm
