-- A release carries no check that failed and should have stopped it.
WITH checks AS (
    SELECT review, check_id, severity, passed, failing FROM meta.quality_check
),
final AS (
    SELECT * FROM checks WHERE (severity = 'stop' AND NOT passed) OR (passed AND failing <> 0)
)
SELECT * FROM final
