-- The records of a pair are in one citation if it was decided that they are one paper, and only then.
WITH pairs AS (
    SELECT review, record_a, record_b, outcome FROM staging.record_pair
),
members AS (
    SELECT review, record_id, citation_id FROM staging.citation_record
),
final AS (
    SELECT pairs.*, a.citation_id AS citation_a, b.citation_id AS citation_b
    FROM pairs
    JOIN members AS a ON a.review = pairs.review AND a.record_id = pairs.record_a
    JOIN members AS b ON b.review = pairs.review AND b.record_id = pairs.record_b
    WHERE (pairs.outcome = 'duplicate') <> (a.citation_id = b.citation_id)
)
SELECT * FROM final
