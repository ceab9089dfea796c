-- What the baseline included and is included today, what of it is not, and what is included in all.
WITH study AS (
    SELECT study_id FROM marts.study WHERE state <> 'ongoing'
),
record AS (
    SELECT member.record_id
    FROM study
    JOIN staging.study_report AS report USING (study_id)  -- 1:n
    JOIN staging.citation_record AS member USING (citation_id)  -- 1:n
),
previous AS (
    SELECT count(*) AS n FROM study SEMI JOIN since.previous USING (study_id)
),
-- Two that are one study by now are one fewer, too. Of a study whose records an earlier version of the pipeline did not keep nobody knows
-- whether it is there still: then the numbers are compared.
gone AS (
    SELECT
        count(*) FILTER (NOT still) + greatest(0, count(*) FILTER (still) - (SELECT n FROM previous)) AS n
    FROM (
        SELECT earlier.record_ids IS NULL OR kept.study_id IS NOT NULL AS still
        FROM before.study AS earlier
        LEFT JOIN (
            SELECT DISTINCT study_id FROM (SELECT study_id, unnest(record_ids) AS record_id FROM before.study) SEMI JOIN record USING (record_id)
        ) AS kept USING (study_id)  -- 1:1
        WHERE earlier.kind IS DISTINCT FROM 'ongoing'
    )
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
SELECT 'both', 'previous_gone', n FROM gone
UNION ALL
SELECT 'both', 'total_studies', count(*) FROM study
UNION ALL
SELECT 'both', 'total_reports', count(*) FROM report
UNION ALL
SELECT arm, 'known_before', count(*) FILTER (first_seen <= $as_of)
FROM (SELECT arm, first_seen FROM since.record UNION ALL SELECT unnest(['databases', 'other']), NULL)
GROUP BY arm
