-- The marts have every code that stands and every code that one of them is within, and no other.
WITH codes AS (
    SELECT review, study_id, "group", dimension, code, implied FROM marts.study_code
),
given AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
wider AS (
    SELECT review, dimension, code, unnest(within) AS wider FROM staging.code
),
implied AS (
    SELECT DISTINCT given.review, given.study_id, given."group", given.dimension, wider.wider AS code
    FROM given
    JOIN wider USING (review, dimension, code)
),
codings AS (
    SELECT *, false AS implied FROM given
    UNION ALL
    SELECT *, true FROM implied ANTI JOIN given USING (review, study_id, "group", dimension, code)
),
final AS (
    (
        SELECT *, 'in the mart, does not stand' AS fault
        FROM codes ANTI JOIN codings USING (review, study_id, "group", dimension, code, implied)
    )
    UNION ALL
    (
        SELECT *, 'stands, not in the mart' AS fault
        FROM codings ANTI JOIN codes USING (review, study_id, "group", dimension, code, implied)
    )
)
SELECT * FROM final
