-- The studies in each cell, found in another way than the map counts them: a study is in a cell if one of its groups, or the
-- study as a whole, has as many of the cell's codes as the cell has axes.
WITH axis AS (
    SELECT view, cell, dimension_1 AS dimension, code_1 AS code FROM marts.evidence_map
    UNION ALL
    SELECT view, cell, dimension_2, code_2 FROM marts.evidence_map WHERE dimension_2 IS NOT NULL
    UNION ALL
    SELECT view, cell, dimension_3, code_3 FROM marts.evidence_map WHERE dimension_3 IS NOT NULL
    UNION ALL
    SELECT view, cell, dimension_4, code_4 FROM marts.evidence_map WHERE dimension_4 IS NOT NULL
),
axes AS (
    SELECT view, count(DISTINCT dimension) AS n FROM axis GROUP BY view
),
study_code AS (
    SELECT study_id, "group", dimension, code FROM marts.study_code
),
held AS (
    SELECT DISTINCT one.study_id, one."group", code.dimension, code.code
    FROM (SELECT DISTINCT study_id, "group" FROM study_code) AS one
    JOIN study_code AS code ON code.study_id = one.study_id AND code."group" IN (0, one."group")
),
fitting AS (
    SELECT axis.view, axis.cell, held.study_id, held."group", count(*) AS n
    FROM axis
    JOIN held USING (dimension, code)
    GROUP BY ALL
),
final AS (
    SELECT DISTINCT $review AS review, fitting.view, title.view_title, fitting.cell, fitting.study_id
    FROM fitting
    JOIN axes USING (view, n)
    JOIN (SELECT DISTINCT view, view_title FROM marts.evidence_map) AS title USING (view)
)
SELECT * FROM final
