-- One row per dimension, and one of all of them together (dimension ''): how many of the verified studies the second person changed, as
-- what their coder gave differs from what holds. Groups are left out of the comparison, as in coding_agreement; so are dimensions that two
-- people judge of every study, as nobody verifies these.
WITH verified AS (
    SELECT study_id FROM staging.study_extraction WHERE state = 'verified'
),
verifiable AS (
    SELECT dimension, label, position FROM staging.dimension WHERE appraisers IS DISTINCT FROM 2
),
coder AS (
    SELECT citation_id AS study_id, present_dimension AS dimension, present_code AS code
    FROM staging.coding
    WHERE role = 'coder' AND NOT superseded
    QUALIFY dense_rank() OVER (PARTITION BY citation_id ORDER BY as_of DESC, raw DESC, reviewer) = 1
),
gave AS (
    SELECT DISTINCT study_id, dimension, code
    FROM coder
    SEMI JOIN verified USING (study_id)
    SEMI JOIN verifiable USING (dimension)
),
holds AS (
    SELECT DISTINCT study_id, dimension, code
    FROM staging.study_coding
    SEMI JOIN verified USING (study_id)
    SEMI JOIN verifiable USING (dimension)
),
changed AS (
    SELECT DISTINCT study_id, dimension
    FROM gave
    FULL JOIN holds USING (study_id, dimension, code)
    WHERE gave.study_id IS NULL OR holds.study_id IS NULL
),
dimension AS (
    SELECT '' AS dimension, 'Any dimension' AS label, 0 AS position
    UNION ALL
    SELECT dimension, label, position FROM verifiable
),
counted AS (
    SELECT dimension.dimension, count(DISTINCT changed.study_id) AS changed
    FROM dimension
    LEFT JOIN changed ON dimension.dimension = '' OR changed.dimension = dimension.dimension  -- 1:n
    GROUP BY dimension.dimension
),
final AS (
    SELECT
        $review AS review, dimension, dimension.label AS dimension_label,
        total.studies, counted.changed,
        CASE WHEN total.studies > 0 THEN round(counted.changed / total.studies, 12) END AS share,
        dimension.position
    FROM dimension
    JOIN counted USING (dimension)  -- 1:1
    CROSS JOIN (SELECT count(*) AS studies FROM verified) AS total
)
SELECT * FROM final;
