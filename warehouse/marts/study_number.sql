-- One row per number that a study on the map was coded with, as a number and its unit, and one where the report does not say it.
WITH code AS (
    SELECT review, study_id, "group", dimension, dimension_label, code AS answer, synthetic FROM marts.study_code
),
dimension AS (
    SELECT dimension, units FROM staging.dimension WHERE units IS NOT NULL
),
final AS (
    SELECT
        code.review, code.study_id, code."group", code.dimension, code.dimension_label, code.answer,
        CAST(if(answer = 'not reported', NULL, split_part(answer, ' ', 1)) AS DOUBLE) AS value,
        CASE WHEN answer <> 'not reported' AND len(dimension.units) > 0 THEN substr(answer, instr(answer, ' ') + 1) END
            AS unit,
        answer <> 'not reported' AS reported,
        code.synthetic
    FROM code
    JOIN dimension USING (dimension)  -- n:1
)
SELECT * FROM final;
