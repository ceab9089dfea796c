-- Citations that are out before screening. Who screened one all the same has said more than a tool: the removal then does not count.
WITH removed AS (SELECT * FROM removed),
screening AS (SELECT review, citation_id, state FROM staging.screening WHERE stage = 'title_abstract'),
final AS (
    SELECT screening.review, removed.citation_id, removed.decision, removed.tool, removed."by", removed.note
    FROM removed JOIN screening USING (citation_id)  -- one to one
    WHERE screening.state = 'removed'
)
SELECT * FROM final
