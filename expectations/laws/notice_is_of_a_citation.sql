-- Each notice is of a citation of this release, and says included where the PRISMA diagram does.
WITH notice AS (
    SELECT review, citation_id, notice, included, position FROM marts.notice
),
final AS (
    SELECT notice.*
    FROM notice
    LEFT JOIN staging.funnel AS funnel USING (review, citation_id)
    WHERE funnel.position IS DISTINCT FROM notice.position OR notice.included <> (notice.position IN ('included', 'ongoing'))
)
SELECT * FROM final
