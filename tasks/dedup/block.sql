-- Which pairs are compared: those that share a key. A key of more than $block_cap records is too common to say anything.
CREATE OR REPLACE TABLE candidate AS
WITH usable AS (
    SELECT key
    FROM key
    GROUP BY key
    HAVING count(*) BETWEEN 2 AND $block_cap
),
member AS (
    SELECT key.n, key.key
    FROM key
    JOIN usable USING (key)  -- n:1
)
SELECT DISTINCT one.n AS a, other.n AS b
FROM member AS one
JOIN member AS other ON one.key = other.key AND one.n < other.n;
