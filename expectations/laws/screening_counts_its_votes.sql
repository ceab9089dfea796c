-- A screening row counts the reviewers whose vote stands in its round.
WITH screening AS (
    SELECT review, citation_id, stage, round, votes FROM staging.screening
),
votes AS (
    SELECT review, citation_id, stage, round, count(DISTINCT reviewer) AS n FROM staging.vote WHERE NOT superseded GROUP BY ALL
),
final AS (  -- one row per citation and stage
    SELECT screening.*, coalesce(votes.n, 0) AS votes_kept
    FROM screening
    LEFT JOIN votes USING (review, citation_id, stage, round)
    WHERE screening.votes <> coalesce(votes.n, 0)
)
SELECT * FROM final
