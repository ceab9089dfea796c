-- No theme has more studies than the map.
WITH themes AS (
    SELECT review, theme, all_kinds FROM marts.theme
),
mapped AS (
    SELECT review, count(*) AS mapped FROM marts.study WHERE mapped GROUP BY review
),
final AS (
    SELECT themes.*, coalesce(mapped.mapped, 0) AS mapped
    FROM themes
    LEFT JOIN mapped USING (review)
    WHERE themes.all_kinds > coalesce(mapped.mapped, 0)
)
SELECT * FROM final
