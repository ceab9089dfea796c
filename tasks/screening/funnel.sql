-- The one place of each citation in the PRISMA diagram.
WITH citation AS (SELECT review, citation_id, arm FROM staging.citation),
title_abstract AS (SELECT * FROM staging.screening WHERE stage = 'title_abstract'),
full_text AS (SELECT * FROM staging.screening WHERE stage = 'full_text'),
retrieved AS (SELECT * FROM retrieved),
removal AS (SELECT citation_id, decision FROM staging.removal),
final AS (
    SELECT
        citation.review, citation.citation_id, citation.arm,
        CASE
            WHEN title_abstract.state = 'removed' THEN if(removal.decision = 'automation', 'automation', 'removed_other')
            WHEN title_abstract.state <> 'decided' THEN 'awaiting_screening'
            WHEN title_abstract.decision = 'exclude' THEN 'excluded'
            WHEN retrieved.status = 'not_retrieved' THEN 'not_retrieved'
            WHEN full_text.citation_id IS NULL THEN 'awaiting_retrieval'
            WHEN full_text.state <> 'decided' THEN 'awaiting_decision'
            WHEN full_text.decision = 'exclude' THEN 'report_excluded'
            WHEN full_text.decision = 'include' THEN 'included'
            ELSE full_text.decision
        END AS position,
        full_text.reason
    FROM citation
        JOIN title_abstract USING (citation_id)  -- one to one
        LEFT JOIN full_text USING (citation_id)  -- one to one
        LEFT JOIN retrieved USING (citation_id)  -- one to one
        LEFT JOIN removal USING (citation_id)  -- one to one
)
SELECT * FROM final
