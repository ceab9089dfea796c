-- The keys that records lose and gain, and how many records each of these keys has before and now.
CREATE OR REPLACE TABLE key_lost AS
WITH losing AS (
    SELECT n FROM leaving
    UNION
    SELECT n FROM absorbed
)
SELECT key.n, key.key
FROM kept.key AS key
SEMI JOIN losing USING (n)
UNION
SELECT key.n, key.key
FROM kept.key AS key
SEMI JOIN (SELECT n, key FROM turned WHERE container_doi) AS to_container USING (n, key);

CREATE OR REPLACE TABLE key_gained AS
SELECT n, key FROM key
UNION
SELECT n, key
FROM turned
ANTI JOIN absorbed USING (n)
ANTI JOIN kept.identical AS identical ON identical.b = turned.n
WHERE NOT container_doi;

CREATE OR REPLACE TABLE touched AS
WITH change AS (
    SELECT key, 1 AS gain FROM key_gained
    UNION ALL
    SELECT key, -1 FROM key_lost
),
changed AS (
    SELECT key, sum(gain) AS gain
    FROM change
    GROUP BY key
),
before AS (
    SELECT key, count(*) AS records
    FROM kept.key
    SEMI JOIN changed USING (key)
    GROUP BY key
)
SELECT key, coalesce(records, 0) AS before, coalesce(records, 0) + gain AS now
FROM changed
LEFT JOIN before USING (key);  -- 1:1

CREATE OR REPLACE VIEW key_now AS
SELECT n, key
FROM kept.key
ANTI JOIN key_lost USING (n, key)
UNION ALL
SELECT n, key FROM key_gained;
