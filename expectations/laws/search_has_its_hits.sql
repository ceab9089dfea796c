-- A source that reports more hits than it gave has cut the export short, or the harvest is not whole.
WITH searches AS (
    SELECT review, search_id, source_id, hits, coalesce(delivered, got) AS had, coalesce(warns_below, hits) AS enough
    FROM staging.search
),
final AS (
    SELECT *, hits - had AS missing FROM searches WHERE had < enough
)
SELECT * FROM final
