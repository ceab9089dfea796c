-- One row per screening stage, round and pair of reviewers. Cohen's kappa: Educ Psychol Meas 1960;20:37-46; its standard error:
-- Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323-327, formula 13; PABAK: Byrt, Bishop and Carlin, J Clin Epidemiol
-- 1993;46:423-429; AC1: Gwet, Br J Math Stat Psychol 2008;61:29-48.
WITH pair AS (
    SELECT
        stage, round,
        least(reviewer_a, reviewer_b) AS reviewer_a,
        greatest(reviewer_a, reviewer_b) AS reviewer_b,
        if(reviewer_a <= reviewer_b, include_a, include_b) AS include_a,
        if(reviewer_a <= reviewer_b, include_b, include_a) AS include_b
    FROM staging.agreement_pair
),
counted AS (
    SELECT
        stage, round, reviewer_a, reviewer_b,
        count(*) AS n,
        count(*) FILTER (WHERE include_a AND include_b) AS both_include,
        count(*) FILTER (WHERE NOT include_a AND NOT include_b) AS both_exclude,
        count(*) FILTER (WHERE include_a AND NOT include_b) AS only_a,
        count(*) FILTER (WHERE include_b AND NOT include_a) AS only_b
    FROM pair
    GROUP BY stage, round, reviewer_a, reviewer_b
),
rated AS (
    SELECT
        *,
        (both_include + both_exclude) / n AS observed,
        (both_include + only_a) / n AS rate_a,
        (both_include + only_b) / n AS rate_b,
        n IN (both_include, both_exclude) AS constant
    FROM counted
),
chanced AS (
    SELECT
        *,
        rate_a * rate_b + (1 - rate_a) * (1 - rate_b) AS expected,
        (rate_a + rate_b) / 2 * (2 - rate_a - rate_b) AS expected_ac1  -- 2 p (1 - p), p the mean of the rates
    FROM rated
),
kappa AS (
    SELECT *, CASE WHEN NOT constant THEN (observed - expected) / (1 - expected) END AS kappa
    FROM chanced
),
spread AS (
    SELECT
        *,
        -- rounded before the root is taken, which makes 5e-9 of what is left of a zero
        CASE WHEN NOT constant THEN sqrt(greatest(0, round(
            both_include / n * (1 - (rate_a + rate_b) * (1 - kappa)) ** 2
            + both_exclude / n * (1 - (2 - rate_a - rate_b) * (1 - kappa)) ** 2
            -- who includes where the other excludes: the other's rate of including, and the first one's of excluding
            + (1 - kappa) ** 2 * (only_a / n * (rate_b + 1 - rate_a) ** 2 + only_b / n * (1 - rate_b + rate_a) ** 2)
            - (kappa - expected * (1 - kappa)) ** 2
        , 14)) / n) / (1 - expected) END AS error
    FROM kappa
),
final AS (
    SELECT
        $review AS review, stage, round, reviewer_a, reviewer_b, n, both_include, both_exclude, only_a, only_b,
        round(observed, 12) AS observed,
        round(expected, 12) AS expected,
        round(kappa, 12) AS kappa,
        round(greatest(-1, kappa - $normal_95 * error), 12) AS kappa_low,
        round(least(1, kappa + $normal_95 * error), 12) AS kappa_high,
        round(error, 12) AS kappa_error,
        round(2 * observed - 1, 12) AS pabak,
        round((observed - expected_ac1) / (1 - expected_ac1), 12) AS ac1,
        round(expected_ac1, 12) AS expected_ac1,
        CASE WHEN constant THEN 'both reviewers always gave the same answer' END AS undefined
    FROM spread
)
SELECT * FROM final;
