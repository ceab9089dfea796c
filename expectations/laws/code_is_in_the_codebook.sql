-- Every code that stands is one of the codebook's, or an answer that its dimension takes besides.
WITH codings AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
codes AS (
    SELECT review, dimension, code FROM staging.code
),
free_text AS (
    SELECT review, dimension FROM staging.dimension WHERE text
),
number AS (
    SELECT review, dimension, units FROM staging.dimension WHERE units IS NOT NULL
),
counted AS (
    SELECT codings.*
    FROM codings
    JOIN number USING (review, dimension)  -- n:1
    WHERE if(
        len(units) = 0, regexp_full_match(code, '-?\d+(\.\d+)?'),
        regexp_full_match(split_part(code, ' ', 1), '-?\d+(\.\d+)?')
            AND list_contains(units, substr(code, instr(code, ' ') + 1))
    )
),
not_reported AS (
    SELECT review, dimension, 'not reported' AS code FROM staging.dimension WHERE not_reported
),
final AS (
    SELECT codings.*
    FROM codings
    ANTI JOIN codes USING (review, dimension, code)
    ANTI JOIN free_text USING (review, dimension)
    ANTI JOIN counted USING (review, study_id, "group", dimension, code)
    ANTI JOIN not_reported USING (review, dimension, code)
)
SELECT * FROM final
