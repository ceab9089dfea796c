-- One row per dimension with codes: how far two people agreed who coded the studies of the double sample, each alone; in a dimension
-- that two people judge of every study, who judged any study, as its coder or as an appraiser. A coding counts
-- as it was when the first reconciliation of the study came; later ones were made by somebody who may have seen the other.
-- Krippendorff's alpha for nominal data (Computing Krippendorff's Alpha-Reliability, 2011) takes each code as given or not, and adds up
-- observed and expected disagreement over the codes of the dimension. Codes are in the words of today's codebook; one that was split
-- since, or is no longer asked, is not compared.
WITH judged AS (
    SELECT dimension FROM staging.dimension WHERE appraisers = 2
),
said AS (
    SELECT
        coding.citation_id AS study_id, coding.reviewer, coding.raw, coding.as_of,
        coding.present_dimension AS dimension, coding.present_code AS code, judged.dimension IS NOT NULL AS appraised,
        coding.role = 'coder' OR (judged.dimension IS NOT NULL AND coding.role = 'appraiser') AS by_one_alone,
        coding.role = 'reconciler' OR (judged.dimension IS NOT NULL AND coding.role = 'appraisal_reconciler') AS of_both
    FROM staging.coding AS coding
    LEFT JOIN judged ON judged.dimension = coding.present_dimension  -- n:1
),
reconciled AS (
    SELECT study_id, appraised, min(as_of) AS reconciled_at
    FROM said
    WHERE of_both
    GROUP BY study_id, appraised
),
alone AS (
    SELECT said.*
    FROM said
    LEFT JOIN reconciled USING (study_id, appraised)  -- n:1
    WHERE by_one_alone AND (reconciled_at IS NULL OR as_of <= reconciled_at)
    QUALIFY dense_rank() OVER (PARTITION BY study_id, appraised, reviewer ORDER BY as_of DESC, raw DESC) = 1
),
coder AS (
    SELECT
        study_id, appraised, reviewer, row_number() OVER (PARTITION BY study_id, appraised ORDER BY min(as_of), reviewer) AS turn
    FROM alone
    GROUP BY study_id, appraised, reviewer
),
pair AS (
    SELECT coder.study_id, coder.appraised, min(reviewer) AS one, max(reviewer) AS other
    FROM coder
    JOIN staging.study_extraction AS study USING (study_id)  -- n:1
    WHERE turn <= 2 AND (study."double" OR coder.appraised)
    GROUP BY coder.study_id, coder.appraised
    HAVING count(*) = 2
),
dimension AS (
    SELECT dimension, label, position, coalesce(appraisers = 2, false) AS appraised
    FROM staging.dimension
    WHERE NOT text
),
given AS (
    SELECT
        pair.study_id, alone.dimension, alone.code,
        bool_or(alone.reviewer = pair.one) AS by_one,
        bool_or(alone.reviewer = pair.other) AS by_other
    FROM pair
    JOIN alone
        ON alone.study_id = pair.study_id AND alone.appraised = pair.appraised AND alone.reviewer IN (pair.one, pair.other)
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
    SELECT dimension.dimension, count(pair.study_id) AS studies
    FROM dimension
    LEFT JOIN pair USING (appraised)  -- n:n
    GROUP BY dimension.dimension
),
disagreement AS (
    SELECT
        dimension,
        sum(split)::BIGINT AS observed,
        sum(times * (2 * sample.studies - times))::BIGINT AS expected  -- times the judgements of a code less one
    FROM by_code
    JOIN sample USING (dimension)  -- n:1
    GROUP BY dimension
),
counted AS (
    SELECT
        dimension.*, sample.studies,
        sample.studies - coalesce(differing.studies, 0) AS same,
        coalesce(disagreement.observed, 0) AS disagreed,
        coalesce(disagreement.expected, 0) AS disagreed_by_chance
    FROM dimension
    JOIN sample USING (dimension)  -- 1:1
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
