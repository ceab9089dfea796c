-- Nobody's vote counts twice in a round. Only contradictory votes on papers that were merged since stand side by side, as a
-- conflict.
WITH votes AS (
    SELECT review, citation_id, stage, round, reviewer, raw, said_of, record_ids, decision, reason
    FROM staging.vote
    WHERE NOT superseded
),
final AS (  -- the reviewer stays unnamed: the files say who it is to those who may know
    SELECT one.review, one.citation_id, one.stage, one.round, one.raw, other.raw AS other_raw
    FROM votes AS one
    JOIN votes AS other USING (review, citation_id, stage, round, reviewer)
    WHERE (one.raw, one.said_of) < (other.raw, other.said_of)  -- what the key tells one person's votes on a citation apart by
        AND (
            list_has_any(one.record_ids, other.record_ids)
            OR (one.decision, one.reason) IS NOT DISTINCT FROM (other.decision, other.reason)
        )
)
SELECT * FROM final
