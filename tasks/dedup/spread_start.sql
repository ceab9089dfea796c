-- Every record that is joined to another starts as a group of its own, called by its number.
CREATE OR REPLACE TABLE membership AS
WITH linked AS (
    SELECT a AS n FROM link
    UNION
    SELECT b FROM link
)
SELECT n, n AS founder
FROM linked;
