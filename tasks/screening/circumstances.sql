-- The circumstances that rows of staging.known are in, in the order of their numbers, which run on from 0.
WITH known AS (SELECT * FROM staging.known),

final AS (
    SELECT DISTINCT
        circumstances, task, reviewer, round_sent, round_title_abstract, round_full_text, voters_title_abstract, voters_full_text,
        with_tool, asked_title_abstract, asked_full_text
    FROM known
)
SELECT * FROM final ORDER BY circumstances
