-- The codings (or, $appraised, the appraisals) of some studies, code by code, and whether each still stands.
WITH coding AS (
    SELECT *, role AS given_role FROM staging.said WHERE dimension IS NOT NULL AND NOT $appraised::BOOLEAN
    UNION ALL BY NAME
    SELECT * FROM staging.appraised WHERE dimension IS NOT NULL AND $appraised::BOOLEAN
),
coding_set AS (
    SELECT * FROM staging.coding_set WHERE role = 'coder' AND NOT $appraised::BOOLEAN
    UNION ALL
    SELECT * FROM staging.appraisal_set WHERE role = 'appraiser' AND $appraised::BOOLEAN
),
wanted AS (
    SELECT unnest($studies::VARCHAR[]) AS study_id
),
final AS (
    SELECT
        coding_set.study_id, coding.citation_id AS shown_as, coding.raw, coding.reviewer, coding_set.superseded, coding_set.again, coding."group",
        coding.given_role,
        coding.dimension, coding.answer AS code, coalesce(coding.quote, '') AS quote, coalesce(coding.page, '') AS page
    FROM wanted
    JOIN coding_set USING (study_id)
    JOIN coding
        ON coding.raw = coding_set.raw AND coding.citation_id = coding_set.shown_as
        AND coding.reviewer = coding_set.reviewer AND coding.role = coding_set.role
)
SELECT * FROM final ORDER BY study_id, reviewer, raw, shown_as, "group", dimension, code
