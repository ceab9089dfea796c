-- A cell without any study says whether it is not applicable, none was found, or not all are coded yet or narrowly enough;
-- another says nothing. What is not applicable is what the protocol says to be, by its first combination and with its words.
WITH cells AS (
    SELECT review, view, cell, studies + reviews + ongoing AS total, unspecified, "empty", not_applicable, combination
    FROM marts.evidence_map
),
codes AS (
    SELECT
        review, view, cell,
        unnest([dimension_1, dimension_2, dimension_3, dimension_4]) AS dimension,
        unnest([code_1, code_2, code_3, code_4]) AS code
    FROM marts.evidence_map
),
held AS (  -- all codes of a cell, those that they are within too
    SELECT review, view, cell, list((dimension, said)) AS codes
    FROM (
        SELECT codes.review, view, cell, dimension, unnest(within || [code]) AS said
        FROM codes
        JOIN staging.code AS code USING (review, dimension, code)
    )
    GROUP BY ALL
),
combinations AS (
    SELECT review, combination, min(why) AS why, list((dimension, code)) AS codes FROM staging.not_applicable GROUP BY ALL
),
declared AS (
    SELECT review, view, cell, min(combination) AS "first", arg_min(why, combination) AS why
    FROM held
    JOIN combinations USING (review)
    WHERE list_has_all(held.codes, combinations.codes)
    GROUP BY ALL
),
waiting AS (
    SELECT review, count(*) AS n FROM marts.study WHERE NOT mapped GROUP BY review
),
expected AS (
    SELECT
        cells.*, coalesce(waiting.n, 0) AS not_yet_coded, declared."first", declared.why,
        CASE
            WHEN total > 0 THEN NULL
            WHEN declared.why IS NOT NULL THEN 'not_applicable'
            WHEN coalesce(waiting.n, 0) > 0 THEN 'not_yet_coded'
            WHEN unspecified > 0 THEN 'not_specified'
            ELSE 'none_found'
        END AS expected
    FROM cells
    LEFT JOIN declared USING (review, view, cell)
    LEFT JOIN waiting USING (review)
),
final AS (
    SELECT * FROM expected WHERE ("empty", not_applicable, combination) IS DISTINCT FROM (expected, why, "first")
)
SELECT * FROM final
