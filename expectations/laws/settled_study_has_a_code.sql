-- A study whose coding is settled has at least one code.
WITH studies AS (
    SELECT review, study_id, state FROM staging.study_extraction WHERE settled
),
codes AS (
    SELECT DISTINCT review, study_id FROM staging.study_coding
),
final AS (
    SELECT studies.* FROM studies ANTI JOIN codes USING (review, study_id)
)
SELECT * FROM final
