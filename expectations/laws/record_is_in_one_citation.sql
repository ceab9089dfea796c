-- Every record is in exactly one citation, and nothing else is.
WITH records AS (
    SELECT review, record_id FROM staging.record
),
members AS (
    SELECT review, record_id, count(*) AS n FROM staging.citation_record GROUP BY review, record_id
),
final AS (  -- one row per record
    SELECT review, record_id, records.record_id IS NOT NULL AS is_a_record, coalesce(members.n, 0) AS citations
    FROM records
    FULL JOIN members USING (review, record_id)
    WHERE records.record_id IS NULL OR coalesce(members.n, 0) <> 1
)
SELECT * FROM final
