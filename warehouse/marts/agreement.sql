-- One row per screening stage and round: how far two reviewers agreed, by Cohen's kappa
-- (Cohen, Educ Psychol Meas 1960;20:37-46). Agreement by chance is computed within each pair of reviewers, from each one's own
-- rate of including, and pooled with the number of citations as weight. Everything is whole numbers in units of 10^-12 until
-- one division, so that no order of adding up can change a digit.
WITH pair AS (
    SELECT
        stage,
        round,
        least(reviewer_a, reviewer_b) AS one,
        greatest(reviewer_a, reviewer_b) AS other,
        if(reviewer_a <= reviewer_b, include_a, include_b) AS include_one,
        if(reviewer_a <= reviewer_b, include_b, include_a) AS include_other
    FROM staging.agreement_pair
),
by_pair AS (
    SELECT
        stage,
        round,
        count(*) AS n,
        count(*) FILTER (WHERE include_one AND include_other) AS both_include,
        count(*) FILTER (WHERE NOT include_one AND NOT include_other) AS both_exclude,
        count(*) FILTER (WHERE include_one <> include_other) AS split,
        -- times n squared
        (count(*) FILTER (WHERE include_one))::HUGEINT * count(*) FILTER (WHERE include_other)
        + (count(*) FILTER (WHERE NOT include_one))::HUGEINT * count(*) FILTER (WHERE NOT include_other) AS by_chance
    FROM pair
    GROUP BY stage, round, one, other
),
pooled AS (
    SELECT
        stage,
        round,
        sum(n)::HUGEINT AS n,
        sum(both_include)::HUGEINT AS both_include,
        sum(both_exclude)::HUGEINT AS both_exclude,
        sum(split)::HUGEINT AS split,
        sum(by_chance * 1000000000000 // n)::HUGEINT AS by_chance,
        bool_and(by_chance = n::HUGEINT * n) AS constant
    FROM by_pair
    GROUP BY stage, round
),
final AS (
    SELECT
        $review AS review,
        stage,
        round,
        n,
        both_include,
        both_exclude,
        split,
        round((both_include + both_exclude) / n, 6) AS observed,
        round(by_chance / (n * 1000000000000), 6) AS expected,
        CASE WHEN NOT constant THEN
            round(((both_include + both_exclude) * 1000000000000 - by_chance) / (n * 1000000000000 - by_chance), 6)
        END AS kappa,
        CASE WHEN constant THEN 'both reviewers always gave the same answer' END AS undefined
    FROM pooled
)
SELECT * FROM final ORDER BY stage, round;
