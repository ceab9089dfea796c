-- What coders wrote to codes that are to be specified: the words, of which studies, and of how many.
WITH proposed AS (
    SELECT dimension, code, words, study_id FROM staging.proposed_code
),
final AS (
    SELECT dimension, code || ': ' || words AS words, string_agg(study_id, ' ' ORDER BY study_id) AS which, count(*) AS studies
    FROM proposed
    GROUP BY dimension, code, words
)
SELECT dimension, words, which, studies FROM final ORDER BY studies DESC, dimension, words
