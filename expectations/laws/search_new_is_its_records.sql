-- The new records of a search are the records that it was the first to bring.
WITH searches AS (
    SELECT review, search_id, new FROM staging.search
),
records AS (
    SELECT review, search_id, count(*) AS n FROM staging.record GROUP BY review, search_id
),
final AS (  -- one row per search
    SELECT searches.review, searches.search_id, searches.new, coalesce(records.n, 0) AS records
    FROM searches
    LEFT JOIN records USING (review, search_id)
    WHERE searches.new <> coalesce(records.n, 0)
)
SELECT * FROM final
