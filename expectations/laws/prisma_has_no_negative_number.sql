-- No number of the diagram is negative.
WITH flow AS (
    SELECT review, arm, box, detail, n FROM marts.prisma_flow
),
final AS (
    SELECT * FROM flow WHERE n < 0
)
SELECT * FROM final
