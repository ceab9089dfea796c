-- One row per planned step and theme that it is on.
WITH next_step AS (
    SELECT * FROM staging.next_step
),
theme AS (
    SELECT code.code AS theme, code.label, code.position
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'theme'
),
about AS (
    SELECT *, unnest(themes) AS theme FROM next_step
),
final AS (
    SELECT
        $review AS review, about.step_id, about.theme, theme.label, about.kind, about.title, about.description, about.url,
        about.state,
        row_number() OVER (ORDER BY theme.position, about.theme, about.kind DESC, about.step_id) AS position
    FROM about
    JOIN theme USING (theme)  -- n:1
)
SELECT * FROM final
