-- Who was asked for papers, in the searches of this release.
WITH asked AS (
    SELECT * FROM log.asked
),
search AS (
    SELECT DISTINCT search_id FROM log.search
),
final AS (
    SELECT asked.* FROM asked SEMI JOIN search USING (search_id)
)
SELECT * FROM final ORDER BY search_id, person, asked_on
