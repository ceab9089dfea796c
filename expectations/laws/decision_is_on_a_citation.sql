-- Every vote, resolution and outcome is about a citation that is here: decisions follow their records.
WITH decisions AS (
    SELECT review, citation_id, stage, raw, 'vote' AS kind FROM staging.vote
    UNION ALL
    SELECT review, citation_id, stage, raw, 'resolution' FROM staging.resolution
    UNION ALL
    SELECT review, citation_id, stage, raw, 'outcome' FROM staging.outcome
    UNION ALL
    SELECT review, citation_id, stage, NULL, 'screening' FROM staging.screening
),
citations AS (
    SELECT review, citation_id FROM staging.citation
),
final AS (
    SELECT decisions.* FROM decisions ANTI JOIN citations USING (review, citation_id)
)
SELECT * FROM final
