-- Every record that was merged into another's citation leaves an alias, so that old links keep working.
WITH citations AS (
    SELECT review, citation_id, records FROM staging.citation
),
aliases AS (
    SELECT review, citation_id, count(*) AS n FROM staging.citation_alias GROUP BY review, citation_id
),
final AS (  -- one row per citation
    SELECT citations.*, coalesce(aliases.n, 0) AS aliases
    FROM citations
    LEFT JOIN aliases USING (review, citation_id)
    WHERE coalesce(aliases.n, 0) <> citations.records - 1
)
SELECT * FROM final
