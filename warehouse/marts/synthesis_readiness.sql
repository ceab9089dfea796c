-- One row per theme: whether it has the number of studies that the protocol asks for, and the reason in words.
WITH theme AS (
    SELECT theme, label, all_kinds, position FROM marts.theme
),
worded AS (
    SELECT
        *,
        all_kinds >= $minimum_studies AS ready,
        all_kinds || CASE WHEN all_kinds = 1 THEN ' study' ELSE ' studies' END AS found
    FROM theme
),
final AS (
    SELECT
        $review AS review,
        theme,
        label,
        all_kinds AS studies,
        $minimum_studies AS minimum,
        ready,
        found || CASE WHEN ready THEN ', at least ' ELSE ', fewer than the ' END || $minimum_studies || ' asked for' AS reason
    FROM worded
)
SELECT * FROM final ORDER BY theme;
