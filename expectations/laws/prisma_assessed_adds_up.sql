-- Assessed = excluded + included + awaiting decision or classification + ongoing, in each arm.
WITH flow AS (
    SELECT review, arm, box, n FROM marts.prisma_flow WHERE detail = '' AND arm <> 'both'
),
boxes AS (  -- one row per arm
    SELECT
        review, arm,
        coalesce(sum(n) FILTER (WHERE box = 'assessed'), 0) AS assessed,
        coalesce(sum(n) FILTER (WHERE box = 'report_excluded'), 0) AS report_excluded,
        coalesce(sum(n) FILTER (WHERE box = 'included'), 0) AS included,
        coalesce(sum(n) FILTER (WHERE box = 'awaiting_decision'), 0) AS awaiting_decision,
        coalesce(sum(n) FILTER (WHERE box = 'awaiting_classification'), 0) AS awaiting_classification,
        coalesce(sum(n) FILTER (WHERE box = 'ongoing'), 0) AS ongoing
    FROM flow
    GROUP BY review, arm
),
final AS (
    SELECT * FROM boxes WHERE assessed <> report_excluded + included + awaiting_decision + awaiting_classification + ongoing
)
SELECT * FROM final
