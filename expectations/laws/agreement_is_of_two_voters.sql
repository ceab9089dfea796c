-- Agreement is of two different people, both of whom voted in that round. Round 0 is the pilot, which is part of round 1.
WITH pairs AS (
    SELECT
        review, citation_id, stage, greatest(round, 1) AS round, reviewer_a <> reviewer_b AS two_people,
        unnest([reviewer_a, reviewer_b]) AS reviewer
    FROM staging.agreement_pair
),
votes AS (
    SELECT DISTINCT review, citation_id, stage, round, reviewer FROM staging.vote
),
counted AS (  -- one row per pair
    SELECT review, citation_id, stage, round, two_people, count(votes.reviewer) AS voted
    FROM pairs
    LEFT JOIN votes USING (review, citation_id, stage, round, reviewer)
    GROUP BY ALL
),
final AS (
    SELECT * FROM counted WHERE NOT two_people OR voted < 2
)
SELECT * FROM final
