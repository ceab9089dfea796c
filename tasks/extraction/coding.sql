-- Every code that was ever given, brought to the citations of today. Where one file coded two papers that are one today, what
-- it says of both alike is one row.
WITH said AS (
    SELECT * FROM staging.said
),
coding_set AS (
    SELECT * FROM staging.coding_set
),
final AS (
    SELECT
        said.* EXCLUDE (given_dimension, given_code, answer, coded_again)
            REPLACE (coding_set.study_id AS citation_id, said.given_dimension AS dimension, said.given_code AS code),
        said.dimension AS present_dimension, said.code AS present_code, coding_set.superseded
    FROM said
    JOIN coding_set
        ON coding_set.raw = said.raw AND coding_set.shown_as = said.citation_id
        AND coding_set.reviewer = said.reviewer AND coding_set.role = said.role
    QUALIFY row_number() OVER (
        PARTITION BY said.raw, coding_set.study_id, said.reviewer, said.role, said."group", said.given_dimension, said.given_code
        ORDER BY coding_set.superseded, said.citation_id
    ) = 1
)
SELECT * FROM final
