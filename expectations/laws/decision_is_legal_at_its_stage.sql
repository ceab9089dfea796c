-- A doubt (maybe) is for title and abstract only; awaiting classification and ongoing are for the full text only.
WITH decisions AS (
    SELECT review, citation_id, stage, raw, decision, 'vote' AS kind FROM staging.vote
    UNION ALL
    SELECT review, citation_id, stage, raw, decision, 'resolution' FROM staging.resolution
    UNION ALL
    SELECT review, citation_id, stage, raw, decision, 'outcome' FROM staging.outcome
    UNION ALL
    SELECT review, citation_id, stage, NULL, decision, 'screening' FROM staging.screening
),
final AS (
    SELECT * FROM decisions
    WHERE (stage = 'full_text' AND decision = 'maybe')
        OR (stage = 'title_abstract' AND decision IN ('awaiting_classification', 'ongoing'))
)
SELECT * FROM final
