-- A dimension that is not coded by group is coded for the study as a whole, in group 0.
WITH codings AS (
    SELECT review, study_id, "group", dimension, code FROM staging.study_coding
),
dimensions AS (
    SELECT review, dimension FROM staging.dimension WHERE NOT grouped
),
final AS (
    SELECT codings.* FROM codings SEMI JOIN dimensions USING (review, dimension) WHERE codings."group" <> 0
)
SELECT * FROM final
