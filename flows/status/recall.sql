-- What the live release says of screening by rank, as long as papers await it.
WITH model AS (SELECT ranked, unranked FROM staging.ranking_model WHERE ranked > 0),
recall AS (SELECT * FROM staging.recall),

said AS (
    SELECT
        1 AS place, 'await screening, ' || coalesce('in the order in which they came in, as ' || unranked, 'ranked') AS what,
        format('{:,}', ranked) AS told
    FROM model
    UNION ALL
    SELECT 2, 'decided of those sent by rank, up to the first that is open', format('{:,}', in_order) FROM recall
    UNION ALL
    SELECT
        3, format('p of the hypothesis that less than {:g} % of the relevant papers are found', 100 * target),
        coalesce(if(p < 0.001, 'below 0.001', format('{:.3f}', p)), 'not told: ' || undefined)
    FROM recall
    UNION ALL
    SELECT 4, 'share of them that is found, at 95 % confidence', format('at least {:.0f} %', 100 * at_least)
    FROM recall WHERE at_least IS NOT NULL
),
final AS (SELECT what, told, place FROM said WHERE EXISTS (SELECT 1 FROM model))
SELECT what, told FROM final ORDER BY place
