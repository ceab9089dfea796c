-- Every record starts as a group of its own, called by its number.
CREATE OR REPLACE TABLE membership AS
SELECT n, n AS founder
FROM trait;
