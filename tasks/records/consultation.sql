-- The latest version of each consultation that has not been taken away.
WITH consultation AS (
    SELECT * FROM log.consultation
),
latest AS (
    SELECT * FROM consultation
    QUALIFY row_number() OVER (PARTITION BY consultation_id ORDER BY version DESC) = 1
),
final AS (
    SELECT * EXCLUDE (version) FROM latest WHERE NOT gone
)
SELECT * FROM final
