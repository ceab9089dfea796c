-- The pairs that a person should look at: of each two citations that may be one paper the likeliest pair of records, and of these the
-- likeliest, so many per $records_per_unsure records that a team gets through them.
CREATE OR REPLACE TABLE band AS
WITH pair AS (
    SELECT decision.a, decision.b, decision.outcome, decision.score, trait.review,
        least(one.founder, other.founder) AS one, greatest(one.founder, other.founder) AS other
    FROM decision
    JOIN trait ON trait.n = decision.a  -- n:1
    JOIN membership AS one ON one.n = decision.a  -- n:1
    JOIN membership AS other ON other.n = decision.b  -- n:1
    -- a link that gave way to a stronger one is a question too
    WHERE one.founder <> other.founder AND decision.outcome <> 'different' AND decision.score >= $unsure_score
),
answered AS (
    SELECT DISTINCT least(one.founder, other.founder) AS one, greatest(one.founder, other.founder) AS other
    FROM person
    JOIN membership AS one ON one.n = person.a  -- n:1
    JOIN membership AS other ON other.n = person.b  -- n:1
    WHERE person.verdict = 'apart'
),
likeliest AS (
    SELECT pair.*
    FROM pair
    ANTI JOIN answered USING (one, other)
    QUALIFY row_number() OVER (PARTITION BY one, other ORDER BY score DESC, a, b) = 1
),
size AS (
    SELECT review, count(*) AS records FROM trait GROUP BY review
),
ranked AS (
    SELECT likeliest.*, size.records, row_number() OVER (PARTITION BY review ORDER BY score DESC, a, b) AS place
    FROM likeliest
    JOIN size USING (review)  -- n:1
)
SELECT a, b, place
FROM ranked
WHERE place <= greatest(1, records // $records_per_unsure);
