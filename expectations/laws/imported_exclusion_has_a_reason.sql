-- A list of full texts excluded elsewhere that gives no reasons leaves a hole in the PRISMA diagram.
WITH screening AS (
    SELECT review, citation_id, stage, decision, reason, basis FROM staging.screening
),
final AS (
    SELECT review, citation_id FROM screening
    WHERE stage = 'full_text' AND decision = 'exclude' AND basis = 'outcome' AND reason IS NULL
)
SELECT * FROM final
