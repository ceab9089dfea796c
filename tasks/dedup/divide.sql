-- The groups of the records $ns become those of $founders.
CREATE OR REPLACE TABLE membership AS
WITH divided AS (
    SELECT unnest($ns::BIGINT[]) AS n, unnest($founders::BIGINT[]) AS founder
)
SELECT membership.n, coalesce(divided.founder, membership.founder) AS founder
FROM membership
LEFT JOIN divided USING (n);  -- 1:1
