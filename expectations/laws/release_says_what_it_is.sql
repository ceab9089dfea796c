-- A release says once what it is.
WITH releases AS (
    SELECT release_id FROM meta.release
),
final AS (
    SELECT count(*) AS rows_of_release FROM releases HAVING count(*) <> 1
)
SELECT * FROM final
