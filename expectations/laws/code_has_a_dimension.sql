-- Every code, axis and combination of codes that the release joins on is of a dimension that it has.
WITH dimensions AS (
    SELECT review, dimension FROM staging.dimension
),
named AS (
    SELECT review, dimension, code AS used_by FROM staging.code
    UNION ALL
    SELECT review, dimension, view || ', axis ' || axis FROM staging.map_axis
    UNION ALL
    SELECT review, dimension, 'not applicable, ' || combination FROM staging.not_applicable
),
final AS (
    SELECT named.* FROM named ANTI JOIN dimensions USING (review, dimension)
)
SELECT * FROM final
