-- The files of a search are numbered 0, 1, 2 … without a hole: a hole is a file that was received and is gone.
WITH imports AS (
    SELECT review, search_id, position FROM log.import
),
final AS (
    SELECT review, search_id, count(*) AS files, min(position) AS first, max(position) AS last
    FROM imports
    GROUP BY review, search_id
    HAVING min(position) <> 0 OR max(position) <> count(*) - 1
)
SELECT * FROM final
