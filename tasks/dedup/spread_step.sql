-- One step of label propagation: each record takes the lowest group among its own, its neighbours' and its group's own. Repeated until
-- `changed` is 0; the group is then called by its lowest number, its founder.
CREATE OR REPLACE TABLE next_membership AS
WITH neighbour AS (
    SELECT a AS n, b AS other FROM link
    UNION ALL
    SELECT b, a FROM link
),
seen AS (
    SELECT neighbour.n, min(membership.founder) AS founder
    FROM neighbour
    JOIN membership ON membership.n = neighbour.other  -- n:1
    GROUP BY neighbour.n
)
SELECT
    membership.n,
    least(membership.founder, coalesce(seen.founder, membership.founder), above.founder) AS founder
FROM membership
JOIN membership AS above ON above.n = membership.founder  -- n:1
LEFT JOIN seen ON seen.n = membership.n;  -- 1:1

SELECT count(*) AS changed
FROM next_membership
JOIN membership USING (n)  -- 1:1
WHERE next_membership.founder <> membership.founder;
