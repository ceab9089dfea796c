-- A decision by votes, resolution or outcome rests on a vote, resolution or outcome that is kept.
WITH screening AS (
    SELECT review, citation_id, stage, round, decision, basis FROM staging.screening WHERE state = 'decided'
),
votes AS (
    SELECT DISTINCT review, citation_id, stage, round FROM staging.vote WHERE NOT superseded
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
        ANTI JOIN votes USING (review, citation_id, stage, round) WHERE basis = 'votes'
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
