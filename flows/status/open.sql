-- What somebody has to settle: conflicts, codings to verify or to reconcile.
WITH screening AS (
    SELECT * FROM staging.screening
),
study AS (
    SELECT * FROM staging.study_extraction
),
final AS (
    SELECT 1 AS position, 'conflicts at title and abstract' AS what, count(*) AS citations
    FROM screening WHERE stage = 'title_abstract' AND state = 'conflict'
    UNION ALL
    SELECT 2, 'conflicts at full text', count(*) FROM screening WHERE stage = 'full_text' AND state = 'conflict'
    UNION ALL
    SELECT 3, 'studies not coded', count(*) FROM study WHERE state IN ('uncoded', 'coded_once')
    UNION ALL
    SELECT 4, 'codings to verify', count(*) FROM study WHERE state = 'awaiting_verification'
    UNION ALL
    SELECT 5, 'double codings to reconcile', count(*) FROM study WHERE state = 'awaiting_reconciliation'
)
SELECT what, citations FROM final ORDER BY position
