-- The codes that hold of settled studies. A dimension that the codebook no longer codes by group is of the whole study.
WITH holding AS (
    SELECT review, study_id, "group", dimension, code FROM staging.holding
),
whole AS (
    SELECT dimension FROM staging.dimension WHERE NOT grouped
),
final AS (
    SELECT DISTINCT
        holding.review, holding.study_id, if(whole.dimension IS NULL, holding."group", 0) AS "group", holding.dimension, holding.code
    FROM holding
    LEFT JOIN whole ON whole.dimension = holding.dimension
)
SELECT * FROM final
