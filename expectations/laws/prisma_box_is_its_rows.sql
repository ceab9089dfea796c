-- Each number of the diagram is the number of the rows that are listed for it.
WITH flow AS (
    SELECT review, arm, box, n FROM marts.prisma_flow WHERE detail = ''
),
listed AS (
    SELECT review, arm, box, count(*) AS n FROM marts.prisma_row GROUP BY review, arm, box
),
final AS (  -- one row per arm and box
    SELECT review, arm, box, coalesce(flow.n, 0) AS in_the_diagram, coalesce(listed.n, 0) AS listed
    FROM flow
    FULL JOIN listed USING (review, arm, box)
    WHERE coalesce(flow.n, 0) <> coalesce(listed.n, 0)
)
SELECT * FROM final
