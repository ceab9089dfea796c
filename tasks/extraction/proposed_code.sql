-- What coders wrote to codes that are to be specified, and the studies they wrote it of: in the coding that holds, or where none does yet
-- in those of the coders. Words that differ in their case alone are the same.
WITH study AS (
    SELECT review, study_id, settled FROM staging.study
),
said AS (
    SELECT raw, citation_id AS shown_as, reviewer, role, dimension, code, answer
    FROM staging.said
    WHERE dimension IS NOT NULL AND answer <> code
),
coding_set AS (
    SELECT study_id, raw, shown_as, reviewer, role FROM staging.coding_set WHERE role IN ('coder', 'appraiser') AND NOT superseded
),
standing AS (
    SELECT review, study_id, dimension, code, substr(answer, len(code) + 3) AS words
    FROM staging.holding
    WHERE answer <> code
    UNION ALL
    SELECT study.review, study.study_id, said.dimension, said.code, substr(said.answer, len(said.code) + 3)
    FROM said
    JOIN coding_set USING (raw, shown_as, reviewer, role)  -- n:1
    JOIN study USING (study_id)  -- n:1
    WHERE NOT study.settled
),
named AS (
    SELECT * REPLACE (min(words) OVER (PARTITION BY dimension, code, lower(words)) AS words) FROM standing
),
final AS (
    SELECT DISTINCT * FROM named
)
SELECT * FROM final
