-- Two citations that are related are both here, and are told of once.
WITH relations AS (
    SELECT review, citation_id, related_id, least(citation_id, related_id) AS one, greatest(citation_id, related_id) AS other
    FROM staging.citation_relation
),
citations AS (
    SELECT review, citation_id FROM staging.citation
),
final AS (
    SELECT
        relations.review, relations.citation_id, relations.related_id,
        count(*) OVER (PARTITION BY relations.review, one, other) AS times,
        a.citation_id IS NOT NULL AND b.citation_id IS NOT NULL AS both_are_here
    FROM relations
    LEFT JOIN citations AS a ON a.review = relations.review AND a.citation_id = relations.citation_id
    LEFT JOIN citations AS b ON b.review = relations.review AND b.citation_id = relations.related_id
    QUALIFY times > 1 OR NOT both_are_here OR relations.citation_id = relations.related_id
)
SELECT * FROM final
