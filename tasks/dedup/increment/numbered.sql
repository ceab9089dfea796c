-- The records to normalise: what is new or changed, and what was released. What was there before keeps its number.
CREATE OR REPLACE VIEW numbered AS
WITH above AS (
    SELECT coalesce(max(n), 0) AS n FROM kept.trait
),
new AS (
    SELECT review, record_id, row_number() OVER (ORDER BY review, first_seen, record_id) AS place
    FROM fresh
    ANTI JOIN kept.trait USING (review, record_id)
),
known AS (
    SELECT review, record_id, n
    FROM kept.trait
    UNION ALL
    SELECT new.review, new.record_id, above.n + new.place
    FROM new
    CROSS JOIN above
)
SELECT known.n, fresh.*
FROM fresh
JOIN known USING (review, record_id)  -- 1:1
UNION ALL BY NAME
SELECT trait.n, trait.print, record.*
FROM staging.record AS record
JOIN kept.trait AS trait USING (review, record_id)  -- 1:1
SEMI JOIN released ON released.n = trait.n;
