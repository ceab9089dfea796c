-- Every study with an included or ongoing report is a study of the release, in the state of its extraction; nothing else is.
WITH studies AS (
    SELECT review, study_id, state FROM marts.study
),
known AS (
    SELECT review, study_id, state FROM staging.study_extraction
    UNION ALL
    SELECT DISTINCT review, study_id, 'ongoing' FROM staging.study_report WHERE ongoing
),
final AS (  -- one row per study
    SELECT review, study_id, studies.state, known.state AS expected
    FROM studies
    FULL JOIN known USING (review, study_id)
    WHERE studies.state IS DISTINCT FROM known.state
)
SELECT * FROM final
