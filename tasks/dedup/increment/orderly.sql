-- Whether the new records come after all others of their review, as what is received later does, and the changed ones keep their
-- place: only then the numbers of the others hold.
WITH latest AS (
    SELECT review, max((first_seen, record_id)) AS last
    FROM kept.trait
    GROUP BY review
),
placed AS (
    SELECT fresh.first_seen, fresh.record_id, trait.first_seen AS first_seen_before, latest.last
    FROM fresh
    LEFT JOIN kept.trait AS trait USING (review, record_id)  -- 1:1
    LEFT JOIN latest USING (review)  -- n:1
)
SELECT
    count(*) AS fresh,
    coalesce(bool_and(CASE
        WHEN first_seen_before IS NOT NULL THEN first_seen = first_seen_before
        WHEN last IS NOT NULL THEN (first_seen, record_id) > last
        ELSE true
    END), true) AS orderly,
    (SELECT count(*) FROM kept.trait) AS before
FROM placed;
