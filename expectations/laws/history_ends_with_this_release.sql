-- The last release of the history says of each theme what the themes of this one say, and no number is left out of its line.
WITH history AS (
    SELECT *, max(number) OVER (PARTITION BY review) AS last, min(number) OVER (PARTITION BY review) AS first
    FROM marts.release_history
),
this AS (
    SELECT review, theme, studies, reviews, ongoing, all_kinds FROM history WHERE number = last AND theme <> ''
),
other AS (
    SELECT review, theme, 'counts' AS what
    FROM this
    FULL JOIN marts.theme AS theme USING (review, theme)
    WHERE (this.studies, this.reviews, this.ongoing, this.all_kinds)
        IS DISTINCT FROM (theme.studies, theme.reviews, theme.ongoing, theme.all_kinds)
),
holes AS (
    SELECT review, '' AS theme, 'a release is missing' AS what
    FROM history
    GROUP BY review
    HAVING count(DISTINCT number) <> max(last) - min(first) + 1
),
final AS (
    SELECT * FROM other
    UNION ALL
    SELECT * FROM holes
)
SELECT * FROM final
