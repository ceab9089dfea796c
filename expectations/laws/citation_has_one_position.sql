-- Every citation is at exactly one place of the PRISMA diagram, in its own arm.
WITH citations AS (
    SELECT review, citation_id, arm FROM staging.citation
),
positions AS (
    SELECT review, citation_id, count(*) AS n, min(arm) AS arm FROM staging.funnel GROUP BY review, citation_id
),
final AS (  -- one row per citation
    SELECT review, citation_id, citations.arm, positions.arm AS funnel_arm, coalesce(positions.n, 0) AS positions
    FROM citations
    FULL JOIN positions USING (review, citation_id)
    WHERE coalesce(positions.n, 0) <> 1 OR citations.arm IS DISTINCT FROM positions.arm
)
SELECT * FROM final
