-- What a report does not say has no code: within one group of a study a dimension is not reported, or has codes.
WITH codings AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
offered AS (
    SELECT review, dimension FROM staging.dimension WHERE not_reported
),
final AS (
    SELECT review, study_id, "group", dimension, count(*) AS answers
    FROM codings
    JOIN offered USING (review, dimension)
    GROUP BY ALL
    HAVING count(*) > 1 AND bool_or(code = 'not reported')
)
SELECT * FROM final
