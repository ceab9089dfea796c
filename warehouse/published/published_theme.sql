-- How many studies there are on each of its themes, and on its whole map.
WITH whole AS (
    SELECT
        '' AS theme, 'The whole map' AS label,
        count(*) FILTER (kind = 'primary') AS studies,
        count(*) FILTER (kind = 'review') AS reviews,
        count(*) FILTER (kind = 'ongoing') AS ongoing,
        count(*) AS all_kinds,
        0 AS position
    FROM marts.study
    WHERE mapped
),
counted AS (
    SELECT theme, label, studies, reviews, ongoing, all_kinds, position FROM marts.theme
    UNION ALL
    SELECT * FROM whole
),
final AS (
    SELECT
        $review AS review, $release_id AS release_id,
        (SELECT coalesce(max(number), 0) + 1 FROM log.published_theme) AS number, counted.*, $as_of AS as_of
    FROM counted
)
SELECT * FROM final
