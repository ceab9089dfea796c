-- Every record that was ever received is here, with the search and the time at which it was first seen.
WITH records AS (
    SELECT review, record_id, search_id, first_seen FROM staging.record
),
seen AS (
    SELECT review, record_id, search_id, as_of FROM log.first_seen
),
final AS (  -- one row per record
    SELECT
        review, record_id, records.search_id, seen.search_id AS logged_search_id,
        records.first_seen, seen.as_of AS logged_first_seen
    FROM records
    FULL JOIN seen USING (review, record_id)
    WHERE records.search_id IS DISTINCT FROM seen.search_id OR records.first_seen IS DISTINCT FROM seen.as_of
)
SELECT * FROM final
