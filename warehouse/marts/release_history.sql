-- What each release up to this one said of each theme.
WITH said AS (
    SELECT number, release_id, as_of, theme, label, studies, reviews, ongoing, all_kinds FROM log.published_theme
    UNION ALL
    SELECT number, release_id, as_of, theme, label, studies, reviews, ongoing, all_kinds FROM after.theme
),
final AS (
    SELECT $review AS review, said.* FROM said
)
SELECT * FROM final
