-- The details of a box add up to the box. Identified and excluded reports always have them, by source and by reason.
WITH flow AS (
    SELECT review, arm, box, detail, n FROM marts.prisma_flow
),
boxes AS (
    SELECT
        review, arm, box, coalesce(sum(n) FILTER (WHERE detail = ''), 0) AS n,
        coalesce(sum(n) FILTER (WHERE detail <> ''), 0) AS details, count(*) FILTER (WHERE detail <> '') AS rows_of_detail
    FROM flow
    GROUP BY review, arm, box
),
final AS (
    SELECT * FROM boxes WHERE n <> details AND (rows_of_detail > 0 OR box IN ('identified', 'report_excluded'))
)
SELECT * FROM final
