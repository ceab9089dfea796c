-- Votes under the citations of today.
WITH vote AS (SELECT * FROM log.vote),
judgement AS (SELECT * FROM judgement WHERE kind = 'vote'),
final AS (
    SELECT
        vote.* REPLACE (judgement.citation_id AS citation_id),
        judgement.said_of, judgement.superseded
    FROM vote JOIN judgement  -- one to as many citations as its records are in today
        ON vote.raw = judgement.raw AND vote.citation_id = judgement.said_of AND vote.reviewer = judgement.who
        AND vote.stage = judgement.stage AND vote.round = judgement.round AND vote.as_of = judgement.as_of
    QUALIFY row_number() OVER (
        PARTITION BY vote.raw, judgement.citation_id, judgement.said_of, vote.reviewer, vote.stage, vote.round
        ORDER BY judgement.place DESC
    ) = 1
)
SELECT * FROM final
