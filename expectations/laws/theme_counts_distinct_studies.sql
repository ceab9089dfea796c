-- A theme counts each mapped study with it once, by kind and over all kinds; every theme of the codebook has its row.
WITH themes AS (
    SELECT review, theme, studies, reviews, ongoing, all_kinds FROM marts.theme
),
codes AS (
    SELECT code.review, code.code AS theme, code.dimension
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (review, dimension)
    WHERE dimension.role = 'theme'
),
mapped AS (
    SELECT review, study_id, kind FROM marts.study WHERE mapped
),
coded AS (
    SELECT review, study_id, dimension, code AS theme FROM marts.study_code
),
expected AS (  -- one row per theme
    SELECT
        codes.review, codes.theme, count(DISTINCT mapped.study_id) FILTER (WHERE kind = 'primary') AS studies,
        count(DISTINCT mapped.study_id) FILTER (WHERE kind = 'review') AS reviews,
        count(DISTINCT mapped.study_id) FILTER (WHERE kind = 'ongoing') AS ongoing, count(DISTINCT mapped.study_id) AS all_kinds
    FROM codes
    LEFT JOIN coded USING (review, dimension, theme)
    LEFT JOIN mapped ON mapped.review = coded.review AND mapped.study_id = coded.study_id
    GROUP BY ALL
),
final AS (
    SELECT
        review, theme, themes.studies, themes.reviews, themes.ongoing, themes.all_kinds, expected.studies AS expected_studies,
        expected.reviews AS expected_reviews, expected.ongoing AS expected_ongoing, expected.all_kinds AS expected_all_kinds
    FROM themes
    FULL JOIN expected USING (review, theme)
    WHERE (themes.studies, themes.reviews, themes.ongoing, themes.all_kinds)
        IS DISTINCT FROM (expected.studies, expected.reviews, expected.ongoing, expected.all_kinds)
)
SELECT * FROM final
