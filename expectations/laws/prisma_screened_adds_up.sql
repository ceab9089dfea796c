-- Screened = excluded + sought, in each arm.
WITH flow AS (
    SELECT review, arm, box, n FROM marts.prisma_flow WHERE detail = '' AND arm <> 'both'
),
boxes AS (  -- one row per arm
    SELECT
        review, arm,
        coalesce(sum(n) FILTER (WHERE box = 'screened'), 0) AS screened,
        coalesce(sum(n) FILTER (WHERE box = 'excluded'), 0) AS excluded,
        coalesce(sum(n) FILTER (WHERE box = 'sought'), 0) AS sought
    FROM flow
    GROUP BY review, arm
),
final AS (
    SELECT * FROM boxes WHERE screened <> excluded + sought
)
SELECT * FROM final
