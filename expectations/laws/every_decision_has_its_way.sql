-- The ways of deciding add up to what was decided, stage by stage, and to what was taken out before.
WITH told AS (
    SELECT
        review, stage, sum(n) FILTER (way NOT IN ('automation', 'other')) AS decided,
        coalesce(sum(n) FILTER (way IN ('automation', 'other')), 0) AS removed
    FROM marts.decision_basis
    GROUP BY ALL
),
screening AS (
    SELECT review, stage, count(*) FILTER (state = 'decided') AS n FROM staging.screening GROUP BY ALL
),
removal AS (
    SELECT review, 'title_abstract' AS stage, count(*) AS n FROM staging.removal GROUP BY review
),
final AS (  -- one row per stage
    SELECT told.*, coalesce(screening.n, 0) AS decided_today, coalesce(removal.n, 0) AS removed_today
    FROM told
    LEFT JOIN screening USING (review, stage)
    LEFT JOIN removal USING (review, stage)
    WHERE decided <> coalesce(screening.n, 0) OR removed <> coalesce(removal.n, 0)
)
SELECT * FROM final
