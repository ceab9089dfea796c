-- Studies of the release before, and those that came or were part of another, less those that went or count as one with
-- another, are the studies of this one: in the review, and on the map.
WITH earlier AS (
    SELECT review, count(*) AS included, count(*) FILTER (mapped) AS mapped FROM log.published_study GROUP BY review
),
now AS (
    SELECT review, count(*) AS included, count(*) FILTER (mapped) AS mapped FROM marts.study GROUP BY review
),
told AS (
    SELECT
        review,
        count(*) FILTER (what IN ('included', 'divided'))
            - count(*) FILTER (what IN ('no_longer_included', 'joined')) AS included,
        count(*) FILTER (what = 'on_the_map' OR (what = 'divided' AND is_on.mapped))
            - count(*) FILTER (what = 'off_the_map' OR (what = 'joined' AND was_on.mapped)) AS mapped
    FROM marts.change
    LEFT JOIN log.published_study AS was_on USING (review, study_id)  -- n:1
    LEFT JOIN marts.study AS is_on USING (review, study_id)  -- n:1
    GROUP BY review
),
compared AS (
    SELECT DISTINCT review FROM log.published_box
),
final AS (
    SELECT
        compared.review,
        earlier.included AS included_before, told.included AS included_came, now.included,
        earlier.mapped AS mapped_before, told.mapped AS mapped_came, now.mapped
    FROM compared
    LEFT JOIN earlier USING (review)
    LEFT JOIN told USING (review)
    LEFT JOIN now USING (review)
    WHERE coalesce(earlier.included, 0) + coalesce(told.included, 0) <> coalesce(now.included, 0)
        OR coalesce(earlier.mapped, 0) + coalesce(told.mapped, 0) <> coalesce(now.mapped, 0)
)
SELECT * FROM final
