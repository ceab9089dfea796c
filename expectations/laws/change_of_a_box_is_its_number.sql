-- A number of the PRISMA diagram that has changed is told with the number that stands in the diagram.
WITH told AS (
    SELECT review, id, n_after FROM marts.change WHERE what = 'box'
),
box AS (
    SELECT review, arm || '.' || box || CASE WHEN detail = '' THEN '' ELSE '.' || detail END AS id, n FROM marts.prisma_flow
),
final AS (
    SELECT review, told.id, told.n_after, box.n
    FROM told
    LEFT JOIN box USING (review, id)
    WHERE told.n_after <> coalesce(box.n, 0)
)
SELECT * FROM final
