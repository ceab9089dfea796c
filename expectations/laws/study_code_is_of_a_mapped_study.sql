-- Only studies on the map have codes in the marts.
WITH codes AS (
    SELECT review, study_id, count(*) AS codes FROM marts.study_code GROUP BY ALL
),
studies AS (
    SELECT review, study_id, mapped FROM marts.study
),
final AS (
    SELECT codes.*, studies.mapped
    FROM codes
    LEFT JOIN studies USING (review, study_id)
    WHERE NOT coalesce(studies.mapped, false)
)
SELECT * FROM final
