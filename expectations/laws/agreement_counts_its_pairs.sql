-- Agreement is told of every round, and its four fields add up to the pairs of votes, pair by pair of reviewers and in all.
WITH agreement AS (
    SELECT review, stage, round, n, both_include, both_exclude, split FROM marts.agreement
),
pairs AS (
    SELECT
        review, stage, round, count(*) AS pairs,
        count(*) FILTER (WHERE include_a AND include_b) AS include_pairs,
        count(*) FILTER (WHERE NOT include_a AND NOT include_b) AS exclude_pairs,
        count(*) FILTER (WHERE include_a <> include_b) AS split_pairs
    FROM staging.agreement_pair
    GROUP BY ALL
),
counted AS (  -- one row per stage and round
    SELECT
        review, stage, round, n, both_include, both_exclude, split, coalesce(pairs, 0) AS pairs,
        coalesce(include_pairs, 0) AS include_pairs, coalesce(exclude_pairs, 0) AS exclude_pairs,
        coalesce(split_pairs, 0) AS split_pairs
    FROM agreement
    FULL JOIN pairs USING (review, stage, round)
),
by_reviewers AS (
    SELECT
        review, stage, round, sum(n) AS of_reviewers, sum(both_include) AS include_of_reviewers,
        sum(both_exclude) AS exclude_of_reviewers, sum(only_a + only_b) AS split_of_reviewers
    FROM marts.agreement_of_pair
    GROUP BY ALL
),
final AS (
    SELECT counted.*, coalesce(of_reviewers, 0) AS of_reviewers
    FROM counted
    LEFT JOIN by_reviewers USING (review, stage, round)  -- one to one
    WHERE (n, both_include, both_exclude, split) IS DISTINCT FROM (pairs, include_pairs, exclude_pairs, split_pairs)
        OR (pairs, include_pairs, exclude_pairs, split_pairs) IS DISTINCT FROM (
            coalesce(of_reviewers, 0), coalesce(include_of_reviewers, 0), coalesce(exclude_of_reviewers, 0),
            coalesce(split_of_reviewers, 0)
        )
)
SELECT * FROM final
