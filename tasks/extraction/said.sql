-- Every code that was ever given, in the words of today's codebook. `again`: the coding has to be made again.
WITH coding AS (
    SELECT * FROM log.coding
),
translation AS (
    SELECT * FROM staging.translation
),
final AS (
    SELECT
        coding.* REPLACE (translation.new_dimension AS dimension, translation.new_code AS code),
        translation.again
    FROM coding
    JOIN translation USING (codebook, dimension, code)  -- n:1
)
SELECT * FROM final
