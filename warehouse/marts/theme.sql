-- One row per code of the theme dimension, those without any study too. Themes overlap: never add the counts up.
WITH theme AS (
    SELECT code.code AS theme, code.label, code.position
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'theme'
),
coded AS (
    SELECT study_code.code AS theme, study_code.study_id, study.kind
    FROM marts.study_code AS study_code
    JOIN marts.study AS study USING (study_id)
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'theme'
),
final AS (
    SELECT
        $review AS review,
        theme.theme,
        theme.label,
        count(DISTINCT coded.study_id) FILTER (WHERE coded.kind = 'primary') AS studies,
        count(DISTINCT coded.study_id) FILTER (WHERE coded.kind = 'review') AS reviews,
        count(DISTINCT coded.study_id) FILTER (WHERE coded.kind = 'ongoing') AS ongoing,
        count(DISTINCT coded.study_id) AS all_kinds,
        theme.position
    FROM theme
    LEFT JOIN coded ON coded.theme = theme.theme
    GROUP BY theme.theme, theme.label, theme.position
)
SELECT * FROM final ORDER BY position, theme;
