-- The latest text of each theme that has one.
WITH synthesis AS (
    SELECT * FROM log.synthesis
),
latest AS (
    SELECT * FROM synthesis
    QUALIFY row_number() OVER (PARTITION BY theme ORDER BY as_of DESC) = 1
),
final AS (
    SELECT * FROM latest WHERE text <> ''
)
SELECT * FROM final
