-- How many rows each person owes of each task: not sent yet, and sent; since when they are out.
WITH owed AS (SELECT * FROM staging.owed),

final AS (
    SELECT
        task, reviewer,
        count(*) FILTER (WHERE worklist_id IS NULL) AS new,
        count(worklist_id) AS sent,
        min(sent_at) AS since,
        bool_or(pilot AND worklist_id IS NULL) AS whole
    FROM owed
    GROUP BY task, reviewer
)
SELECT * FROM final ORDER BY task, reviewer
