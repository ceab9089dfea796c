-- Readiness is told of every theme, from the number of its studies and the protocol's minimum.
WITH themes AS (
    SELECT review, theme, all_kinds FROM marts.theme
),
readiness AS (
    SELECT review, theme, studies, minimum, ready FROM marts.synthesis_readiness
),
final AS (  -- one row per theme
    SELECT review, theme, readiness.studies, themes.all_kinds, readiness.minimum, readiness.ready
    FROM themes
    FULL JOIN readiness USING (review, theme)
    WHERE readiness.studies IS DISTINCT FROM themes.all_kinds OR readiness.ready <> (readiness.studies >= readiness.minimum)
)
SELECT * FROM final
