-- Each planned step is on each of its themes once.
WITH planned AS (
    SELECT review, step_id, unnest(themes) AS theme FROM staging.next_step
),
shown AS (
    SELECT review, step_id, theme FROM marts.next_step
),
final AS (
    SELECT * FROM planned ANTI JOIN shown USING (review, step_id, theme)
    UNION ALL
    SELECT * FROM shown ANTI JOIN planned USING (review, step_id, theme)
)
SELECT * FROM final
