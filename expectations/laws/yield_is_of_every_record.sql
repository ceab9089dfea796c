-- What the sources brought adds up to the records, and none has more of its own than it has.
WITH brought AS (
    SELECT review, sum(records) AS records FROM marts.source_yield GROUP BY review
),
record AS (
    SELECT review, count(*) AS records FROM staging.record GROUP BY review
),
final AS (
    SELECT record.review, '' AS database, coalesce(brought.records, 0) AS brought, record.records
    FROM record
    LEFT JOIN brought USING (review)  -- 1:1
    WHERE coalesce(brought.records, 0) <> record.records
    UNION ALL
    SELECT review, database, citations, records
    FROM marts.source_yield
    WHERE citations > records OR citations_alone > citations OR studies_alone > studies OR studies > citations
)
SELECT * FROM final
