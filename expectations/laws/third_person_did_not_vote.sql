-- A conflict that is settled by a third person is not settled by one of those who voted on the records in question.
WITH resolutions AS (
    SELECT review, citation_id, stage, round, raw, record_ids, "by" FROM staging.resolution WHERE how = 'third'
),
votes AS (
    SELECT review, citation_id, stage, round, reviewer, record_ids FROM staging.vote WHERE NOT superseded
),
final AS (  -- a merge can bring together the vote of one and the resolution of the other citation: that is no fault
    SELECT
        resolutions.review, resolutions.citation_id, resolutions.stage, resolutions.round, resolutions.raw,
        count(*) AS votes_of_the_third
    FROM resolutions
    JOIN votes USING (review, citation_id, stage, round)
    WHERE list_contains(resolutions."by", votes.reviewer) AND list_has_any(resolutions.record_ids, votes.record_ids)
    GROUP BY ALL
)
SELECT * FROM final
