-- Which pairs of before are decided no more, and which pairs are to be compared: the same that a run over all records would have, less
-- those that are decided already.
CREATE OR REPLACE TABLE changed AS
SELECT n FROM leaving
UNION
SELECT n FROM absorbed
UNION
SELECT n FROM turned;

CREATE OR REPLACE TABLE doubtful AS
WITH
-- a key that has become too common may have been all that brought two records together
crowded AS (
    SELECT key.n, key.key
    FROM kept.key AS key
    SEMI JOIN (SELECT key FROM touched WHERE before BETWEEN 2 AND $block_cap AND now > $block_cap) AS grown USING (key)
),
crowd AS (
    SELECT DISTINCT one.n AS a, other.n AS b
    FROM crowded AS one
    JOIN crowded AS other ON one.key = other.key AND one.n < other.n
)
SELECT decision.a, decision.b
FROM kept.decision AS decision
WHERE decision.a IN (SELECT n FROM changed) OR decision.b IN (SELECT n FROM changed)
UNION
SELECT decision.a, decision.b
FROM kept.decision AS decision
SEMI JOIN crowd USING (a, b);

CREATE OR REPLACE TABLE borne_out AS
WITH asked AS (
    SELECT a AS n FROM doubtful
    UNION
    SELECT b FROM doubtful
),
theirs AS (
    SELECT n, key FROM key_now SEMI JOIN asked USING (n)
),
usable AS (
    SELECT key
    FROM key_now
    SEMI JOIN theirs USING (key)
    GROUP BY key
    HAVING count(*) BETWEEN 2 AND $block_cap
)
SELECT DISTINCT doubtful.a, doubtful.b
FROM doubtful
JOIN theirs AS one ON one.n = doubtful.a
JOIN theirs AS other ON other.n = doubtful.b AND other.key = one.key
SEMI JOIN usable ON usable.key = one.key;

-- a pair of a changed record is compared anew; one that only lost a key and has others is as it was
CREATE OR REPLACE TABLE undecided AS
SELECT doubtful.a, doubtful.b
FROM doubtful
ANTI JOIN (
    SELECT a, b
    FROM borne_out
    ANTI JOIN changed AS one ON one.n = borne_out.a
    ANTI JOIN changed AS other ON other.n = borne_out.b
) AS as_it_was USING (a, b);

CREATE OR REPLACE TABLE candidate AS
WITH member AS (
    SELECT key_now.n, key_now.key
    FROM key_now
    SEMI JOIN (SELECT key FROM touched WHERE now BETWEEN 2 AND $block_cap) AS usable USING (key)
),
pair AS (
    SELECT one.n AS a, other.n AS b
    FROM member AS one
    JOIN member AS other ON one.key = other.key AND one.n < other.n
    UNION
    SELECT a, b FROM borne_out
)
SELECT pair.a, pair.b
FROM pair
ANTI JOIN (SELECT a, b FROM kept.decision ANTI JOIN undecided USING (a, b)) AS decided USING (a, b);
