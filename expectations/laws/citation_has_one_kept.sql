-- One record stands for each citation in the PRISMA numbers, and does so in the citation's arm.
WITH citations AS (
    SELECT review, citation_id, arm FROM staging.citation
),
kept AS (
    SELECT review, citation_id, count(*) AS n, min(arm) AS arm
    FROM staging.citation_record
    WHERE role = 'kept'
    GROUP BY review, citation_id
),
final AS (  -- one row per citation
    SELECT review, citation_id, citations.arm, coalesce(kept.n, 0) AS kept, kept.arm AS kept_arm
    FROM citations
    LEFT JOIN kept USING (review, citation_id)
    WHERE coalesce(kept.n, 0) <> 1 OR kept.arm <> citations.arm
)
SELECT * FROM final
