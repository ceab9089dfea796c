-- What was taken out before anybody screened it, and stands so: the latest word of each citation, unless that is to keep it. A
-- withdrawal holds until somebody keeps the paper, whatever a tool says of it later.
CREATE OR REPLACE TEMP TABLE removed AS
WITH judgement AS (
    SELECT *, coalesce(max(place) FILTER (decision = 'keep') OVER (PARTITION BY citation_id), -1) AS kept
    FROM judgement WHERE kind = 'removal'
),
-- a file that was read twice says nothing twice
removal AS (
    SELECT raw, citation_id AS said_of, tool, "by", note FROM log.removal
    QUALIFY row_number() OVER (PARTITION BY raw, citation_id ORDER BY as_of DESC) = 1
),
latest AS (
    SELECT judgement.citation_id, judgement.raw, judgement.said_of, judgement.decision, judgement.decided_on, judgement.as_of
    FROM judgement
    QUALIFY row_number() OVER (PARTITION BY citation_id ORDER BY (decision = 'withdrawn' AND place > kept) DESC, place DESC) = 1
),
final AS (
    SELECT latest.*, removal.tool, removal."by", removal.note
    FROM latest JOIN removal USING (raw, said_of)  -- one to one
    WHERE latest.decision <> 'keep'
)
SELECT * FROM final
