-- Sought = not retrieved + assessed + awaiting retrieval, in each arm.
WITH flow AS (
    SELECT review, arm, box, n FROM marts.prisma_flow WHERE detail = '' AND arm <> 'both'
),
boxes AS (  -- one row per arm
    SELECT
        review, arm,
        coalesce(sum(n) FILTER (WHERE box = 'sought'), 0) AS sought,
        coalesce(sum(n) FILTER (WHERE box = 'not_retrieved'), 0) AS not_retrieved,
        coalesce(sum(n) FILTER (WHERE box = 'assessed'), 0) AS assessed,
        coalesce(sum(n) FILTER (WHERE box = 'awaiting_retrieval'), 0) AS awaiting_retrieval
    FROM flow
    GROUP BY review, arm
),
final AS (
    SELECT * FROM boxes WHERE sought <> not_retrieved + assessed + awaiting_retrieval
)
SELECT * FROM final
