-- Every exclusion at full text has a reason, and one that the protocol lists. Only an imported list may lack it, and what was
-- withdrawn needs none of the protocol's.
WITH excluded AS (
    SELECT review, citation_id, reason, basis FROM staging.screening WHERE stage = 'full_text' AND decision = 'exclude'
),
reasons AS (
    SELECT review, reason FROM staging.reason
),
final AS (
    SELECT excluded.*
    FROM excluded
    ANTI
    JOIN reasons USING (review, reason)
    WHERE (excluded.basis <> 'outcome' OR excluded.reason IS NOT NULL)
        AND (excluded.basis <> 'withdrawal' OR excluded.reason IS DISTINCT FROM 'withdrawn')
)
SELECT * FROM final
