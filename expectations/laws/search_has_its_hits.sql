-- A source that reports more hits than it gave has cut the export short.
WITH searches AS (
    SELECT review, search_id, source_id, hits, got FROM staging.search
),
final AS (
    SELECT *, hits - got AS missing FROM searches WHERE hits > got
)
SELECT * FROM final
