-- What did each database add: records, citations, citations that no other has, and studies? (In the team's release only.)
WITH held AS (
    SELECT citation_id, database, count(*) AS records FROM staging.citation_record GROUP BY citation_id, database
),
sole AS (
    SELECT citation_id, count(*) = 1 AS is_unique FROM held GROUP BY citation_id
)
SELECT
    held.database,
    sum(held.records)::BIGINT AS records,
    count(*) AS citations,
    count(*) FILTER (WHERE sole.is_unique) AS unique_citations,
    count(*) FILTER (WHERE funnel.position = 'included') AS studies,
    count(*) FILTER (WHERE funnel.position = 'included' AND sole.is_unique) AS unique_studies
FROM held
JOIN sole USING (citation_id)
JOIN staging.funnel AS funnel USING (citation_id)
GROUP BY held.database
ORDER BY citations DESC, held.database;
