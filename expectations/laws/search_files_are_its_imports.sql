-- The files that a search was read from are those that were received for it.
WITH searches AS (
    SELECT review, search_id, unnest(files) AS raw FROM staging.search
),
imports AS (
    SELECT log.import.review, log.import.search_id, log.import.raw
    FROM log.import
    SEMI JOIN staging.search USING (review, search_id)
),
final AS (
    (
        SELECT review, search_id, raw, 'read, never received' AS fault
        FROM searches ANTI JOIN imports USING (review, search_id, raw)
    )
    UNION ALL
    (
        SELECT review, search_id, raw, 'received, never read' AS fault
        FROM imports ANTI JOIN searches USING (review, search_id, raw)
    )
)
SELECT * FROM final
