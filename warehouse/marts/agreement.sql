-- One row per screening stage and round: how far reviewers agreed who voted alone, pooled over the pairs of marts.agreement_of_pair.
-- What chance would bring is that of each pair, weighed with its citations. So the pooled kappa is the mean of the pairs' kappas,
-- weighed with n (1 - expected), and its standard error follows from theirs. Krippendorff's alpha (Computing Krippendorff's
-- Alpha-Reliability, 2011) is of all votes on each citation that has two or more. Sums have an order, so that no digit changes.
WITH pair AS (
    SELECT *, n * (1 - expected) AS weight
    FROM marts.agreement_of_pair
),
pooled AS (
    SELECT
        stage, round,
        sum(n)::BIGINT AS n,
        sum(both_include)::BIGINT AS both_include,
        sum(both_exclude)::BIGINT AS both_exclude,
        sum(only_a + only_b)::BIGINT AS split,
        sum(n * expected ORDER BY reviewer_a, reviewer_b) / sum(n) AS expected,
        sum(n * expected_ac1 ORDER BY reviewer_a, reviewer_b) / sum(n) AS expected_ac1,
        sqrt(sum((weight * kappa_error) ** 2 ORDER BY reviewer_a, reviewer_b))
            / nullif(sum(weight ORDER BY reviewer_a, reviewer_b), 0) AS error,
        bool_and(kappa IS NULL) AS constant
    FROM pair
    GROUP BY stage, round
),
-- citations with as many voters: of each two votes on a citation, how many differ (times two), over the voters less one
by_voters AS (
    SELECT
        stage, round, voters,
        sum(includers)::BIGINT AS includes,
        sum(voters - includers)::BIGINT AS excludes,
        sum(includers * (voters - includers))::BIGINT AS differing
    FROM staging.agreement_pair
    GROUP BY stage, round, voters
),
valued AS (
    SELECT
        stage, round,
        sum(includes)::BIGINT AS includes,
        sum(excludes)::BIGINT AS excludes,
        sum(differing / (voters - 1) ORDER BY voters) AS differing
    FROM by_voters
    GROUP BY stage, round
),
imported AS (
    SELECT stage, 1 AS round, count(*) AS voters_unknown
    FROM staging.screening
    WHERE basis = 'outcome'
    GROUP BY stage
),
measured AS (
    SELECT
        *,
        (both_include + both_exclude) / n AS observed
    FROM pooled
    JOIN valued USING (stage, round)  -- 1:1
    FULL JOIN imported USING (stage, round)  -- 1:1
),
final AS (
    SELECT
        $review AS review,
        stage,
        round,
        coalesce(n, 0) AS n,
        coalesce(both_include, 0) AS both_include,
        coalesce(both_exclude, 0) AS both_exclude,
        coalesce(split, 0) AS split,
        round(observed, 12) AS observed,
        round(expected, 12) AS expected,
        CASE WHEN NOT constant THEN round((observed - expected) / (1 - expected), 12) END AS kappa,
        CASE WHEN NOT constant THEN
            round(greatest(-1, (observed - expected) / (1 - expected) - $normal_95 * error), 12) END AS kappa_low,
        CASE WHEN NOT constant THEN
            round(least(1, (observed - expected) / (1 - expected) + $normal_95 * error), 12) END AS kappa_high,
        round(2 * observed - 1, 12) AS pabak,
        round((observed - expected_ac1) / (1 - expected_ac1), 12) AS ac1,
        CASE WHEN n IS NULL THEN 'voters were not exported' WHEN constant THEN 'both reviewers always gave the same answer' END
            AS undefined,
        CASE WHEN includes > 0 AND excludes > 0 THEN
            round(1 - (includes + excludes - 1) * differing / (includes * excludes::DOUBLE), 12) END AS alpha,
        CASE WHEN n IS NULL THEN 'voters were not exported' WHEN includes = 0 OR excludes = 0 THEN 'all votes are the same' END
            AS alpha_undefined,
        coalesce(voters_unknown, 0) AS voters_unknown
    FROM measured
)
SELECT * FROM final;
