-- A decided screening says what was decided and on what it rests; an undecided one says neither.
WITH screening AS (
    SELECT review, citation_id, stage, state, decision, basis FROM staging.screening
),
final AS (
    SELECT * FROM screening
    WHERE (state = 'decided') <> (decision IS NOT NULL) OR (state = 'decided') <> (basis IS NOT NULL)
)
SELECT * FROM final
