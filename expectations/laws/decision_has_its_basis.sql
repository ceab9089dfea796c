-- A decision by votes, resolution or outcome rests on a vote, resolution or outcome that is kept; one of a tool on the tool's
-- vote, which alone decides nothing but exclusions.
WITH screening AS (
    SELECT review, citation_id, stage, round, decision, basis FROM staging.screening WHERE state = 'decided'
),
votes AS (
    SELECT DISTINCT review, citation_id, stage, round FROM staging.vote WHERE NOT superseded
),
tool_votes AS (
    SELECT DISTINCT review, citation_id, stage, round FROM staging.tool_vote WHERE NOT superseded
),
resolutions AS (
    SELECT DISTINCT review, citation_id, stage, round FROM staging.resolution
),
outcomes AS (  -- whose full text is decided has passed the title and abstract
    SELECT review, citation_id, stage FROM staging.outcome
    UNION
    SELECT review, citation_id, 'title_abstract' FROM staging.outcome WHERE stage = 'full_text'
),
final AS (
    (
        SELECT screening.* FROM screening
        ANTI JOIN votes USING (review, citation_id, stage, round) WHERE basis IN ('votes', 'votes_and_tool')
    )
    UNION ALL
    (
        SELECT screening.* FROM screening
        ANTI JOIN tool_votes USING (review, citation_id, stage, round) WHERE basis IN ('votes_and_tool', 'tool')
    )
    UNION ALL
    (
        SELECT screening.* FROM screening WHERE basis = 'tool' AND decision <> 'exclude'
    )
    UNION ALL
    (
        SELECT screening.* FROM screening
        ANTI JOIN resolutions USING (review, citation_id, stage, round) WHERE basis = 'resolution'
    )
    UNION ALL
    (
        SELECT screening.* FROM screening
        ANTI JOIN outcomes USING (review, citation_id, stage) WHERE basis = 'outcome'
    )
)
SELECT * FROM final
