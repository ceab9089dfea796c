-- Each search of this release with what it brought.
WITH search AS (
    SELECT * FROM log.search
),
receipt AS (
    SELECT search_id, got, new, changed, repeated, quarantined, quarantined_before FROM log.receipt
),
final AS (
    SELECT search.*, receipt.* EXCLUDE (search_id)
    FROM search
    JOIN receipt USING (search_id)
)
SELECT * FROM final
