-- Citations that came, went or moved. Nothing where there is no earlier release.
WITH both_releases AS (
    SELECT citation_id, earlier.position AS before, later.position AS after
    FROM before.citation AS earlier
    FULL JOIN after.citation AS later USING (citation_id)  -- 1:1
    WHERE earlier.position IS DISTINCT FROM later.position
),
final AS (
    SELECT
        $review AS review, citation_id,
        CASE WHEN before IS NULL THEN 'in' WHEN after IS NULL THEN 'out' ELSE 'moved' END AS what, before, after
    FROM both_releases
    WHERE EXISTS (FROM before.box)
)
SELECT * FROM final
