-- The records that nothing joins to another.
INSERT INTO membership
SELECT n, n AS founder
FROM trait
ANTI JOIN membership USING (n);
