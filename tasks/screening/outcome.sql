-- Imported decisions under the citations of today.
WITH outcome AS (SELECT * FROM log.outcome),
judgement AS (SELECT * FROM judgement WHERE kind = 'outcome'),
final AS (
    SELECT outcome.* REPLACE (judgement.citation_id AS citation_id), judgement.said_of
    FROM outcome JOIN judgement  -- one to as many citations as its records are in today
        ON outcome.raw = judgement.raw AND outcome.citation_id = judgement.said_of
        AND outcome.stage = judgement.stage AND outcome.as_of = judgement.as_of
    QUALIFY row_number() OVER (
        PARTITION BY outcome.raw, judgement.citation_id, judgement.said_of, outcome.stage ORDER BY judgement.place DESC
    ) = 1
)
SELECT * FROM final
