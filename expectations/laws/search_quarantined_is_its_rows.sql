-- The pieces that a search counts as quarantined are all kept, with their bytes.
WITH searches AS (
    SELECT review, search_id, quarantined FROM staging.search
),
pieces AS (
    SELECT review, search_id, count(*) AS n FROM staging.quarantine GROUP BY review, search_id
),
final AS (  -- one row per search
    SELECT searches.review, searches.search_id, searches.quarantined, coalesce(pieces.n, 0) AS kept
    FROM searches
    LEFT JOIN pieces USING (review, search_id)
    WHERE searches.quarantined <> coalesce(pieces.n, 0)
)
SELECT * FROM final
