-- A study is on the map when its coding is reconciled or verified, or it is ongoing; an ongoing study is a kind of its
-- own.
WITH studies AS (
    SELECT review, study_id, kind, state, mapped FROM marts.study
),
final AS (
    SELECT * FROM studies
    WHERE mapped <> (state IN ('reconciled', 'verified', 'ongoing'))
        OR (state = 'ongoing') <> (kind IS NOT DISTINCT FROM 'ongoing')
)
SELECT * FROM final
