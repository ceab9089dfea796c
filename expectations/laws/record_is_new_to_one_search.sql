-- A record is new to exactly one search, the one that it counts in; other searches that brought it are remembered as well.
WITH records AS (
    SELECT review, record_id, search_id FROM staging.record
),
brought AS (
    SELECT
        review, record_id, count(*) FILTER (WHERE seen = 'new') AS times_new,
        min(search_id) FILTER (WHERE seen = 'new') AS new_to
    FROM staging.record_search
    GROUP BY review, record_id
),
final AS (  -- one row per record
    SELECT review, record_id, records.search_id, coalesce(brought.times_new, 0) AS times_new, brought.new_to
    FROM records
    FULL JOIN brought USING (review, record_id)
    WHERE records.search_id IS DISTINCT FROM brought.new_to OR coalesce(brought.times_new, 0) <> 1
)
SELECT * FROM final
