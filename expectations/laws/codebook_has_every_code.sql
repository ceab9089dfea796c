-- The codebook has a row for each dimension and each code of the frame, and no other.
WITH frame AS (
    SELECT review, dimension, '' AS code FROM staging.dimension
    UNION ALL
    SELECT review, dimension, code FROM staging.code
),
told AS (
    SELECT review, dimension, code, true AS in_the_codebook FROM marts.codebook
),
final AS (
    SELECT review, dimension, code, coalesce(told.in_the_codebook, false) AS in_the_codebook
    FROM (SELECT *, true AS in_the_frame FROM frame) AS frame
    FULL JOIN told USING (review, dimension, code)  -- 1:1
    WHERE frame.in_the_frame IS NULL OR told.in_the_codebook IS NULL
)
SELECT * FROM final
