-- Settled says reconciled or verified, and nothing else.
WITH studies AS (
    SELECT review, study_id, state, settled FROM staging.study_extraction
),
final AS (
    SELECT * FROM studies WHERE settled <> (state IN ('reconciled', 'verified'))
)
SELECT * FROM final
