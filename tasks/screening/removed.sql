-- What was taken out before anybody screened it, and stands so: the latest word of each citation, unless that is to keep it.
CREATE OR REPLACE TEMP TABLE removed AS
WITH judgement AS (SELECT * FROM judgement WHERE kind = 'removal' AND NOT superseded),
-- a file that was read twice says nothing twice
removal AS (
    SELECT raw, citation_id AS said_of, tool, "by", note FROM log.removal
    QUALIFY row_number() OVER (PARTITION BY raw, citation_id ORDER BY as_of DESC) = 1
),
latest AS (
    SELECT judgement.citation_id, judgement.raw, judgement.said_of, judgement.decision, judgement.decided_on, judgement.as_of
    FROM judgement
    QUALIFY row_number() OVER (PARTITION BY citation_id ORDER BY place DESC) = 1
),
final AS (
    SELECT latest.*, removal.tool, removal."by", removal.note
    FROM latest JOIN removal USING (raw, said_of)  -- one to one
    WHERE latest.decision <> 'keep'
)
SELECT * FROM final
