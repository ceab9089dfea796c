-- Settled conflicts under the citations of today.
WITH resolution AS (SELECT * FROM log.resolution),
judgement AS (SELECT * FROM judgement WHERE kind = 'resolution'),
final AS (
    SELECT resolution.* REPLACE (judgement.citation_id AS citation_id), judgement.said_of
    FROM resolution JOIN judgement  -- one to as many citations as its records are in today
        ON resolution.raw = judgement.raw AND resolution.citation_id = judgement.said_of
        AND resolution.stage = judgement.stage AND resolution.round = judgement.round AND resolution.as_of = judgement.as_of
    QUALIFY row_number() OVER (
        PARTITION BY resolution.raw, judgement.citation_id, judgement.said_of, resolution.stage, resolution.round
        ORDER BY judgement.place DESC
    ) = 1
)
SELECT * FROM final
