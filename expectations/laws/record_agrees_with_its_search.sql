-- A record counts where its first search counts: the same source, box and arm as in the published search log.
WITH records AS (
    SELECT review, record_id, search_id, source_id, box, arm FROM staging.record
),
searches AS (
    SELECT review, search_id, source_id, box, arm FROM staging.search
),
final AS (  -- at most one search per record
    SELECT
        records.review, records.record_id, records.search_id,
        records.source_id, records.box, records.arm,
        searches.source_id AS search_source_id, searches.box AS search_box, searches.arm AS search_arm
    FROM records
    LEFT JOIN searches USING (review, search_id)
    WHERE searches.search_id IS NULL
        OR (records.source_id, records.box, records.arm) IS DISTINCT FROM (searches.source_id, searches.box, searches.arm)
)
SELECT * FROM final
