-- The codes of the coding that holds, of settled studies. Where two codings agree they say the same, and one of them is taken
-- whole, with its group numbers and free text. A dimension that the codebook no longer codes by group is of the whole study.
WITH study AS (
    SELECT review, study_id, basis FROM staging.study WHERE settled
),
coding AS (
    SELECT * FROM staging.said WHERE dimension IS NOT NULL
),
whole AS (
    SELECT dimension FROM staging.dimension WHERE NOT grouped
),
final AS (
    SELECT DISTINCT
        study.review, study.study_id, if(whole.dimension IS NULL, coding."group", 0) AS "group", coding.dimension, coding.code
    FROM study
    JOIN coding
        ON coding.raw = study.basis.raw AND coding.citation_id = study.basis.shown_as
        AND coding.reviewer = study.basis.reviewer AND coding.role = study.basis.role
    LEFT JOIN whole ON whole.dimension = coding.dimension
)
SELECT * FROM final
