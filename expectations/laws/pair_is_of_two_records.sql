-- A compared pair is of two different records that are here, in one order only.
WITH pairs AS (
    SELECT review, record_a, record_b, outcome FROM staging.record_pair
),
records AS (
    SELECT review, record_id FROM staging.record
),
final AS (
    SELECT pairs.*, a.record_id IS NOT NULL AS a_is_here, b.record_id IS NOT NULL AS b_is_here
    FROM pairs
    LEFT JOIN records AS a ON a.review = pairs.review AND a.record_id = pairs.record_a
    LEFT JOIN records AS b ON b.review = pairs.review AND b.record_id = pairs.record_b
    WHERE pairs.record_a >= pairs.record_b OR a.record_id IS NULL OR b.record_id IS NULL
)
SELECT * FROM final
