-- One row per dimension with codes: how far two people agreed who coded the studies of the double sample, each alone. A coding counts
-- as it was when the first reconciliation of the study came; later ones were made by somebody who may have seen the other.
-- Krippendorff's alpha for nominal data (Computing Krippendorff's Alpha-Reliability, 2011) takes each code as given or not, and adds up
-- observed and expected disagreement over the codes of the dimension. Codes are in the words of today's codebook; one that was split
-- since, or is no longer asked, is not compared.
WITH said AS (
    SELECT citation_id AS study_id, reviewer, role, raw, as_of, present_dimension AS dimension, present_code AS code
    FROM staging.coding
),
reconciled AS (
    SELECT study_id, min(as_of) AS reconciled_at
    FROM said
    WHERE role = 'reconciler'
    GROUP BY study_id
),
alone AS (
    SELECT said.*
    FROM said
    LEFT JOIN reconciled USING (study_id)  -- n:1
    WHERE role = 'coder' AND (reconciled_at IS NULL OR as_of <= reconciled_at)
    QUALIFY dense_rank() OVER (PARTITION BY study_id, reviewer ORDER BY as_of DESC, raw DESC) = 1
),
coder AS (
    SELECT study_id, reviewer, row_number() OVER (PARTITION BY study_id ORDER BY min(as_of), reviewer) AS turn
    FROM alone
    GROUP BY study_id, reviewer
),
pair AS (
    SELECT coder.study_id, min(reviewer) AS one, max(reviewer) AS other
    FROM coder
    JOIN staging.study_extraction AS study USING (study_id)  -- n:1
    WHERE turn <= 2 AND study."double"
    GROUP BY coder.study_id
    HAVING count(*) = 2
),
dimension AS (
    SELECT dimension, label, position
    FROM staging.dimension
    WHERE NOT text
),
given AS (
    SELECT
        pair.study_id, alone.dimension, alone.code,
        bool_or(alone.reviewer = pair.one) AS by_one,
        bool_or(alone.reviewer = pair.other) AS by_other
    FROM pair
    JOIN alone ON alone.study_id = pair.study_id AND alone.reviewer IN (pair.one, pair.other)
    WHERE alone.dimension IS NOT NULL
    GROUP BY ALL
),
differing AS (
    SELECT dimension, count(DISTINCT study_id) AS studies
    FROM given
    WHERE by_one <> by_other
    GROUP BY dimension
),
by_code AS (
    SELECT dimension, code, count(*) FILTER (WHERE by_one <> by_other) AS split, sum(by_one::INT + by_other::INT) AS times
    FROM given
    GROUP BY dimension, code
),
sample AS (
    SELECT count(*) AS studies FROM pair
),
disagreement AS (
    SELECT
        dimension,
        sum(split)::BIGINT AS observed,
        sum(times * (2 * sample.studies - times))::BIGINT AS expected  -- times the judgements of a code less one
    FROM by_code
    CROSS JOIN sample
    GROUP BY dimension
),
counted AS (
    SELECT
        dimension.*, sample.studies,
        sample.studies - coalesce(differing.studies, 0) AS same,
        coalesce(disagreement.observed, 0) AS disagreed,
        coalesce(disagreement.expected, 0) AS disagreed_by_chance
    FROM dimension
    CROSS JOIN sample
    LEFT JOIN differing USING (dimension)  -- 1:1
    LEFT JOIN disagreement USING (dimension)  -- 1:1
),
final AS (
    SELECT
        $review AS review, dimension, label AS dimension_label, studies, same,
        CASE WHEN studies > 0 THEN round(same / studies, 12) END AS observed,
        CASE WHEN disagreed_by_chance > 0 THEN round(1 - disagreed * (2 * studies - 1) / disagreed_by_chance, 12) END AS alpha,
        CASE
            WHEN studies = 0 THEN 'no study was coded by two people yet'
            WHEN disagreed_by_chance = 0 THEN 'every study has the same codes'
        END AS undefined,
        position
    FROM counted
)
SELECT * FROM final;
