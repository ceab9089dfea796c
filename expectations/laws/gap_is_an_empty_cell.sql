-- Gaps are exactly the cells with no study at all (absolute) or with studies and no review (synthesis), but for those without a
-- study that are not applicable.
WITH cells AS (
    SELECT review, view, cell, studies, reviews, ongoing, unspecified, not_applicable FROM marts.evidence_map
),
waiting AS (
    SELECT review, count(*) AS n FROM marts.study WHERE NOT mapped GROUP BY review
),
gaps AS (
    SELECT review, view, cell, kind, studies, certain FROM marts.gap
),
reviews AS (  -- without a code for reviews nobody can say that one is missing
    SELECT DISTINCT code.review, true AS told_apart
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (review, dimension)
    WHERE dimension.role = 'kind' AND code.kind = 'review'
),
expected AS (
    SELECT
        review, view, cell, studies, coalesce(waiting.n, 0) = 0 AND unspecified = 0 AS certain,
        CASE
            WHEN studies + cells.reviews + ongoing = 0 THEN if(not_applicable IS NULL, 'absolute', NULL)
            WHEN reviews.told_apart AND studies > 0 AND cells.reviews = 0 THEN 'synthesis'
        END AS kind
    FROM cells
    LEFT JOIN waiting USING (review)
    LEFT JOIN reviews USING (review)
),
final AS (  -- one row per cell
    SELECT
        review, view, cell, gaps.kind, gaps.studies, gaps.certain,
        expected.kind AS expected_kind, expected.studies AS expected_studies, expected.certain AS expected_certain
    FROM gaps
    FULL JOIN (SELECT * FROM expected WHERE kind IS NOT NULL) AS expected USING (review, view, cell)
    WHERE (gaps.kind, gaps.studies, gaps.certain) IS DISTINCT FROM (expected.kind, expected.studies, expected.certain)
)
SELECT * FROM final
