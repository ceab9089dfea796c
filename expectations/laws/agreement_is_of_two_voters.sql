-- Agreement is of two different people, both of whom voted in that round.
WITH pairs AS (
    SELECT review, citation_id, stage, round, reviewer_a, reviewer_b FROM staging.agreement_pair
),
votes AS (
    SELECT DISTINCT review, citation_id, stage, round, reviewer FROM staging.vote
),
counted AS (  -- one row per pair
    SELECT
        pairs.review, pairs.citation_id, pairs.stage, pairs.round, pairs.reviewer_a <> pairs.reviewer_b AS two_people,
        count(votes.reviewer) AS voted
    FROM pairs
    LEFT JOIN votes ON votes.review = pairs.review AND votes.citation_id = pairs.citation_id AND votes.stage = pairs.stage
        AND votes.round = pairs.round AND votes.reviewer IN (pairs.reviewer_a, pairs.reviewer_b)
    GROUP BY ALL
),
final AS (
    SELECT * FROM counted WHERE NOT two_people OR voted < 2
)
SELECT * FROM final
