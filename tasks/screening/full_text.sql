-- The papers that ids name ($names), by their ids of today or of another day, with their records.
WITH citation AS (
    SELECT citation_id AS name, citation_id FROM staging.citation
    UNION ALL
    SELECT alias, citation_id FROM staging.citation_alias
),
record AS (
    SELECT citation_id, list(record_id ORDER BY record_id) AS record_ids FROM staging.citation_record GROUP BY citation_id
),
final AS (
    SELECT citation.name, citation_id, record.record_ids
    FROM citation JOIN record USING (citation_id)  -- many to one
    WHERE list_contains($names::VARCHAR[], citation.name)
)
SELECT * FROM final ORDER BY name
