-- One row per number that a study on the map was coded with, as a number and its unit, and one where the report does not say it.
WITH answer AS (
    SELECT * FROM marts.study_code
),
dimension AS (
    SELECT dimension, units FROM staging.dimension WHERE units IS NOT NULL
),
final AS (
    SELECT
        answer.review, answer.study_id, answer."group", answer.dimension, answer.dimension_label, answer.code,
        CAST(if(answer.code = 'not reported', NULL, split_part(answer.code, ' ', 1)) AS DOUBLE) AS value,
        CASE WHEN answer.code <> 'not reported' AND len(dimension.units) > 0 THEN substr(answer.code, instr(answer.code, ' ') + 1) END
            AS unit,
        answer.code <> 'not reported' AS reported,
        answer.synthetic
    FROM answer
    JOIN dimension USING (dimension)  -- n:1
)
SELECT * FROM final;
