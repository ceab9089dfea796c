-- What is out before screening is so by somebody's word, and nobody has voted on it.
WITH removal AS (
    SELECT review, citation_id, decision FROM staging.removal
),
funnel AS (
    SELECT review, citation_id, position FROM staging.funnel WHERE position IN ('automation', 'removed_other')
),
voted AS (
    SELECT DISTINCT review, citation_id FROM staging.vote
),
final AS (  -- one row per citation
    SELECT review, citation_id, removal.decision, funnel.position, voted.citation_id IS NOT NULL AS voted_on
    FROM removal
    FULL JOIN funnel USING (review, citation_id)
    LEFT JOIN voted USING (review, citation_id)
    WHERE voted_on OR CASE WHEN removal.decision IN ('other', 'withdrawn') THEN 'removed_other' ELSE removal.decision END
        IS DISTINCT FROM funnel.position
)
SELECT * FROM final
