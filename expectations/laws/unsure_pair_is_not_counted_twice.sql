-- Two records that may be one paper do not count as two studies: somebody has looked at them before both are included.
WITH pairs AS (
    SELECT review, record_a, record_b FROM staging.record_pair WHERE outcome = 'unsure'
),
members AS (
    SELECT review, record_id, citation_id FROM staging.citation_record
),
reports AS (
    SELECT review, citation_id, study_id, ongoing FROM staging.study_report
),
spoken AS (  -- of one study or of two: in either case somebody has looked
    SELECT review, citation_a, citation_b FROM staging.study_pair WHERE verdict IS NOT NULL
),
apart AS (
    SELECT DISTINCT
        overrides.review,
        least(a.citation_id, b.citation_id) AS citation_a,
        greatest(a.citation_id, b.citation_id) AS citation_b
    FROM log.override AS overrides
    JOIN members AS a ON a.review = overrides.review AND a.record_id = overrides.record_a
    JOIN members AS b ON b.review = overrides.review AND b.record_id = overrides.record_b
),
counted AS (
    SELECT DISTINCT
        pairs.review, least(a.citation_id, b.citation_id) AS citation_a, greatest(a.citation_id, b.citation_id) AS citation_b
    FROM pairs
    JOIN members AS a ON a.review = pairs.review AND a.record_id = pairs.record_a
    JOIN members AS b ON b.review = pairs.review AND b.record_id = pairs.record_b
    JOIN reports AS one ON one.review = pairs.review AND one.citation_id = a.citation_id
    JOIN reports AS other ON other.review = pairs.review AND other.citation_id = b.citation_id
    WHERE one.study_id <> other.study_id
),
final AS (
    SELECT * FROM counted
    ANTI JOIN spoken USING (review, citation_a, citation_b)
    ANTI JOIN apart USING (review, citation_a, citation_b)
)
SELECT * FROM final
