-- Every study with an included report is a study in extraction, and nothing else is.
WITH studies AS (
    SELECT review, study_id FROM staging.study_extraction
),
included AS (
    SELECT DISTINCT review, study_id FROM staging.study_report WHERE NOT ongoing
),
final AS (
    (SELECT review, study_id, 'included, not in extraction' AS fault FROM included ANTI JOIN studies USING (review, study_id))
    UNION ALL
    (SELECT review, study_id, 'in extraction, not included' AS fault FROM studies ANTI JOIN included USING (review, study_id))
)
SELECT * FROM final
