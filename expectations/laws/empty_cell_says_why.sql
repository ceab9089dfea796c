-- A cell without any study says whether none was found, or not all are coded yet or narrowly enough; another says nothing.
WITH cells AS (
    SELECT review, view, cell, studies + reviews + ongoing AS total, unspecified, "empty" FROM marts.evidence_map
),
waiting AS (
    SELECT review, count(*) AS n FROM marts.study WHERE NOT mapped GROUP BY review
),
expected AS (
    SELECT
        cells.*, coalesce(waiting.n, 0) AS not_yet_coded,
        CASE
            WHEN total > 0 THEN NULL
            WHEN coalesce(waiting.n, 0) > 0 THEN 'not_yet_coded'
            WHEN unspecified > 0 THEN 'not_specified'
            ELSE 'none_found'
        END AS expected
    FROM cells
    LEFT JOIN waiting USING (review)
),
final AS (
    SELECT * FROM expected WHERE "empty" IS DISTINCT FROM expected
)
SELECT * FROM final
