-- What was said on dimensions that two people judge of every study. A coder's form asks for them, so a coder is an appraiser, too, and who
-- reconciled two codings in which they stood has reconciled them. A verifier saw the coder's judgement and made none alone.
WITH said AS (
    SELECT * FROM staging.said WHERE appraised AND role <> 'verifier'
),
final AS (
    SELECT
        * REPLACE (
            CASE role WHEN 'coder' THEN 'appraiser' WHEN 'reconciler' THEN 'appraisal_reconciler' ELSE role END AS role,
            0 AS "group"
        ),
        role AS given_role
    FROM said
)
SELECT * FROM final
