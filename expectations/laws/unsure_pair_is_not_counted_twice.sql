-- Two records that may be one paper do not count as two studies: somebody has looked at them before both are included.
WITH pairs AS (
    SELECT review, record_a, record_b FROM staging.record_pair WHERE outcome = 'unsure'
),
reports AS (  -- by record
    SELECT review, records.record_id, records.citation_id, reports.study_id
    FROM staging.study_report AS reports
    JOIN staging.citation_record AS records USING (review, citation_id)
),
counted AS (
    SELECT DISTINCT
        pairs.review,
        least(one.citation_id, other.citation_id) AS citation_a,
        greatest(one.citation_id, other.citation_id) AS citation_b
    FROM pairs
    JOIN reports AS one ON one.review = pairs.review AND one.record_id = pairs.record_a
    JOIN reports AS other ON other.review = pairs.review AND other.record_id = pairs.record_b
    WHERE one.study_id <> other.study_id
),
looked_at AS (  -- as two reports or as two records, and be the answer that they are apart
    SELECT review, citation_a, citation_b FROM staging.study_pair WHERE verdict IS NOT NULL
    UNION
    SELECT overrides.review, least(one.citation_id, other.citation_id), greatest(one.citation_id, other.citation_id)
    FROM log.override AS overrides
    JOIN reports AS one ON one.review = overrides.review AND one.record_id = overrides.record_a
    JOIN reports AS other ON other.review = overrides.review AND other.record_id = overrides.record_b
),
final AS (
    SELECT * FROM counted ANTI JOIN looked_at USING (review, citation_a, citation_b)
)
SELECT * FROM final
