-- Every code that was ever given, brought to the citations of today. Where one file coded two papers that are one today, what
-- it says of both alike is one row.
WITH coding AS (
    SELECT * FROM log.coding
),
coding_set AS (
    SELECT * FROM staging.coding_set
),
translation AS (
    SELECT * FROM staging.translation
),
final AS (
    SELECT
        coding.* REPLACE (coding_set.study_id AS citation_id),
        translation.new_dimension AS present_dimension, translation.new_code AS present_code, coding_set.superseded
    FROM coding
    JOIN translation USING (codebook, dimension, code)
    JOIN coding_set
        ON coding_set.raw = coding.raw AND coding_set.shown_as = coding.citation_id
        AND coding_set.reviewer = coding.reviewer AND coding_set.role = coding.role
    QUALIFY row_number() OVER (
        PARTITION BY coding.raw, coding_set.study_id, coding.reviewer, coding.role, coding."group", coding.dimension, coding.code
        ORDER BY coding_set.superseded, coding.citation_id
    ) = 1
)
SELECT * FROM final
