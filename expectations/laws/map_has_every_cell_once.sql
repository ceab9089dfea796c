-- The cells of a view are the product of the codes on its axes: none is missing, none is there twice.
WITH axes AS (
    SELECT review, view, axis, dimension FROM staging.map_axis
),
codes AS (
    SELECT review, dimension, code FROM staging.code
),
cells AS (
    SELECT review, view, dimension_1, code_1, dimension_2, code_2, dimension_3, code_3, dimension_4, code_4
    FROM marts.evidence_map
),
places AS (
    SELECT DISTINCT review, view, unnest([1, 2, 3, 4]) AS axis FROM axes
),
options AS (  -- an axis that a view does not have is a single place without a code
    SELECT review, view, axis, dimension, code FROM axes JOIN codes USING (review, dimension)
    UNION ALL
    SELECT review, view, axis, NULL, NULL FROM places ANTI JOIN axes USING (review, view, axis)
),
expected AS (
    SELECT
        a.review, a.view, a.dimension AS dimension_1, a.code AS code_1, b.dimension AS dimension_2, b.code AS code_2,
        c.dimension AS dimension_3, c.code AS code_3, d.dimension AS dimension_4, d.code AS code_4
    FROM options AS a
    JOIN options AS b ON b.review = a.review AND b.view = a.view AND b.axis = 2
    JOIN options AS c ON c.review = a.review AND c.view = a.view AND c.axis = 3
    JOIN options AS d ON d.review = a.review AND d.view = a.view AND d.axis = 4
    WHERE a.axis = 1
),
counted AS (  -- grouping takes nulls as equal, which a join does not
    SELECT
        review, view, dimension_1, code_1, dimension_2, code_2, dimension_3, code_3, dimension_4, code_4,
        sum(want) AS expected, sum(have) AS cells
    FROM (SELECT *, 1 AS want, 0 AS have FROM expected UNION ALL SELECT *, 0, 1 FROM cells)
    GROUP BY ALL
),
final AS (
    SELECT * FROM counted WHERE expected <> cells
)
SELECT * FROM final
