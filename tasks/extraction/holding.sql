-- What holds of settled studies, as it was said: of the coding that stands, and of dimensions that two people judge of every study that
-- judgement on which they agreed or that reconciled them. Where two agree they say the same, and one of them is taken whole, with its
-- group numbers and free text.
WITH study AS (
    SELECT review, study_id, basis, appraisal_basis FROM staging.study WHERE settled
),
coded AS (
    SELECT * FROM staging.said WHERE dimension IS NOT NULL AND NOT appraised
),
appraised AS (
    SELECT * FROM staging.appraised WHERE dimension IS NOT NULL
),
final AS (
    SELECT study.review, study.study_id, coded."group", coded.dimension, coded.code, coded.answer
    FROM study
    JOIN coded
        ON coded.raw = study.basis.raw AND coded.citation_id = study.basis.shown_as
        AND coded.reviewer = study.basis.reviewer AND coded.role = study.basis.role
    UNION ALL
    SELECT study.review, study.study_id, appraised."group", appraised.dimension, appraised.code, appraised.answer
    FROM study
    JOIN appraised
        ON appraised.raw = study.appraisal_basis.raw AND appraised.citation_id = study.appraisal_basis.shown_as
        AND appraised.reviewer = study.appraisal_basis.reviewer AND appraised.role = study.appraisal_basis.role
)
SELECT * FROM final
