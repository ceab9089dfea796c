-- The latest text of each theme that has one.
WITH synthesis AS (
    SELECT * FROM log.synthesis
),
latest AS (
    SELECT * FROM synthesis
    QUALIFY row_number() OVER (PARTITION BY theme ORDER BY coalesce(version, 0) DESC, as_of DESC, text) = 1
),
final AS (
    SELECT * EXCLUDE (version) FROM latest WHERE text <> ''
)
SELECT * FROM final
