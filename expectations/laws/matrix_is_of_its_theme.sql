-- The framework matrix of a theme has the studies that are on the map with that theme, and no other.
WITH matrix AS (
    SELECT DISTINCT review, theme, study_id FROM marts.framework
),
themed AS (
    SELECT DISTINCT study_code.review, study_code.code AS theme, study_code.study_id
    FROM marts.study_code AS study_code
    JOIN staging.dimension AS dimension USING (review, dimension)
    WHERE dimension.role = 'theme'
),
coded AS (  -- as a whole, in anything else than the theme
    SELECT DISTINCT study_code.review, study_code.study_id
    FROM marts.study_code AS study_code
    JOIN staging.dimension AS dimension USING (review, dimension)
    WHERE dimension.role IS DISTINCT FROM 'theme' AND study_code."group" = 0
),
final AS (  -- one row per theme and study
    SELECT review, theme, study_id, matrix.study_id IS NOT NULL AS in_matrix, themed.study_id IS NOT NULL AS on_the_map
    FROM matrix
    FULL JOIN themed USING (review, theme, study_id)
    LEFT JOIN coded USING (review, study_id)
    WHERE CASE WHEN in_matrix THEN NOT on_the_map ELSE coded.study_id IS NOT NULL END
)
SELECT * FROM final
