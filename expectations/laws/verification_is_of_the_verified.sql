-- Changes at verification are of verified studies, as many for every dimension, and none has more than all of them together.
WITH verified AS (
    SELECT review, count(*) FILTER (state = 'verified') AS n
    FROM staging.study_extraction
    GROUP BY review
),
counted AS (  -- one row per dimension
    SELECT
        verification.review, verification.dimension, verification.studies, verification.changed,
        coalesce(verified.n, 0) AS verified,
        max(verification.changed) FILTER (verification.dimension = '') OVER (PARTITION BY verification.review) AS changed_at_all
    FROM marts.verification AS verification
    LEFT JOIN verified USING (review)  -- many to one
),
final AS (
    SELECT * FROM counted
    WHERE studies <> verified OR changed > studies OR changed > changed_at_all
)
SELECT * FROM final
