-- Votes of tools under the citations of today.
WITH tool_vote AS (SELECT * FROM log.tool_vote),
judgement AS (SELECT * FROM judgement WHERE kind = 'tool_vote'),
final AS (
    SELECT
        tool_vote.* REPLACE (judgement.citation_id AS citation_id),
        judgement.said_of, judgement.superseded
    FROM tool_vote JOIN judgement  -- one to as many citations as its records are in today
        ON tool_vote.raw = judgement.raw AND tool_vote.citation_id = judgement.said_of AND tool_vote.tool = judgement.who
        AND tool_vote.stage = judgement.stage AND tool_vote.round = judgement.round AND tool_vote.as_of = judgement.as_of
    QUALIFY row_number() OVER (
        PARTITION BY tool_vote.raw, judgement.citation_id, judgement.said_of, tool_vote.tool, tool_vote.stage, tool_vote.round
        ORDER BY judgement.place DESC
    ) = 1
)
SELECT * FROM final
