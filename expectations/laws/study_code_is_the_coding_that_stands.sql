-- The marts have every code that stands, and no other.
WITH codes AS (
    SELECT review, study_id, "group", dimension, code FROM marts.study_code
),
codings AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
final AS (
    (
        SELECT *, 'in the mart, does not stand' AS fault
        FROM codes ANTI JOIN codings USING (review, study_id, "group", dimension, code)
    )
    UNION ALL
    (
        SELECT *, 'stands, not in the mart' AS fault
        FROM codings ANTI JOIN codes USING (review, study_id, "group", dimension, code)
    )
)
SELECT * FROM final
