-- A harvest brings at least the share of the reported hits that the protocol asks for.
WITH searches AS (
    SELECT review, search_id, source_id, hits, delivered, stops_below FROM staging.search
),
final AS (
    SELECT * FROM searches WHERE delivered < stops_below
)
SELECT * FROM final
