-- Only a citation that was included by title and abstract is screened at full text.
WITH full_text AS (
    SELECT review, citation_id, state FROM staging.screening WHERE stage = 'full_text'
),
title_abstract AS (
    SELECT review, citation_id, state, decision FROM staging.screening WHERE stage = 'title_abstract'
),
final AS (  -- one row per citation
    SELECT full_text.*, title_abstract.state AS title_abstract_state, title_abstract.decision AS title_abstract_decision
    FROM full_text
    LEFT JOIN title_abstract USING (review, citation_id)
    WHERE title_abstract.state IS DISTINCT FROM 'decided' OR title_abstract.decision IS DISTINCT FROM 'include'
)
SELECT * FROM final
