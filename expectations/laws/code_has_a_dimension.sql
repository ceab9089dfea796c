-- Every code, axis and reason that the release joins on is of a dimension that it has.
WITH dimensions AS (
    SELECT review, dimension FROM staging.dimension
),
named AS (
    SELECT review, dimension, code AS used_by FROM staging.code
    UNION ALL
    SELECT review, dimension, view || ', axis ' || axis FROM staging.map_axis
),
final AS (
    SELECT named.* FROM named ANTI JOIN dimensions USING (review, dimension)
)
SELECT * FROM final
