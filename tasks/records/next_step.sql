-- The latest version of each planned step that has not been taken away.
WITH next_step AS (
    SELECT * FROM log.next_step
),
latest AS (
    SELECT * FROM next_step
    QUALIFY row_number() OVER (PARTITION BY step_id ORDER BY version DESC) = 1
),
final AS (
    SELECT * EXCLUDE (version) FROM latest WHERE NOT gone
)
SELECT * FROM final
