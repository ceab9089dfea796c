-- One row per code of a study on the map, and per code of the codebook that these are within (`implied`, unless it was given as well),
-- with names for people. Where a dimension is free text, the text is its own name. That a report does not say it is an answer as well.
WITH study AS (
    SELECT study_id, synthetic FROM marts.study WHERE mapped
),
coding AS (
    SELECT study_id, "group", dimension, code FROM staging.study_coding
),
dimension AS (
    SELECT dimension, label, not_reported FROM staging.dimension
),
code AS (
    SELECT dimension, code, label, within FROM staging.code
),
counted AS (
    SELECT study_id, "group", dimension, code, false AS implied FROM coding
    UNION ALL
    SELECT coding.study_id, coding."group", coding.dimension, unnest(code.within), true
    FROM coding
    JOIN code USING (dimension, code)  -- n:1
),
final AS (
    SELECT
        $review AS review,
        counted.study_id,
        counted."group",
        counted.dimension,
        coalesce(dimension.label, counted.dimension) AS dimension_label,
        counted.code,
        CASE
            WHEN dimension.not_reported AND counted.code = 'not reported' THEN 'Not reported'
            ELSE coalesce(code.label, counted.code)
        END AS label,
        coalesce(len(code.within), 0) AS depth,
        bool_and(counted.implied) AS implied,
        study.synthetic
    FROM counted
    JOIN study ON study.study_id = counted.study_id
    LEFT JOIN dimension ON dimension.dimension = counted.dimension
    LEFT JOIN code ON code.dimension = counted.dimension AND code.code = counted.code
    GROUP BY ALL
)
SELECT * FROM final ORDER BY study_id, "group", dimension, code;
