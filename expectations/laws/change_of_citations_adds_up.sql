-- Citations of the release before, and those that came, less those that went, are the citations of this one.
WITH earlier AS (
    SELECT review, count(*) AS n FROM log.published_citation GROUP BY review
),
now AS (
    SELECT review, count(*) AS n FROM staging.funnel GROUP BY review
),
told AS (
    SELECT review, count(*) FILTER (what = 'in') - count(*) FILTER (what = 'out') AS n
    FROM marts.citation_change
    GROUP BY review
),
final AS (
    SELECT review, earlier.n AS before, told.n AS came, now.n
    FROM earlier
    LEFT JOIN told USING (review)
    LEFT JOIN now USING (review)
    WHERE earlier.n + coalesce(told.n, 0) <> coalesce(now.n, 0)
)
SELECT * FROM final
