-- A dimension that takes one code has one for each study and group.
WITH codings AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
dimensions AS (
    SELECT review, dimension FROM staging.dimension WHERE NOT multiple
),
final AS (
    SELECT review, study_id, "group", dimension, count(*) AS codes, min(code) AS one, max(code) AS other
    FROM codings
    JOIN dimensions USING (review, dimension)
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT * FROM final
