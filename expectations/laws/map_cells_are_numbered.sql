-- The cells of a view are numbered from 1 without a hole.
WITH cells AS (
    SELECT review, view, cell FROM marts.evidence_map
),
final AS (
    SELECT review, view, count(*) AS cells, min(cell) AS first, max(cell) AS last
    FROM cells
    GROUP BY ALL
    HAVING min(cell) <> 1 OR max(cell) <> count(*)
)
SELECT * FROM final
