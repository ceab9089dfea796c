-- Every code that stands is one of the codebook's, unless its dimension is free text.
WITH codings AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
codes AS (
    SELECT review, dimension, code FROM staging.code
),
free_text AS (
    SELECT review, dimension FROM staging.dimension WHERE text
),
final AS (
    SELECT codings.*
    FROM codings
    ANTI JOIN codes USING (review, dimension, code)
    ANTI JOIN free_text USING (review, dimension)
)
SELECT * FROM final
