-- No study on the map has, in one group, codes that the protocol says not to go together.
WITH declared AS (
    SELECT review, combination, dimension, code, why, count(*) OVER (PARTITION BY review, combination) AS dimensions
    FROM staging.not_applicable
),
codes AS (  -- the codes that a study's codes are within have rows of their own
    SELECT review, study_id, "group", dimension, code, label FROM marts.study_code
),
studies AS (
    SELECT review, study_id, reference FROM marts.study
),
held AS (  -- what holds within each group: its own codes, and those of the study as a whole
    SELECT DISTINCT one.review, one.study_id, one."group", codes.dimension, codes.code, codes.label
    FROM (SELECT DISTINCT review, study_id, "group" FROM codes) AS one
    JOIN codes ON codes.review = one.review AND codes.study_id = one.study_id AND codes."group" IN (0, one."group")
),
final AS (  -- one row per study and combination
    SELECT DISTINCT
        review, study_id, reference, combination, string_agg(label, '; ' ORDER BY dimension) AS codes, why
    FROM held
    JOIN declared USING (review, dimension, code)
    JOIN studies USING (review, study_id)
    GROUP BY review, study_id, reference, "group", combination, why, dimensions
    HAVING count(*) = dimensions
)
SELECT * FROM final
