-- The strategies of the searches of this release, line by line.
WITH line AS (
    SELECT * FROM log.search_line
),
search AS (
    SELECT DISTINCT search_id FROM log.search
),
final AS (
    SELECT line.* FROM line SEMI JOIN search USING (search_id)
)
SELECT * FROM final ORDER BY search_id, line
