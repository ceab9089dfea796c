-- Every code that was ever given (`given_*`), in the words of today's codebook. `answer` has what the coder wrote beside the code
-- (`other: housing first`). `again`: the coding has to be made again. `appraised`: of a dimension that two people judge of every study;
-- `coded_again`: what is coded beside it has to be made again.
-- "Not reported" says nothing beside a code of the same dimension: one of several that were given may have become it, or the dimension
-- is no longer coded by group, and another group has a code (`place` is where a code is of by today's codebook).
-- A wider code says nothing beside one that is within it, unless words were written to it: it stands for nothing, like one that is no longer asked.
WITH coding AS (
    SELECT * FROM log.coding
),
translation AS (
    SELECT * FROM staging.translation
),
whole AS (
    SELECT dimension AS new_dimension, 0 AS place FROM staging.dimension WHERE NOT grouped
),
present AS (
    SELECT
        coding.*, translation.new_dimension, translation.new_code, translation.new_answer AS answer, translation.again, translation.appraised,
        translation.coded_again,
        coalesce(whole.place, coding."group") AS place
    FROM coding
    JOIN translation USING (codebook, dimension, code)  -- n:1
    LEFT JOIN whole USING (new_dimension)  -- n:1
),
beside AS (
    SELECT DISTINCT
        present.raw, present.citation_id, present.reviewer, present.role, present.place, present.new_dimension,
        wider.wider AS new_code, true AS said_by_another
    FROM present
    JOIN staging.wider AS wider ON wider.dimension = present.new_dimension AND wider.code = present.new_code
    UNION
    SELECT
        present.raw, present.citation_id, present.reviewer, present.role, present.place, present.new_dimension,
        'not reported', true
    FROM present
    WHERE present.new_code <> 'not reported'
),
final AS (
    SELECT
        present.* EXCLUDE (new_dimension, new_code, place) REPLACE (
            if(beside.said_by_another AND present.answer = present.new_code, NULL, present.new_dimension) AS dimension,
            if(beside.said_by_another AND present.answer = present.new_code, NULL, present.new_code) AS code
        ),
        present.dimension AS given_dimension,
        present.code AS given_code
    FROM present
    LEFT JOIN beside USING (raw, citation_id, reviewer, role, place, new_dimension, new_code)  -- n:1
)
SELECT * FROM final
