-- One row per code of a study on the map, with names for people. Where a dimension is free text, the text is its own name.
WITH study AS (
    SELECT study_id, synthetic FROM marts.study WHERE mapped
),
coding AS (
    SELECT study_id, "group", dimension, code FROM staging.study_coding
),
dimension AS (
    SELECT dimension, label FROM staging.dimension
),
code AS (
    SELECT dimension, code, label FROM staging.code
),
final AS (
    SELECT
        $review AS review,
        coding.study_id,
        coding."group",
        coding.dimension,
        coalesce(dimension.label, coding.dimension) AS dimension_label,
        coding.code,
        coalesce(code.label, coding.code) AS label,
        study.synthetic
    FROM coding
    JOIN study ON study.study_id = coding.study_id
    LEFT JOIN dimension ON dimension.dimension = coding.dimension
    LEFT JOIN code ON code.dimension = coding.dimension AND code.code = coding.code
)
SELECT * FROM final ORDER BY study_id, "group", dimension, code;
