-- Pieces that start like a record and could not be read; the same file twice in one search is quarantined once.
WITH reject AS (
    SELECT * FROM staging.reject
),
final AS (
    SELECT $review AS review, search_id, path, line, raw, "offset", length, reason, data
    FROM reject
    QUALIFY row_number() OVER (PARTITION BY search_id, raw, "offset" ORDER BY sequence) = 1
)
SELECT * FROM final
