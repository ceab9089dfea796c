-- What the map would say otherwise than the public one: studies that came and went, and those that are coded in another way.
WITH public_study AS (
    SELECT study_id, mapped AND state <> 'ongoing' AS counts FROM read_parquet($public_study)
),
new_study AS (
    SELECT study_id, mapped AND state <> 'ongoing' AS counts FROM marts.study
),
public_coding AS (
    SELECT study_id, list(("group", dimension, code) ORDER BY "group", dimension, code) AS codes FROM read_parquet($public_study_code) GROUP BY study_id
),
new_coding AS (
    SELECT study_id, list(("group", dimension, code) ORDER BY "group", dimension, code) AS codes FROM marts.study_code GROUP BY study_id
),
compared AS (
    SELECT
        coalesce(public_study.counts, false) AS counted,
        coalesce(new_study.counts, false) AS counts,
        public_coding.codes IS DISTINCT FROM new_coding.codes AS recoded
    FROM new_study
    FULL JOIN public_study USING (study_id)  -- 1:1
    LEFT JOIN public_coding USING (study_id)  -- 1:1
    LEFT JOIN new_coding USING (study_id)  -- 1:1
),
final AS (
    SELECT 1 AS position, 'studies on the map that were not' AS what, count(*) FILTER (counts AND NOT counted) AS studies FROM compared
    UNION ALL
    SELECT 2, 'studies no longer on the map', count(*) FILTER (counted AND NOT counts) FROM compared
    UNION ALL
    SELECT 3, 'studies coded in another way', count(*) FILTER (counts AND counted AND recoded) FROM compared
)
SELECT what, studies FROM final WHERE studies > 0 ORDER BY position
