-- A citation is in the databases arm if any of its records is, else in the other.
WITH citations AS (
    SELECT review, citation_id, arm FROM staging.citation
),
members AS (
    SELECT review, citation_id, count(*) FILTER (WHERE arm = 'databases') AS from_databases, count(*) AS records
    FROM staging.citation_record
    GROUP BY review, citation_id
),
final AS (  -- one row per citation
    SELECT citations.*, members.from_databases, members.records
    FROM citations
    JOIN members USING (review, citation_id)
    WHERE (citations.arm = 'databases') <> (members.from_databases > 0)
)
SELECT * FROM final
