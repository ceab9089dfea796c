-- What coders wrote to codes that are to be specified, and the studies they wrote it of: in the coding that holds, or where none does yet
-- in those of the coders. Words that differ in their case alone are the same.
WITH study AS (
    SELECT review, study_id, settled, basis FROM staging.study
),
said AS (
    SELECT
        raw, citation_id AS shown_as, reviewer, role, dimension, code,
        substr(answer, len(code) + 3) AS words
    FROM staging.said
    WHERE dimension IS NOT NULL AND answer <> code
),
coding_set AS (
    SELECT study_id, raw, shown_as, reviewer, role, superseded FROM staging.coding_set
),
standing AS (
    SELECT study.review, study.study_id, said.dimension, said.code, said.words
    FROM said
    JOIN coding_set USING (raw, shown_as, reviewer, role)  -- n:1
    JOIN study USING (study_id)  -- n:1
    WHERE CASE
        WHEN study.settled THEN
            (said.raw, said.shown_as, said.reviewer, said.role)
            = (study.basis.raw, study.basis.shown_as, study.basis.reviewer, study.basis.role)
        ELSE said.role = 'coder' AND NOT coding_set.superseded
    END
),
named AS (
    SELECT * REPLACE (min(words) OVER (PARTITION BY dimension, code, lower(words)) AS words) FROM standing
),
final AS (
    SELECT DISTINCT * FROM named
)
SELECT * FROM final
