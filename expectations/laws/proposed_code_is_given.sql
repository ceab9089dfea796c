-- What is proposed of a settled study was written to a code that holds of it.
WITH proposed AS (
    SELECT review, dimension, code, words, study_id FROM staging.proposed_code
),
settled AS (
    SELECT review, study_id FROM staging.study_extraction WHERE settled
),
codings AS (
    SELECT review, study_id, dimension, code FROM staging.study_coding
),
final AS (
    SELECT proposed.*
    FROM proposed
    SEMI JOIN settled USING (review, study_id)
    ANTI JOIN codings USING (review, study_id, dimension, code)
)
SELECT * FROM final
