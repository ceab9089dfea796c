-- Identified = duplicates + automation + removed for other reasons + screened + awaiting screening, in each arm.
WITH flow AS (
    SELECT review, arm, box, n FROM marts.prisma_flow WHERE detail = '' AND arm <> 'both'
),
boxes AS (  -- one row per arm
    SELECT
        review, arm,
        coalesce(sum(n) FILTER (WHERE box = 'identified'), 0) AS identified,
        coalesce(sum(n) FILTER (WHERE box = 'duplicates'), 0) AS duplicates,
        coalesce(sum(n) FILTER (WHERE box = 'automation'), 0) AS automation,
        coalesce(sum(n) FILTER (WHERE box = 'removed_other'), 0) AS removed_other,
        coalesce(sum(n) FILTER (WHERE box = 'screened'), 0) AS screened,
        coalesce(sum(n) FILTER (WHERE box = 'awaiting_screening'), 0) AS awaiting_screening
    FROM flow
    GROUP BY review, arm
),
final AS (
    SELECT * FROM boxes WHERE identified <> duplicates + automation + removed_other + screened + awaiting_screening
)
SELECT * FROM final
