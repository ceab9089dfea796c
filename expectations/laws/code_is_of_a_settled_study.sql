-- Only the coding of a settled study stands.
WITH codes AS (
    SELECT review, study_id, count(*) AS codes FROM staging.study_coding GROUP BY review, study_id
),
studies AS (
    SELECT review, study_id, state, settled FROM staging.study_extraction
),
final AS (  -- one row per study
    SELECT codes.*, studies.state
    FROM codes
    LEFT JOIN studies USING (review, study_id)
    WHERE NOT coalesce(studies.settled, false)
)
SELECT * FROM final
