-- Each record with each search that brought it; brought several times by one search, the first time says how it was seen.
WITH version AS (
    SELECT * FROM staging.version
),
final AS (
    SELECT $review AS review, record_id, search_id, source_id, seen
    FROM version
    QUALIFY row_number() OVER (PARTITION BY record_id, search_id ORDER BY sequence) = 1
)
SELECT * FROM final
