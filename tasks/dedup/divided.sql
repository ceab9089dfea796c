-- The links of each group that holds two records that must stay apart, strongest first. Few groups are.
WITH divided AS (
    SELECT DISTINCT one.founder
    FROM barrier
    JOIN membership AS one ON one.n = barrier.a  -- n:1
    JOIN membership AS other ON other.n = barrier.b  -- n:1
    WHERE one.founder = other.founder
)
SELECT link.a, link.b, link.force
FROM link
JOIN membership ON membership.n = link.a  -- n:1
JOIN divided USING (founder)  -- n:1
ORDER BY link.force DESC, link.a, link.b;
