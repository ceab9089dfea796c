-- Two records that a person has kept apart are never in one citation.
WITH overrides AS (
    SELECT review, record_a, record_b, arg_max(verdict, as_of) AS verdict, max(as_of) AS decided
    FROM log.override
    GROUP BY review, record_a, record_b
),
members AS (
    SELECT review, record_id, citation_id FROM staging.citation_record
),
final AS (  -- the latest word on each pair
    SELECT overrides.*, a.citation_id AS citation_a, b.citation_id AS citation_b
    FROM overrides
    JOIN members AS a ON a.review = overrides.review AND a.record_id = overrides.record_a
    JOIN members AS b ON b.review = overrides.review AND b.record_id = overrides.record_b
    WHERE overrides.verdict = 'apart' AND a.citation_id = b.citation_id
)
SELECT * FROM final
